/**
 * The landscape from above: colours by the loss, lines of equal loss, the paths, and where the network is now. A place is
 * chosen with the pointer, or with the arrow keys and Enter.
 */
import { OnePointer } from '../../../kit/one_pointer.js';
import { branchColor } from '../../../kit/palette.js';
import { plotlyText } from '../../../kit/text.js';
import { PlotFrame, chartLayout, mapX, mapY } from '../../../plot/plot_frame.js';
import { SurfacePainter } from '../../../plot/surface_painter.js';
import { colorTable, heightOf, levelsOf, lineAt } from './heights.js';
import { paintPath, paintSpot } from './path_painter.js';

const MARGIN = { left: 48, right: 8, top: 4, bottom: 38 };
/** A pointer that goes farther than so many pixels drags, and chooses nothing. */
const STILL = 4;
/** Steps of the arrow keys across the picture. */
const KEY_STEPS = 40;
const NAME = 'Landscape from above. Arrow keys choose a place, Enter takes the network there';

/** @typedef {import('./heights.js').Scene} Scene */

export class ContourPicture {
  /** @type {Scene|null} */
  #scene = null;
  /** @type {import('../../../kit/theme.js').Theme|null} */
  #theme = null;
  #painter = new SurfacePainter();
  #tables = [colorTable()];
  #ground = document.createElement('canvas');
  #groundKey = '';
  #axes = '';
  /** The place that the pointer, or the keyboard, is at. @type {any} */
  #place = null;
  #isOfKeys = false;
  /** The axes that were painted last. @type {any} */
  #mapped = null;
  /** Where the pointer is on the page, while it is over the picture. @type {PointerEvent|null} */
  #pointer = null;
  #queued = 0;

