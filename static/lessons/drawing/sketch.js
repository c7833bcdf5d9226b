/**
 * The boundary that one expects, drawn on the boundary panel before the run: by pointer, finger or pen, or by keys. In the
 * end it lies over what the network made, and where the two differ it is hatched.
 */
import { element, icon, setText } from '../../kit/dom.js';
import { OnePointer } from '../../kit/one_pointer.js';
import { css } from '../../kit/theme.js';
import { classColor, divergingColor } from '../../kit/palette.js';
import { PictureMaker } from '../../network/picture.js';
import { GRID, TAP, agreement, cellOf, classesOf, classesOfNetwork, completed, lengthOf, painted, regionsOf, simplified } from './regions.js';

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEY_STEP = 1 / 40;
const LONG_KEY_STEP = 1 / 8;
const LABEL = 'Draw the boundary that you expect. Arrow keys move the crosshair, Enter sets a corner of the line, Escape ends the line, Delete takes the last one back, C changes the colour at the crosshair.';
const MOST_STROKES = 12;
/** How strongly the drawn ground covers the network's own. */
const COVER = 0.86;
/** Between the lines of a hatching, in CSS pixels. */
const HATCH = 7;

/** @typedef {import('./regions.js').Place} Place */
/** @typedef {{strokes: Place[][], chosen: Object<string, number>}} Drawn */

export class Sketch {
  /** @type {Drawn} */
  #drawn = { strokes: [], chosen: {} };
  /** The stroke under way. @type {Place[]|null} */
  #stroke = null;
  /** Whether that is drawn by keys, and whether a key was the last thing used. */
  #byKeys = false;
  #withKeys = false;
  /** @type {Place} */
  #cross = [0.5, 0.5];
  #run = null;
  #theme = null;
  #mapping = null;
  /** @type {import('./regions.js').Regions|null} */
  #regions = null;
  #classes = [];
  /** Where drawing and network differ, cell by cell. @type {Uint8Array|null} */
  #differs = null;
  #frame = null;
  #step = '';
  /** The answer that was kept last, and whether it came from here. */
  #answer = undefined;
  #isMine = false;
  /** @type {PictureMaker|null} */
  #maker = null;
  #comparedWith = null;

