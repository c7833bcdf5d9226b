/**
 * Paints the loss curves on the canvas under the chart, with every frame: a thirtieth of what a redraw by Plotly costs.
 */
import { decimate } from './decimate.js';
import { testLoss, trainLoss } from './frame.js';

const MOST_POINTS = 600;
const LINE_WIDTH = 1.8;
const DASH = [5, 4];
const MARK_RADIUS = 4;

/** @typedef {{x: number[], y: number[]}} Curve epochs and losses, few enough to draw */

/**
 * Both curves up to the furthest frame that was shown.
 * @param {import('./timeline.js').Timeline} timeline
 * @returns {Curve[]} train, test
 */
export function lossCurves({ history, furthest }) {
  const length = history.indexAt(furthest) + 1;
  return [history.train, history.test].map((column) => {
    const kept = decimate(column, length, MOST_POINTS);
    return { x: kept.map((i) => history.epoch[i]), y: kept.map((i) => column[i]) };
  });
}

/** Lowest positive and highest loss of some curves. @param {Curve[]} curves */
export function lossExtent(curves) {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const { y } of curves) {
    for (const value of y) {
      if (value > highest) highest = value;
      if (value < lowest && value > 0) lowest = value;
    }
  }
  return { lowest, highest };
}

/**
 * @param {import('./plot_frame.js').PlotFrame} plot
 * @param {{curves: Curve[], colors: string[], log: boolean, frame: Object|null, epoch: number, background: string}} drawing
 *   the frame shown, if any, is marked at `epoch`
 */
export function paintLosses(plot, { curves, colors, log, frame, epoch, background }) {
  const context = plot.begin();
  const { mapping } = plot;
  const { scale } = mapping;
  const height = log ? Math.log10 : (value) => value;
  const atX = (x) => mapping.x + mapping.kx * x;
  const atY = (y) => mapping.y + mapping.ky * height(y);
  context.lineJoin = 'round';
  curves.forEach(({ x, y }, k) => {
    context.beginPath();
    for (let i = 0; i < x.length; i++) if (!log || y[i] > 0) context.lineTo(atX(x[i]), atY(y[i]));
    context.setLineDash(k === 0 ? [] : DASH.map((length) => length * scale));
    context.lineWidth = LINE_WIDTH * scale;
    context.strokeStyle = colors[k];
    context.stroke();
  });
  if (!frame) return;
  context.setLineDash([]);
  [trainLoss(frame), testLoss(frame)].forEach((loss, k) => {
    if (!Number.isFinite(loss) || (log && !(loss > 0))) return;
    context.beginPath();
    context.arc(atX(epoch), atY(loss), MARK_RADIUS * scale, 0, 2 * Math.PI);
    context.fillStyle = colors[k];
    context.fill();
    context.strokeStyle = background;
    context.stroke();
  });
}
