/**
 * Lines over the boundary: where units fold the plane, and where the answer changes, now and in frames before. The layer of a
 * unit is told by dashes, by width and by colour.
 */
import { laneColor } from '../../../kit/palette.js';

/** Of the first layers' creases; beyond, they begin again. */
const LOOKS = [
  { width: 1.5, dash: [] },
  { width: 1.5, dash: [7, 3] },
  { width: 1.7, dash: [2, 2.5] },
  { width: 1.5, dash: [9, 2.5, 2, 2.5] },
];
/** Layers that look different; then they begin again. */
export const N_LOOKS = LOOKS.length;
/** Of more units, lines are fainter, so that the plane under them stays in sight. */
const MANY = 64;
const LOOKED_AT = { width: 3.4, halo: 7 };
/** Share of their opacity that is left to other lines than that of the unit that is looked at. */
const FADED = 0.35;
/** Of the boundary now, and of the newest and the oldest before. */
const [NOW, NEWEST, OLDEST] = [{ width: 2.6, opacity: 1 }, { width: 1.9, opacity: 0.62 }, { width: 1.5, opacity: 0.2 }];

/** @typedef {{layer: number, unit: number}} Unit layer 1 is the first hidden one */
/** @typedef {import('../../../plot/plot_frame.js').PlotFrame} PlotFrame */
/** @typedef {import('../../../kit/theme.js').Theme} Theme */

/** @param {number} layer 1 is the first hidden one */
export const lookOf = (layer, dark) => ({ ...LOOKS[(layer - 1) % LOOKS.length], color: laneColor((layer - 1) % LOOKS.length, dark) });

/** Go through the pieces of each hidden unit. @param {any} info @param {ArrayLike<number>} counts @param {(unit: Unit, start: number, end: number) => void} each */
function eachUnit(info, counts, each) {
  let [map, start] = [0, 0];
  info.layers.forEach(({ units }, k) => {
    for (let unit = 0; unit < units; unit++) {
      const end = start + 4 * counts[map++];
      each({ layer: k + 1, unit }, start, end);
      start = end;
    }
  });
}

/** Add pieces to the path. Those that go on where the one before ended are one line. @param {CanvasRenderingContext2D} context @param {any} mapping */
function trace(context, { x, kx, y, ky }, lines, start, end) {
  let [lastX, lastY] = [NaN, NaN];
  for (let k = start; k < end; k += 4) {
    if (lines[k] !== lastX || lines[k + 1] !== lastY) context.moveTo(x + kx * lines[k], y + ky * lines[k + 1]);
    [lastX, lastY] = [lines[k + 2], lines[k + 3]];
    context.lineTo(x + kx * lastX, y + ky * lastY);
  }
}

/** @param {CanvasRenderingContext2D} context @param {{width: number, dash?: number[]}} look @param {number} scale */
function use(context, { width, dash = [] }, scale) {
  context.lineWidth = width * scale;
  context.setLineDash(dash.map((length) => length * scale));
}

