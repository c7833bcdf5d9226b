/**
 * What the boundary panel shows where samples have a single coordinate: the network's curve over it (of several classes,
 * a curve for each), the pieces that add up to the curve, and the function behind the samples.
 */
import { element, svg, svgPath } from '../../../kit/dom.js';
import { classColor } from '../../../kit/palette.js';
import { classesLegend, kindsLegend } from '../../../plot/legends.js';

const CURVE = { width: 3, dash: [] };
const TRUTH = { width: 1.8, dash: [6, 5] };
const PIECE = { width: 1.1, dash: [] };

/** Samples are drawn smaller and lighter than on a map, so that they don't hide the curve. */
export const SAMPLE_LOOK = { radius: 3, opacity: 0.6 };

/** Whether samples lie along a single axis. */
export const isCurve = (info) => info.input_names.length === 1;

/** Titles of both axes. */
export const axisNames = (info) => (isCurve(info) ? [info.input_names[0], info.class_names.length ? 'probability' : 'y'] : info.input_names);

export const curveTitle = ({ class_names: classes }) => (classes.length ? 'Probability of each class' : 'Fitted curve');

/** How to read the panel. */
export function aboutCurve({ layers, output, task }) {
  if (task === 'multiclass') return 'Each curve is the predicted probability of one class. The points of each class have a row of their own.';
  const piece = layers.length ? 'a unit of the last hidden layer' : 'an input';
  const sum = `the sum of the thin ones, shifted by the bias; each thin one is ${piece} times its weight`;
  if (output === 'softmax') return 'The thick curve is the predicted probability of the upper class.';
  return `The thick curve is the prediction for each x: ${output === 'identity' ? sum : `the ${output} of ${sum}`}.`;
}

const colors = (theme) => ({ curve: theme.primary, truth: theme.text, piece: theme.muted });

/** Draw a line through values at even steps between two ends; a value that is no number leaves a gap. */
function trace(context, { x, kx, y, ky }, [left, right], values, offset, count) {
  context.beginPath();
  let drawing = false;
  for (let k = 0; k < count; k++) {
    const value = values[offset + k];
    const px = x + kx * (left + ((right - left) * k) / (count - 1));
    if (Number.isFinite(value)) context[drawing ? 'lineTo' : 'moveTo'](px, y + ky * value);
    drawing = Number.isFinite(value);
  }
  context.stroke();
}

function use(context, { width, dash }, color, opacity, scale) {
  context.lineWidth = width * scale;
  context.setLineDash(dash.map((length) => length * scale));
  context.strokeStyle = color;
  context.globalAlpha = opacity;
}

/**
 * @param {import('../../../plot/plot_frame.js').PlotFrame} plot
 * @param {{info: Object, statics: Object}} run
 * @param {import('../../pictures/pictures.js').Drawn} frame
 * @param {import('../../../kit/theme.js').Theme} theme
 */
export function paintCurve(plot, { info, statics }, { curve, curve_pieces: pieces, plot: shown }, theme) {
  const context = plot.begin();
  const { mapping } = plot;
  const { scale } = mapping;
  const [seen] = shown.domain;
  const color = colors(theme);
  const count = shown.columns;
  context.lineJoin = 'round';
  use(context, PIECE, color.piece, 0.7, scale);
  for (let offset = 0; offset < pieces.length; offset += count) trace(context, mapping, seen, pieces, offset, count);
  use(context, TRUTH, color.truth, 0.55, scale);
  trace(context, mapping, info.domain[0], statics.truth, 0, statics.truth.length);
  for (let offset = 0; offset < curve.length; offset += count) {
    use(context, CURVE, curve.length > count ? classColor(offset / count, theme.dark) : color.curve, 1, scale);
    trace(context, mapping, seen, curve, offset, count);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function lineEntry({ width, dash }, color, opacity, text) {
  const stroke = { d: 'M1 5H23', fill: 'none', stroke: color, 'stroke-width': String(width), 'stroke-opacity': String(opacity) };
  if (dash.length) stroke['stroke-dasharray'] = dash.join(' ');
  const picture = svg({ viewBox: '0 0 24 10', class: 'nn-line', 'aria-hidden': 'true' }, svgPath(stroke));
  return element('li', { title: text }, picture, element('span', { text }));
}

/** Fill the place beside the curve: what the lines and the markers are. @param {HTMLElement} host */
export function fillCurveLegend(host, { info, statics }, theme) {
  const color = colors(theme);
  const lines = element('ul', { class: 'nn-legend nn-lines' });
  if (info.task !== 'multiclass') lines.append(lineEntry(CURVE, color.curve, 1, 'network'));
  if (info.output !== 'softmax') lines.append(lineEntry(PIECE, color.piece, 0.9, info.layers.length ? 'units' : 'inputs'));
  if (statics.truth.some(Number.isFinite)) lines.append(lineEntry(TRUTH, color.truth, 0.7, 'truth'));
  host.replaceChildren(lines);
  if (info.class_names.length) host.append(classesLegend(info, theme));
  if (info.has_test) host.append(kindsLegend(info, theme));
}
