/** Curves of lanes over the clock, each in its lane's colour and dash, on the canvas under a chart. */
import { laneColor } from '../../kit/palette.js';
import { decimate } from '../../plot/decimate.js';
import { paintLeaving } from '../../stage/panels/curves/curve_painter.js';
import { DASHES } from '../shared/lane_look.js';

const MOST_POINTS = 500;
const LINE_WIDTH = 2;
const MARK_RADIUS = 4;

/** @typedef {import('../../stage/panels/curves/curve_painter.js').Curve} Curve */
/** @typedef {{frame: number, message: string, fall?: (number|null)[][]}} Stop `fall`: clock and measures of the steps in which a lane diverged */
/** @typedef {'train'|'test'|'trainScore'|'testScore'} Measure */

/** The lanes' curves up to the furthest frame that was shown. @param {import('./race_timeline.js').RaceTimeline} timeline @param {Measure} measure @returns {Curve[]} */
export function curvesOf({ lanes, furthest }, measure) {
  return lanes.map((history) => {
    const kept = decimate(history[measure], history.indexAt(furthest) + 1, MOST_POINTS);
    return { x: kept.map((i) => history.epoch[i]), y: kept.map((i) => history[measure][i]) };
  });
}

/** Where a curve of losses goes that leaves the chart, and beyond. */
const COLUMN = { train: 1, test: 2, trainScore: 3, testScore: 4 };
const BEYOND = 1e15;

/**
 * The curve of a lane with the steps in which it diverged, if that has been seen.
 * @param {Curve} curve @param {Stop|null|undefined} stop @param {number} furthest frame @param {Measure} measure @returns {Curve}
 */
export function withFall(curve, stop, furthest, measure) {
  if (!stop?.fall || furthest < stop.frame || curve.x.length === 0) return curve;
  const points = stop.fall.map((step) => [step[0], step[COLUMN[measure]]]).filter(([, value]) => value !== null);
  const last = points.at(-1)?.[0] ?? curve.x.at(-1);
  const end = measure.endsWith('Score') ? [] : [[last, BEYOND]];
  const all = [...points, ...end];
  return { x: [...curve.x, ...all.map(([clock]) => clock)], y: [...curve.y, ...all.map(([, value]) => value)] };
}

/**
 * @param {import('../../plot/plot_frame.js').PlotFrame} plot
 * @param {{curves: Curve[], dark: boolean, log: boolean, values: number[], moment: number, background: string}} drawing
 *   `values` of the frame shown are marked at its moment of the clock
 */
export function paintCurves(plot, { curves, dark, log, values, moment, background }) {
  const context = plot.begin();
  const { mapping } = plot;
  const { scale } = mapping;
  /** @returns {[number, number]} */
  const at = (x, y) => [mapping.x + mapping.kx * x, mapping.y + mapping.ky * (log ? Math.log10(y) : y)];
  context.lineJoin = 'round';
  curves.forEach(({ x, y }, k) => {
    context.beginPath();
    for (let i = 0; i < x.length; i++) if (!log || y[i] > 0) context.lineTo(...at(x[i], y[i]));
    context.setLineDash(DASHES[k].map((length) => length * scale));
    context.lineWidth = LINE_WIDTH * scale;
    context.strokeStyle = laneColor(k, dark);
    context.stroke();
  });
  context.setLineDash([]);
  curves.forEach((curve, k) => paintLeaving(context, curve, laneColor(k, dark), at, mapping));
  values.forEach((value, k) => {
    if (!Number.isFinite(value) || (log && !(value > 0))) return;
    context.beginPath();
    context.arc(...at(Math.min(moment, curves[k].x.at(-1) ?? moment), value), MARK_RADIUS * scale, 0, 2 * Math.PI);
    context.lineWidth = scale;
    context.fillStyle = laneColor(k, dark);
    context.fill();
    context.strokeStyle = background;
    context.stroke();
  });
}