function end(context) {
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** @param {PlotFrame} plot @param {any} info of the run @param {any} frame @param {Theme} theme @param {Unit|null} looked the unit that one looks at */
export function paintCreases({ context, mapping }, info, { fold_lines: lines, fold_counts: counts }, theme, looked) {
  const { scale } = mapping;
  context.lineJoin = 'bevel';
  context.lineCap = 'butt';
  /** @type {number[]|null} */
  let chosen = null;
  const layers = info.layers.map(() => new Path2D());
  const path = (/** @type {number} */ layer) => /** @type {any} */ (layers[layer - 1]);
  eachUnit(info, counts, ({ layer, unit }, start, stop) => {
    if (looked?.layer === layer && looked.unit === unit) chosen = [start, stop];
    else trace(path(layer), mapping, lines, start, stop);
  });
  const units = info.layers.reduce((/** @type {number} */ sum, /** @type {{units: number}} */ layer) => sum + layer.units, 0);
  context.globalAlpha = (chosen ? FADED : 1) * Math.min(1, MANY / units);
  layers.forEach((layer, k) => {
    const look = lookOf(k + 1, theme.dark);
    use(context, look, scale);
    context.strokeStyle = look.color;
    context.stroke(layer);
  });
  end(context);
  if (!chosen || !looked) return;
  const [start, stop] = chosen;
  const only = new Path2D();
  trace(/** @type {any} */ (only), mapping, lines, start, stop);
  context.lineWidth = LOOKED_AT.halo * scale;
  context.strokeStyle = theme.background;
  context.globalAlpha = 0.85;
  context.stroke(only);
  context.globalAlpha = 1;
  const look = lookOf(looked.layer, theme.dark);
  use(context, { width: LOOKED_AT.width, dash: look.dash.map((length) => 1.6 * length) }, scale);
  context.strokeStyle = look.color;
  context.stroke(only);
  end(context);
}

/** The line where the answer changes. @param {PlotFrame} plot @param {ArrayLike<number>} lines @param {Theme} theme */
export function paintBorder({ context, mapping }, lines, theme) {
  context.strokeStyle = theme.text;
  stroke(context, mapping, lines, NOW);
}

/** @param {CanvasRenderingContext2D} context @param {any} mapping @param {ArrayLike<number>} lines @param {{width: number, opacity: number}} look */
function stroke(context, mapping, lines, { width, opacity }) {
  context.lineJoin = 'bevel';
  context.lineCap = 'butt';
  context.beginPath();
  trace(context, mapping, lines, 0, lines.length);
  use(context, { width }, mapping.scale);
  context.globalAlpha = opacity;
  context.stroke();
  context.globalAlpha = 1;
}

/** The same lines in frames before. They are others only now and then, and so are kept as a picture. */
export class EarlierBorders {
  #canvas = document.createElement('canvas');
  /** @type {any[]} */
  #drawn = [];

  /** @param {PlotFrame} plot @param {{border_lines?: Float32Array}[]} earlier the newest first @param {Theme} theme */
  paint({ context, mapping }, earlier, theme) {
    const { width, height } = context.canvas;
    const key = [mapping, theme, width, height, ...earlier.map(({ border_lines: lines }) => lines)];
    if (key.length !== this.#drawn.length || key.some((each, k) => each !== this.#drawn[k])) {
      this.#drawn = key;
      Object.assign(this.#canvas, { width, height });
      const own = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
      own.strokeStyle = theme.text;
      for (let k = earlier.length - 1; k >= 0; k--) {
        const lines = earlier[k].border_lines;
        if (lines) stroke(own, mapping, lines, faded(k, earlier.length));
      }
    }
    if (earlier.length > 0) context.drawImage(this.#canvas, 0, 0);
  }
}

/** The curves of frames before, where there is an axis alone. @param {PlotFrame} plot @param {any} frame @param {Theme} theme */
export function paintEarlierCurves({ context, mapping }, { earlier = [] }, theme) {
  context.lineJoin = 'round';
  context.strokeStyle = theme.primary;
  [...earlier].reverse().forEach(({ border_curve: curve, plot }, k) => {
    if (!curve) return;
    const { width, opacity } = faded(earlier.length - 1 - k, earlier.length);
    context.lineWidth = width * mapping.scale;
    context.globalAlpha = opacity;
    traceCurve(context, mapping, curve, plot);
  });
  end(context);
}

/** Another network's curve. @param {PlotFrame} plot @param {{curve: Float32Array, plot: any}} other @param {Theme} theme */
export function paintOtherCurve({ context, mapping }, { curve, plot }, theme) {
  use(context, { width: 2.4, dash: [2, 3] }, mapping.scale);
  context.strokeStyle = theme.text;
  traceCurve(context, mapping, curve, plot);
  end(context);
}

/** @param {CanvasRenderingContext2D} context @param {any} mapping @param {ArrayLike<number>} curve of each output, one after another */
function traceCurve(context, { x, kx, y, ky }, curve, { columns, domain: [[left, right]] }) {
  for (let offset = 0; offset < curve.length; offset += columns) {
    context.beginPath();
    for (let p = 0; p < columns; p++) context.lineTo(x + kx * (left + ((right - left) * p) / (columns - 1)), y + ky * curve[offset + p]);
    context.stroke();
  }
}

/** How the k-th of so many frames before is drawn. */
export function faded(/** @type {number} */ k, /** @type {number} */ count) {
  const share = count > 1 ? k / (count - 1) : 0;
  const between = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * share;
  return { width: between(NEWEST.width, OLDEST.width), opacity: between(NEWEST.opacity, OLDEST.opacity) };
}

/**
 * The unit whose crease is nearest to a place, within reach.
 * @param {any} info @param {any} frame @param {{kx: number, ky: number, scale: number}} mapping @param {number[]} place @param {number} reach in CSS pixels
 * @returns {Unit|null}
 */
export function nearestCrease(info, { fold_lines: lines, fold_counts: counts }, { kx, ky, scale }, [x, y], reach) {
  let nearest = reach * scale;
  let found = null;
  eachUnit(info, counts, (unit, start, stop) => {
    for (let k = start; k < stop; k += 4) {
      const [ax, ay] = [kx * (lines[k] - x), y === undefined ? 0 : ky * (lines[k + 1] - y)];
      const [bx, by] = [kx * (lines[k + 2] - lines[k]), y === undefined ? 0 : ky * (lines[k + 3] - lines[k + 1])];
      const share = Math.max(0, Math.min(1, -(ax * bx + ay * by) / (bx * bx + by * by || 1)));
      const distance = Math.hypot(ax + share * bx, ay + share * by);
      if (distance < nearest) [nearest, found] = [distance, unit];
    }
  });
  return found;
}
