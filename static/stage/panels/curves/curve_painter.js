/**
 * Paints curves over the epochs on the canvas under the chart, with every frame: a thirtieth of what a redraw by Plotly costs.
 */
import { decimate } from '../../../plot/decimate.js';

const MOST_POINTS = 600;
const LINE_WIDTH = 1.8;
const OTHER_WIDTH = 1.3;
const DASH = [5, 4];
const MARK_RADIUS = 4;
/** Half the width of the arrow where a curve leaves the chart, and a loss above all charts. */
const ARROW = 7;
const BEYOND = 1e15;
/** Of a level's name, with the gap to its line. */
const NAME_HEIGHT = 16;

/** @typedef {{x: number[], y: number[]}} Curve epochs and what was measured there, few enough to draw */

/**
 * Curves up to the furthest frame that was shown.
 * @param {import('../../run/timeline.js').Timeline} timeline
 * @param {string[]} names of the history's columns
 * @returns {Curve[]} one for each
 */
export function curvesOf({ history, furthest }, names) {
  const length = history.indexAt(furthest) + 1;
  return names.map((name) => history[name]).map((column) => {
    const kept = decimate(column, length, MOST_POINTS);
    return { x: kept.map((i) => history.epoch[i]), y: kept.map((i) => column[i]) };
  });
}

/**
 * @param {import('../../../plot/plot_frame.js').PlotFrame} plot
 * @param {{curves: Curve[], colors: string[], log: boolean, values: number[], epoch: number, background: string, muted: string,
 *   font: string, type?: number, name: string, marks: number[], others: {name: string, curves: Curve[], color: string}[],
 *   gone?: number|null, above?: string, baselines?: {name: string, value: number}[]}} drawing
 *   `type` is how much larger words are than usual; `values` of the frame shown, if there is one, are marked at `epoch`; `marks` are epochs; `name` and `others` are for
 *   several branches; `gone` is the epoch at which curves that leave the chart are beyond all bounds; `above` says what is higher than the axis, and `baselines` are levels with a name
 */
export function paintCurves(plot, drawing) {
  const { curves, colors, log, values, epoch, background, name, others } = drawing;
  const context = plot.begin();
  const { mapping } = plot;
  const { scale } = mapping;
  const height = log ? Math.log10 : (value) => value;
  /** @returns {[number, number]} */
  const at = (x, y) => [mapping.x + mapping.kx * x, mapping.y + mapping.ky * height(y)];
  context.lineJoin = 'round';
  paintMarks(context, drawing, (x) => mapping.x + mapping.kx * x, mapping);
  if (drawing.above) paintAbove(context, drawing, mapping);
  paintLevels(context, drawing, (y) => mapping.y + mapping.ky * height(y), mapping);
  const paint = (lines, strokes, width) => {
    lines.forEach(({ x, y }, k) => {
      context.beginPath();
      for (let i = 0; i < x.length; i++) if (!log || y[i] > 0) context.lineTo(...at(x[i], y[i]));
      context.setLineDash(k === 0 ? [] : DASH.map((length) => length * scale));
      context.lineWidth = width * scale;
      context.strokeStyle = strokes[k];
      context.stroke();
    });
    context.setLineDash([]);
  };
  const gone = drawing.gone ?? null;
  for (const other of others) paint(other.curves, [other.color, other.color], OTHER_WIDTH);
  paint(curves.map((curve) => upAndOut(curve, gone)), colors, LINE_WIDTH);
  for (const k of curves.map((_, index) => index).reverse()) paintLeaving(context, upAndOut(curves[k], gone), colors[k], at, mapping);
  for (const other of others) paintLetter(context, drawing, other.name, other.color, other.curves[0], at, mapping);
  if (others.length) paintLetter(context, drawing, name, colors[0], curves[0], at, mapping);
  values.forEach((value, k) => {
    if (!Number.isFinite(value) || (log && !(value > 0))) return;
    context.beginPath();
    context.arc(...at(epoch, value), MARK_RADIUS * scale, 0, 2 * Math.PI);
    context.lineWidth = LINE_WIDTH * scale;
    context.fillStyle = colors[k];
    context.fill();
    context.strokeStyle = background;
    context.stroke();
  });
}

/** A curve with the step after its end, which has no height any more. @param {Curve} curve @param {number|null} gone */
function upAndOut(curve, gone) {
  if (gone === null || curve.x.length === 0 || !Number.isFinite(curve.y.at(-1))) return curve;
  return { x: [...curve.x, gone], y: [...curve.y, BEYOND] };
}