  /**
   * @param {{root: HTMLElement, plot: HTMLElement, controls: HTMLElement}} box of the boundary panel @param {{chart: HTMLElement}} plot
   * @param {import('../guide.js').Guide} guide
   */
  constructor(box, plot, guide) {
    this.box = box;
    this.guide = guide;
    this.ground = element('canvas', { class: 'nn-sketch-ground', 'aria-hidden': 'true', hidden: true });
    plot.chart.before(this.ground);
    this.canvas = element('canvas', { class: 'nn-pad nn-sketch', tabindex: '0', role: 'application', 'aria-label': LABEL, hidden: true });
    this.hint = element('p', { class: 'nn-draw-hint nn-sketch-hint', role: 'status', hidden: true });
    box.plot.append(this.canvas, this.hint);
    const tool = (/** @type {'undo'|'clear'} */ name, /** @type {string} */ label, /** @type {() => void} */ act) => {
      const node = element('button', { type: 'button', class: 'nn-button nn-sketch-tool', 'aria-label': label, title: label }, icon(name));
      node.addEventListener('click', act);
      return node;
    };
    this.undo = tool('undo', 'Take the last line back', () => this.#takeBack());
    this.clear = tool('clear', 'Clear the drawing', () => this.#change({ strokes: [], chosen: {} }));
    box.controls.append(this.undo, this.clear);
    this.pointer = new OnePointer(this.canvas, {
      down: (event) => this.#down(event),
      move: (event) => this.#move(event),
      up: () => this.#up(),
      takeBack: () => {
        this.#stroke = null;
        this.#paint();
      },
    });
    this.canvas.addEventListener('keydown', (event) => this.#key(event));
    this.canvas.addEventListener('focus', () => {
      this.#withKeys = this.canvas.matches(':focus-visible') && !this.pointer.isDown;
      this.#paint();
    });
    this.canvas.addEventListener('blur', () => this.#paint());
    this.unlisten = guide.listen(() => this.#follow());
    this.#follow();
  }

  get #question() {
    const { step } = this.guide;
    return step?.question?.kind === 'boundary' && !step.free ? step.question : null;
  }

  get #isOpen() {
    return this.#question !== null && this.guide.isOpen;
  }

  setRun(run) {
    this.#run = run;
    this.#maker = null;
    this.#divide();
    this.#follow();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#paint();
  }

  follow(mapping) {
    if (this.#mapping === mapping) return;
    this.#mapping = mapping;
    for (const canvas of [this.canvas, this.ground]) {
      canvas.width = mapping.width;
      canvas.height = mapping.height;
      canvas.style.left = `${mapping.left}px`;
      canvas.style.top = `${mapping.top}px`;
      canvas.style.width = `${mapping.width / mapping.scale}px`;
      canvas.style.height = `${mapping.height / mapping.scale}px`;
    }
    this.#paint();
  }

  /** The frame on screen, which a comparison is about. */
  draw(frame) {
    this.#frame = frame;
    this.#compare();
  }

  destroy() {
    this.unlisten();
  }

  /** The guide has changed. */
  #follow() {
    const { step, kept, phase } = this.guide;
    const name = step ? `${step.lesson} ${step.index} ${step.free}` : '';
    if (name !== this.#step || (!this.#isMine && kept.answer !== this.#answer)) {
      this.#step = name;
      this.#drawn = drawnOf(this.#question ? kept.answer : null);
      this.#divide();
    }
    this.#answer = kept.answer;
    const isOpen = this.#isOpen;
    this.canvas.hidden = !this.#question || (!isOpen && this.#drawn.strokes.length === 0);
    this.canvas.classList.toggle('nn-sketch-shown', !isOpen);
    this.canvas.tabIndex = isOpen ? 0 : -1;
    if (!isOpen && document.activeElement === this.canvas) this.canvas.blur(); // or it would keep the keys to itself
    this.ground.hidden = !isOpen;
    this.hint.hidden = !isOpen;
    this.undo.hidden = this.clear.hidden = !isOpen;
    this.box.root.classList.toggle('nn-sketching', isOpen);
    if (isOpen) this.#tell();
    if (phase !== 'done') this.#differs = null;
    this.#compare();
    this.#paint();
  }

  /** Hold the drawing against the network, once the run is over. */
  #compare() {
    const frame = this.#frame;
    if (this.guide.phase !== 'done' || !this.#question || !this.#regions || this.#regions.count < 2 || !frame || !this.#run) return;
    if (frame.counters[1] === 0 || this.#comparedWith === frame.parameters) return;
    this.#comparedWith = frame.parameters;
    this.#maker ??= new PictureMaker(this.#run);
    const maker = this.#maker;
    const theirs = classesOfNetwork((x, y) => maker.at(frame.parameters, x, y).outputs, this.#run.info.domain);
    const { share, differs } = agreement(painted(this.#regions, this.#classes), theirs);
    this.#differs = differs;
    this.guide.note({ agreement: share });
    this.#paint();
  }

  // -- drawing -------------------------------------------------------------------------------------------------------

  /** Regions and their classes, as drawn so far. */
  #divide() {
    this.#regions = this.#run && this.#drawn.strokes.length > 0 ? regionsOf(this.#drawn.strokes) : null;
    this.#comparedWith = null;
    this.#differs = null;
    if (!this.#regions || !this.#run) return;
    const { info, statics } = this.#run;
    const [[left, right], [bottom, top]] = info.domain;
    const places = [];
    const targets = [];
    for (let i = 0; i < statics.targets.length; i++) {
      if (statics.is_test[i]) continue;
      places.push(/** @type {Place} */ ([(statics.inputs[2 * i] - left) / (right - left), (top - statics.inputs[2 * i + 1]) / (top - bottom)]));
      targets.push(statics.targets[i]);
    }
    this.#classes = classesOf(this.#regions, places, targets, Math.max(2, info.class_names.length), this.#drawn.chosen);
  }

  /** @param {Drawn} drawn */
  #change(drawn) {
    this.#drawn = drawn;
    this.#divide();
    const isAnswer = (this.#regions?.count ?? 0) > 1;
    this.#isMine = true;
    this.guide.answer(isAnswer ? drawn : undefined);
    this.#isMine = false;
    this.#tell();
    this.#paint();
  }

  #tell() {
    const { strokes } = this.#drawn;
    const count = this.#regions?.count ?? 1;
    this.undo.disabled = this.clear.disabled = strokes.length === 0;
    const words = strokes.length === 0
      ? 'Draw the boundary that you expect.'
      : count < 2 ? 'This line parts nothing. Draw it across the square, or close it.'
        : 'Tap a side to change its colour. Draw again to add a line.';
    setText(this.hint, words);
  }

  #takeBack() {
    this.#stroke = null;
    this.#byKeys = false;
    this.#change({ strokes: this.#drawn.strokes.slice(0, -1), chosen: {} });
  }

  #finish(stroke) {
    this.#stroke = null;
    this.#byKeys = false;
    if (stroke.length < 2 || lengthOf(stroke) < TAP) {
      if (stroke.length > 0) this.#recolour(stroke[0]);
      return;
    }
    this.#change({ strokes: [...this.#drawn.strokes, simplified(stroke)].slice(-MOST_STROKES), chosen: {} });
  }

  /** The next class for the region at a place. @param {Place} place */
  #recolour(place) {
    if (!this.#regions || this.#regions.count < 2) {
      this.#paint();
      return;
    }
    const region = this.#regions.labels[cellOf(place)];
    const count = Math.max(2, this.#run.info.class_names.length);
    this.#change({ ...this.#drawn, chosen: { ...this.#drawn.chosen, [region]: (this.#classes[region] + 1) % count } });
  }

  #down(event) {
    if (!this.#isOpen || !this.#mapping || !this.#run) return false;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.#byKeys = this.#withKeys = false;
    this.#stroke = [this.#place(event)];
    return true;
  }

  #move(event) {
    if (!this.#stroke) return;
    this.#stroke.push(this.#place(event));
    this.#paint();
  }

  #up() {
    if (this.#stroke) this.#finish(this.#stroke);
  }

  #key(event) {
    if (!this.#isOpen || !this.#mapping || event.ctrlKey || event.metaKey || event.altKey || !this.#takeKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #takeKey({ key, shiftKey }) {
    this.#withKeys = true;
    const direction = ARROWS[key];
    if (direction) {
      const step = shiftKey ? LONG_KEY_STEP : KEY_STEP;
      const within = (/** @type {number} */ value) => Math.max(0, Math.min(1, value));
      this.#cross = [within(this.#cross[0] + direction[0] * step), within(this.#cross[1] + direction[1] * step)];
      this.#paint();
    } else if (key === 'Enter') {
      this.#stroke = [...(this.#byKeys && this.#stroke ? this.#stroke : []), this.#cross];
      this.#byKeys = true;
      // Shown as it would cut, while it grows.
      setText(this.hint, this.#stroke.length < 2 ? 'First corner set. Move, and press Enter for the next.' : 'Enter sets another corner, Escape ends the line.');
      this.#paint();
    } else if (key === 'Escape' && this.#byKeys && this.#stroke) this.#finish(this.#stroke.length > 1 ? this.#stroke : []);
    else if (key === 'Delete' || key === 'Backspace') this.#takeBack();
    else if (key.toLowerCase() === 'c') this.#recolour(this.#cross);
    else return false;
    return true;
  }

  /** @returns {Place} */
  #place(event) {
    const { scale, kx, ky, x: x0, y: y0 } = this.#mapping;
    const bounds = this.canvas.getBoundingClientRect();
    const [[left, right], [bottom, top]] = this.#run.info.domain;
    const x = ((event.clientX - bounds.left) * scale - x0) / kx;
    const y = ((event.clientY - bounds.top) * scale - y0) / ky;
    const within = (/** @type {number} */ value) => Math.max(0, Math.min(1, value));
    return [within((x - left) / (right - left)), within((top - y) / (top - bottom))];
  }

  // -- painting ------------------------------------------------------------------------------------------------------

  /** The square on the canvas, in device pixels. */
  get #square() {
    const { kx, ky, x: x0, y: y0 } = this.#mapping;
    const [[left, right], [bottom, top]] = this.#run.info.domain;
    return { x: x0 + kx * left, y: y0 + ky * top, width: kx * (right - left), height: ky * (bottom - top) };
  }

  #paint() {
    if (!this.#mapping || !this.#run || !this.#theme || this.canvas.hidden) return;
    this.#paintGround();
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.#differs) this.#hatch(context, this.#differs);
    for (const stroke of this.#drawn.strokes) this.#line(context, completed(stroke));
    if (this.#stroke) this.#line(context, this.#byKeys ? completed(this.#stroke) : this.#stroke);
    if (this.#isOpen && this.#withKeys && document.activeElement === this.canvas) this.#crosshair(context);
  }

  /** In place of the untrained network's colours, those of the regions. */
  #paintGround() {
    if (this.ground.hidden) return;
    const context = /** @type {CanvasRenderingContext2D} */ (this.ground.getContext('2d'));
    const { width, height } = this.ground;
    context.clearRect(0, 0, width, height);
    context.globalAlpha = COVER;
    context.fillStyle = this.#theme.background;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
    if (!this.#regions || this.#regions.count < 2) return;
    const { x, y, width: across, height: down } = this.#square;
    const many = this.#run.info.class_names.length > 2;
    const colours = this.#classes.map((each) => (many ? classColor(each, this.#theme.dark) : css(divergingColor(each ? 1 : -1, this.#theme.dark))));
    const small = element('canvas', { width: String(GRID), height: String(GRID) });
    const cells = /** @type {CanvasRenderingContext2D} */ (small.getContext('2d'));
    this.#regions.labels.forEach((label, k) => {
      cells.fillStyle = colours[label];
      cells.fillRect(k % GRID, Math.floor(k / GRID), 1, 1);
    });
    context.globalAlpha = many ? 0.55 : 0.85;
    context.imageSmoothingEnabled = false;
    context.drawImage(small, x, y, across, down);
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {Place[]} points */
  #line(context, points) {
    const square = this.#square;
    const { scale } = this.#mapping;
    context.beginPath();
    points.forEach(([u, v], k) => context[k === 0 ? 'moveTo' : 'lineTo'](square.x + u * square.width, square.y + v * square.height));
    if (points.length === 1) context.arc(square.x + points[0][0] * square.width, square.y + points[0][1] * square.height, 2 * scale, 0, 2 * Math.PI);
    context.lineJoin = context.lineCap = 'round';
    for (const [style, width] of [[this.#theme.background, 6], [this.#theme.text, 2.5]]) {
      context.strokeStyle = style;
      context.lineWidth = width * scale;
      context.stroke();
    }
  }

  #hatch(context, differs) {
    const square = this.#square;
    const { scale } = this.#mapping;
    const cell = [square.width / GRID, square.height / GRID];
    context.save();
    context.beginPath();
    differs.forEach((each, k) => {
      if (each) context.rect(square.x + (k % GRID) * cell[0], square.y + Math.floor(k / GRID) * cell[1], cell[0] + 0.5, cell[1] + 0.5);
    });
    context.clip();
    context.beginPath();
    const far = square.width + square.height;
    for (let at = 0; at < far; at += HATCH * scale) {
      context.moveTo(square.x + at, square.y);
      context.lineTo(square.x + at - square.height, square.y + square.height);
    }
    context.strokeStyle = this.#theme.text;
    context.lineWidth = 1.2 * scale;
    context.globalAlpha = 0.75;
    context.stroke();
    context.restore();
  }

  #crosshair(context) {
    const square = this.#square;
    const { scale } = this.#mapping;
    const [x, y] = [square.x + this.#cross[0] * square.width, square.y + this.#cross[1] * square.height];
    context.beginPath();
    for (const [dx, dy] of Object.values(ARROWS)) {
      context.moveTo(x + 4 * scale * dx, y + 4 * scale * dy);
      context.lineTo(x + 14 * scale * dx, y + 14 * scale * dy);
    }
    context.strokeStyle = this.#theme.text;
    context.lineWidth = 1.5 * scale;
    context.stroke();
  }
}

/** What was drawn, if that is what was kept. @param {any} kept @returns {Drawn} */
export function drawnOf(kept) {
  const isPlace = (/** @type {any} */ place) => Array.isArray(place) && place.length === 2 && place.every((value) => Number.isFinite(value) && value >= 0 && value <= 1);
  const strokes = Array.isArray(kept?.strokes) ? kept.strokes : [];
  if (strokes.length > MOST_STROKES || !strokes.every((/** @type {any} */ stroke) => Array.isArray(stroke) && stroke.length > 1 && stroke.length < 200 && stroke.every(isPlace))) return { strokes: [], chosen: {} };
  const chosen = Object.entries(kept?.chosen ?? {}).filter(([, value]) => Number.isInteger(value) && value >= 0 && value < 10);
  return { strokes, chosen: Object.fromEntries(chosen) };
}