  /** @param {HTMLElement} host @param {{point: (place: number[]|null) => void, choose: (place: number[], id: number) => void}} on */
  constructor(host, on) {
    this.host = host;
    this.on = on;
    this.plot = new PlotFrame(host, { margin: MARGIN, paint: () => this.#paint(), fileName: 'landscape' });
    host.tabIndex = 0;
    host.setAttribute('role', 'application');
    host.setAttribute('aria-label', NAME);
    host.dataset.testid = 'contours';
    this.#listen();
  }

  get ready() {
    return this.plot.ready;
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#axes = '';
    this.#groundKey = '';
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.#scene = scene;
    const { x, y } = scene.grid;
    const home = { x: [x[0], x[x.length - 1]], y: [y[0], y[y.length - 1]] };
    const axes = JSON.stringify([scene.names, home]);
    if (axes !== this.#axes && this.#theme) {
      this.#axes = axes;
      const layout = chartLayout(this.#theme, { x: plotlyText(scene.names[0]), y: plotlyText(scene.names[1]) });
      Object.assign(layout, { dragmode: false, hovermode: false });
      Object.assign(layout.xaxis, { fixedrange: true, nticks: 5 });
      Object.assign(layout.yaxis, { fixedrange: true, nticks: 5 });
      this.plot.render([{ type: 'scatter', mode: 'markers', x: [], y: [], hoverinfo: 'skip' }], layout, home);
    }
    this.#paint();
  }

  destroy() {
    cancelAnimationFrame(this.#queued);
    this.plot.destroy();
  }

  #listen() {
    const { host } = this;
    let from = null;
    this.pointer = new OnePointer(host, {
      down: (event) => {
        from = event;
      },
      hover: (event) => {
        this.#pointer = event;
        this.#pointAt(event ? this.#placeOf(event) : null, false);
      },
      up: (event) => {
        const place = this.#placeOf(event);
        // A pointer that left while it was down is told of here alone.
        if (!place) {
          this.#pointer = null;
          this.#pointAt(null, false);
        }
        const far = Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > STILL;
        if (place && !far && event.type === 'pointerup') this.#choose(place);
      },
      takeBack: () => {},
    }, { capture: false });
    host.addEventListener('blur', () => this.#isOfKeys && this.#pointAt(null, false));
    host.addEventListener('keydown', (event) => {
      if (event.target !== host || event.ctrlKey || event.metaKey || event.altKey || !this.#onKey(event.key)) return;
      event.preventDefault();
      event.stopPropagation(); // the arrows, and Enter, mean something else to the page
    });
  }

  /** @param {string} key @returns {boolean} whether it means something here */
  #onKey(key) {
    const scene = this.#scene;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
    if (!scene || (!move && key !== 'Enter')) return false;
    if (key === 'Enter') {
      if (this.#place) this.#choose(this.#place);
      return this.#place !== null;
    }
    const from = this.#place ?? scene.here ?? [0, 0];
    const ends = [scene.grid.x, scene.grid.y].map((axis) => [axis[0], axis[axis.length - 1]]);
    const place = ends.map(([low, high], k) => Math.min(high, Math.max(low, from[k] + (move[k] * (high - low)) / KEY_STEPS)));
    this.#pointAt(place, true);
    return true;
  }

  /** A place is of the plane that is painted. */
  #choose(place) {
    if (this.#scene) this.on.choose(place, this.#scene.id);
  }

  /** Under a pointer that rests lies another place, once other axes are drawn. */
  #followAxes() {
    const { mapping } = this.plot;
    if (mapping === this.#mapped) return;
    this.#mapped = mapping;
    if (this.#pointer && !this.#isOfKeys) this.#pointAt(this.#placeOf(this.#pointer), false);
  }

  #pointAt(place, isOfKeys) {
    if (place === null && this.#place === null) return;
    [this.#place, this.#isOfKeys] = [place, isOfKeys];
    this.on.point(place);
    this.#queued ||= requestAnimationFrame(() => {
      this.#queued = 0;
      this.#paint();
    });
  }

  /** @returns {number[]|null} null outside the axes */
  #placeOf({ clientX, clientY }) {
    const { mapping } = this.plot;
    if (!mapping || !this.#scene) return null;
    const { x, kx, y, ky, width, height, scale, left, top } = mapping;
    const box = this.host.getBoundingClientRect();
    const [across, down] = [(clientX - box.left - left) * scale, (clientY - box.top - top) * scale];
    return across < 0 || down < 0 || across > width || down > height ? null : [(across - x) / kx, (down - y) / ky];
  }

  #paint() {
    const [scene, theme, { mapping }] = [this.#scene, this.#theme, this.plot];
    if (!scene || !theme || !mapping) return;
    this.#followAxes();
    this.#makeGround(scene, theme, mapping);
    const context = this.plot.begin();
    context.drawImage(this.#ground, 0, 0);
    const { scale } = mapping;
    const on = ({ x, y }) => [mapX(this.plot, x), mapY(this.plot, y)];
    for (const { name, path } of scene.others) paintPath(context, path.map(on), { color: branchColor(name, theme.dark), ground: theme.background, scale });
    const walked = scene.path.filter(({ frame }) => frame <= scene.frame);
    paintPath(context, scene.path.slice(Math.max(0, walked.length - 1)).map(on), { color: theme.muted, ground: theme.background, scale, isFaint: true });
    paintPath(context, walked.map(on), { color: theme.text, ground: theme.background, scale });
    if (scene.here) paintSpot(context, on({ x: scene.here[0], y: scene.here[1] }), { fill: theme.primary, ground: theme.background, scale });
    if (this.#place) this.#paintCross(context, on({ x: this.#place[0], y: this.#place[1] }), scale, theme);
  }

  #paintCross(context, point, scale, theme) {
    const [x, y] = point;
    const arm = 7 * scale;
    for (const [color, width] of [[theme.background, 4], [theme.text, 1.6]]) {
      context.beginPath();
      context.moveTo(x - arm, y);
      context.lineTo(x + arm, y);
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
      context.strokeStyle = color;
      context.lineWidth = width * scale;
      context.stroke();
    }
  }

  /** Colours and lines, made once for each surface and size. */
  #makeGround({ grid, losses, range, version }, theme, { width, height, scale }) {
    const key = JSON.stringify([version, range, width, height, theme.dark, losses.length]);
    if (key === this.#groundKey) return;
    this.#groundKey = key;
    const [columns, rows] = [grid.x.length, grid.y.length];
    this.#ground.width = width;
    this.#ground.height = height;
    const context = /** @type {CanvasRenderingContext2D} */ (this.#ground.getContext('2d'));
    const bytes = Uint8Array.from(losses, (loss) => Math.round(255 * heightOf(loss, range)));
    const [x, y] = [grid.x, grid.y];
    const ends = { left: mapX(this.plot, x[0]), right: mapX(this.plot, x[columns - 1]), bottom: mapY(this.plot, y[0]), top: mapY(this.plot, y[rows - 1]) };
    this.#painter.paint(context, ends, { bytes, planes: 1, columns, rows }, this.#tables);
    const [dx, dy] = [(ends.right - ends.left) / (columns - 1), (ends.top - ends.bottom) / (rows - 1)];
    context.lineWidth = scale;
    for (const level of levelsOf(range)) {
      // On dark ground bright lines.
      context.strokeStyle = heightOf(level, range) > 0.55 ? 'rgb(255 255 255 / 38%)' : 'rgb(0 0 0 / 38%)';
      context.beginPath();
      const pieces = lineAt(losses, columns, level);
      for (let k = 0; k < pieces.length; k += 4) {
        context.moveTo(ends.left + dx * pieces[k], ends.bottom + dy * pieces[k + 1]);
        context.lineTo(ends.left + dx * pieces[k + 2], ends.bottom + dy * pieces[k + 3]);
      }
      context.stroke();
    }
  }
}
