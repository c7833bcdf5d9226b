/**
 * A point of the plane on its way through the network: in each unit's square where the point is, and what the unit says
 * there, as its frame's colour and, where there is room, as a number.
 */
import { element } from '../../../kit/dom.js';
import { tableColor } from '../../../kit/palette.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { formatShort } from '../../../kit/text.js';
import { mapTables } from '../../../network/unit_map.js';

const FRAME = 2.5;
/** Squares smaller than this have no room for a number, or for the point. */
const LEAST_FOR_NUMBER = 28;
const LEAST_FOR_POINT = 16;
const FONT_SHARE = 0.27;
const FONTS = [9, 13];
/** Beside a unit z and a are written this high, or as high as there is room, down to the least; between layers both take so many times that. */
const BESIDE = { font: 12, least: 10, gap: 4, widths: 7 };

/** Two digits after the point are enough. */
const short = (value) => (Number.isFinite(value) ? formatShort(Number(value.toFixed(2))) : '–');

export class UnitReading {
  #run = null;
  #shape = null;
  #theme = null;
  #layout = null;
  #tables = null;
  #isDrawn = false;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.canvas = element('canvas', { class: 'nn-diagram-canvas nn-diagram-reading', 'aria-hidden': 'true', hidden: true });
    host.append(this.canvas);
  }

  setRun(run, shape) {
    this.#run = run;
    this.#shape = shape;
    this.#makeTables();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#makeTables();
  }

  /** @param {import('./layout.js').Layout} layout */
  setLayout(layout) {
    this.#layout = layout;
  }

  /** @param {import('../../pictures/point_through.js').Point|null} point @param {import('../../pictures/pictures.js').Drawn|null} frame */
  show(point, frame) {
    const isShown = Boolean(point && frame && this.#layout && this.#tables);
    if (!isShown && !this.#isDrawn) return;
    this.#isDrawn = isShown;
    this.canvas.hidden = !isShown;
    if (isShown) this.#paint(point, frame);
  }

  #makeTables() {
    this.#tables = this.#shape && this.#theme ? mapTables(this.#run.info, this.#shape, this.#theme.dark) : null;
  }

  #paint({ place, pinned, inputs, layers, sums, outputs }, frame) {
    const context = this.#clear();
    const { xs, ys, size } = this.#layout;
    const values = [inputs, ...layers, outputs];
    const beside = pinned ? this.#fontBeside : 0;
    const share = this.#run.info.domain.slice(0, place.length).map(([low, high], axis) => (place[axis] - low) / (high - low));
    xs.forEach((x, layer) =>
      ys[layer].forEach((y, unit) => {
        const value = values[layer][unit];
        const square = { left: x - size / 2, top: y - size / 2, size };
        this.#paintFrame(context, square, this.#color(layer, unit, value, frame));
        if (size >= LEAST_FOR_POINT) this.#paintPoint(context, square, share);
        if (beside >= BESIDE.least) this.#paintBeside(context, beside, square, layer, layer > 0 ? sums[layer - 1][unit] : NaN, value);
        else if (size >= LEAST_FOR_NUMBER) this.#paintNumber(context, square, value);
      }),
    );
  }

  #clear() {
    const { width, height } = this.#layout;
    const scale = pixelRatio();
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    const { canvas } = this;
    if (canvas.width !== across || canvas.height !== down) {
      Object.assign(canvas, { width: across, height: down });
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const context = canvas.getContext('2d');
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  /** The colour that the unit's map has where it says that. */
  #color(layer, unit, value, frame) {
    const shape = this.#shape;
    const [low, high] = this.#run.info.surface_range;
    const scale = layer === 0 ? frame.input_scales[unit] : frame.unit_scales[shape.map(layer, unit)];
    const byte = layer === shape.last ? (255 * (value - low)) / (high - low) : 128 + (127.5 * value) / scale;
    return tableColor(this.#tables(layer, unit), Math.max(0, Math.min(255, Math.round(byte) || 0)));
  }

  #paintFrame(context, { left, top, size }, color) {
    context.lineWidth = FRAME + 1;
    context.strokeStyle = this.#theme.muted;
    context.strokeRect(left - 1, top - 1, size + 2, size + 2);
    context.lineWidth = FRAME;
    context.strokeStyle = color;
    context.strokeRect(left - 1, top - 1, size + 2, size + 2);
  }

  #paintPoint(context, { left, top, size }, [across, up]) {
    if (!(across >= 0 && across <= 1) || up < 0 || up > 1) return;
    context.strokeStyle = this.#theme.text;
    context.lineWidth = 1.2;
    context.beginPath();
    if (up === undefined) {
      context.moveTo(left + across * size, top);
      context.lineTo(left + across * size, top + size);
    } else context.arc(left + across * size, top + (1 - up) * size, 2.2, 0, 2 * Math.PI);
    context.stroke();
  }

  /** How high numbers can be on both sides of each unit. */
  get #fontBeside() {
    const { xs, ys, size } = this.#layout;
    const row = Math.min(...ys.flatMap((column) => column.slice(1).map((y, k) => y - column[k])));
    const gap = Math.min(...xs.slice(1).map((x, k) => x - xs[k] - size));
    return Math.min(BESIDE.font * this.#theme.scale, row - 1, gap / BESIDE.widths);
  }

  /** On the way through: z on the left of a unit, which makes a of it, on the right. Right of an output is its name. */
  #paintBeside(context, font, { left, top, size }, layer, z, a) {
    const isOutput = layer === this.#shape.last;
    const { gap } = BESIDE;
    context.font = `${font}px ${this.#theme.font}`;
    context.textBaseline = 'middle';
    const [middle, right] = [top + size / 2, left + size];
    if (layer > 0) this.#write(context, font, `z ${short(z)}`, left - gap, middle, 'right');
    if (isOutput) this.#write(context, font, short(a), left + size / 2, top + size + font / 2 + 3, 'center');
    else this.#write(context, font, layer > 0 ? `a ${short(a)}` : short(a), right + gap, middle, 'left');
  }

  #write(context, font, text, x, y, align) {
    const width = context.measureText(text).width;
    const start = align === 'right' ? x - width : align === 'center' ? x - width / 2 : x;
    context.globalAlpha = 0.88;
    context.fillStyle = this.#theme.background;
    context.fillRect(start - 2, y - font / 2 - 1, width + 4, font + 2);
    context.globalAlpha = 1;
    context.fillStyle = this.#theme.text;
    context.textAlign = 'left';
    context.fillText(text, start, y);
  }

  #paintNumber(context, { left, top, size }, value) {
    const text = short(value);
    const height = Math.max(FONTS[0], Math.min(FONTS[1], FONT_SHARE * size));
    context.font = `${height}px ${this.#theme.font}`;
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    const width = context.measureText(text).width;
    context.globalAlpha = 0.82;
    context.fillStyle = this.#theme.background;
    context.fillRect(left + size - width - 3, top + size - height - 1, width + 3, height + 1);
    context.globalAlpha = 1;
    context.fillStyle = this.#theme.text;
    context.fillText(text, left + size - 1.5, top + size);
  }
}
