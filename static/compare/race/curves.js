/** Curves of lanes over the clock, each in its lane's colour and dash, on the canvas under a chart. */
import { laneColor } from '../../kit/palette.js';
import { decimate } from '../../plot/decimate.js';
import { DASHES } from '../shared/lane_look.js';

const MOST_POINTS = 500;
const LINE_WIDTH = 2;
const MARK_RADIUS = 4;

/** @typedef {import('../../stage/panels/curves/curve_painter.js').Curve} Curve */
/** @typedef {'train'|'test'|'trainScore'|'testScore'} Measure */

/** The lanes' curves up to the furthest frame that was shown. @param {import('./race_timeline.js').RaceTimeline} timeline @param {Measure} measure @returns {Curve[]} */
export function curvesOf({ lanes, furthest }, measure) {
  return lanes.map((history) => {
    const kept = decimate(history[measure], history.indexAt(furthest) + 1, MOST_POINTS);
    return { x: kept.map((i) => history.epoch[i]), y: kept.map((i) => history[measure][i]) };
  });
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