/**
 * An arrow where a curve leaves the chart at the top, if it doesn't come back.
 * @param {CanvasRenderingContext2D} context @param {Curve} curve @param {string} color
 * @param {(x: number, y: number) => number[]} at @param {{scale: number, width: number}} mapping
 */
export function paintLeaving(context, { x, y }, color, at, { scale, width }) {
  let i = x.length - 1;
  if (i < 1 || !(at(x[i], y[i])[1] < 0)) return;
  while (i > 1 && at(x[i - 1], y[i - 1])[1] < 0) i--;
  const [left, low] = at(x[i - 1], y[i - 1]);
  const [right, high] = at(x[i], y[i]);
  const size = ARROW * scale;
  const middle = Math.min(width - size, Math.max(size, left + ((right - left) * Math.max(0, low)) / (low - high)));
  context.beginPath();
  context.moveTo(middle, 0);
  context.lineTo(middle - size, 1.6 * size);
  context.lineTo(middle + size, 1.6 * size);
  context.closePath();
  context.fillStyle = color;
  context.fill();
}

/** Upright lines where a setting was changed. */
function paintMarks(context, { marks, muted }, atX, { scale, height }) {
  context.lineWidth = scale;
  context.strokeStyle = muted;
  context.setLineDash([2 * scale, 3 * scale]);
  context.beginPath();
  for (const epoch of marks) {
    context.moveTo(atX(epoch), 0);
    context.lineTo(atX(epoch), height);
  }
  context.stroke();
  context.setLineDash([]);
}

/** What is higher than the axis, in words. @param {CanvasRenderingContext2D} context @param {{above?: string, muted: string, font: string, type?: number}} drawing */
function paintAbove(context, { above, muted, font, type = 1 }, { scale, width }) {
  context.font = `${12 * type * scale}px ${font}`;
  context.textAlign = 'right';
  context.textBaseline = 'top';
  context.fillStyle = muted;
  context.fillText(above, width - 6 * scale, 5 * scale);
}

/** Level lines with their names: what simple models reach. */
function paintLevels(context, { baselines = [], log, muted, background, font, type = 1 }, atY, { scale, width, height }) {
  if (baselines.length === 0) return; // to set a font takes long
  context.font = `${12 * type * scale}px ${font}`;
  context.textAlign = 'right';
  context.lineWidth = scale;
  const levels = baselines.filter(({ value }) => Number.isFinite(value) && (!log || value > 0)).sort((a, b) => a.value - b.value);
  const heights = levels.map(({ value }) => Math.round(atY(value)) + 0.5);
  const isAbove = namesAbove(heights, NAME_HEIGHT * type * scale, height);
  levels.forEach(({ name }, k) => {
    const y = heights[k];
    context.strokeStyle = muted;
    context.setLineDash([6 * scale, 3 * scale]);
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.stroke();
    context.setLineDash([]);
    const above = isAbove[k];
    context.textBaseline = above ? 'bottom' : 'top';
    context.lineWidth = 3 * scale;
    context.strokeStyle = background;
    context.strokeText(name, width - 6 * scale, y + (above ? -2 : 2) * scale);
    context.fillStyle = muted;
    context.fillText(name, width - 6 * scale, y + (above ? -2 : 2) * scale);
    context.lineWidth = scale;
  });
}

/**
 * For each level, whether its name stands above its line: below, where another line is too close above and there is room.
 * @param {number[]} heights from the bottom up, in pixels from the top
 * @param {number} room that a name takes
 * @param {number} bottom of the chart
 */
export function namesAbove(heights, room, bottom) {
  return heights.map((y, k) => {
    const isFree = y - (heights[k + 1] ?? -Infinity) >= room;
    return isFree || y + room > bottom || (k > 0 && heights[k - 1] - y < 2 * room);
  });
}

/** A branch's letter at the end of its curve. */
function paintLetter(context, { background, font, type = 1 }, letter, color, { x, y }, at, { scale, width }) {
  if (x.length === 0) return;
  const [left, top] = at(x.at(-1), y.at(-1));
  context.font = `600 ${12 * type * scale}px ${font}`;
  context.textBaseline = 'bottom';
  context.textAlign = 'center';
  context.lineWidth = 4 * scale;
  context.strokeStyle = background;
  const place = [Math.min(width - 8 * scale, left), Math.max(16 * scale, top - 5 * scale)];
  context.strokeText(letter, ...place);
  context.fillStyle = color;
  context.fillText(letter, ...place);
}
