/**
 * How large the gradient is that reaches each layer, from the start to the frame shown.
 */
import { niceTop } from '../../../plot/ranges.js';
import { layerColor, layerNames } from './layer_names.js';

const SPARE = 0.15;

/**
 * Rows of epoch and norms as one curve for each layer, without what isn't known or can't be drawn on a logarithmic axis.
 * @param {Float32Array} rows @param {number} layers
 * @returns {{x: number[], y: number[]}[]}
 */
export function normCurves(rows, layers) {
  const width = layers + 1;
  return Array.from({ length: layers }, (_, layer) => {
    const curve = { x: [], y: [] };
    for (let row = 0; row * width < rows.length; row++) {
      const norm = rows[row * width + 1 + layer];
      if (!(norm > 0) || !Number.isFinite(norm)) continue;
      curve.x.push(rows[row * width]);
      curve.y.push(norm);
    }
    return curve;
  });
}

/** Axis ranges; the second one as powers of ten, in steps so that it seldom moves. */
export function normRanges(curves, lastEpoch) {
  const values = curves.flatMap(({ y }) => y);
  const x = [0, niceTop(Math.max(1, lastEpoch))];
  if (!values.length) return { x, y: [-2, 0] };
  const low = Math.floor(2 * (Math.log10(Math.min(...values)) - SPARE)) / 2;
  const high = Math.ceil(2 * (Math.log10(Math.max(...values)) + SPARE)) / 2;
  return { x, y: [low, high] };
}

/** @param {import('../../../plot/plot_frame.js').PlotFrame} plot @param {Object} info */
export function paintNorms(plot, curves, info, theme) {
  const context = plot.begin();
  const { mapping } = plot;
  const { scale } = mapping;
  const names = layerNames(info);
  const ends = [];
  context.lineJoin = 'round';
  curves.forEach(({ x, y }, layer) => {
    if (!x.length) return;
    /** @returns {[number, number]} */
    const at = (k) => [mapping.x + mapping.kx * x[k], mapping.y + mapping.ky * Math.log10(y[k])];
    context.beginPath();
    x.forEach((_, k) => context.lineTo(...at(k)));
    context.lineWidth = 1.8 * scale;
    context.strokeStyle = layerColor(layer, curves.length, theme);
    context.stroke();
    const [left, top] = at(x.length - 1);
    context.beginPath();
    context.arc(left, top, 3 * scale, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle;
    context.fill();
    ends.push({ left, top, text: layer < names.length - 1 ? String(layer + 1) : 'out' });
  });
  nameEnds(context, ends, scale * theme.scale, theme);
}

/** Write each curve's name beside its end, pushed apart where they would overlap. */
function nameEnds(context, ends, scale, theme) {
  const line = 13 * scale;
  const { width, height } = context.canvas;
  context.font = `600 ${12 * scale}px ${theme.font}, sans-serif`;
  context.textBaseline = 'middle';
  context.lineWidth = 3 * scale;
  context.strokeStyle = theme.background;
  context.fillStyle = theme.text;
  ends.sort((a, b) => a.top - b.top);
  let above = -Infinity;
  const room = height - line * ends.length;
  ends.forEach((end, k) => {
    above = Math.max(Math.min(end.top, room + line * (k + 0.5)), above + line, line / 2);
    const fits = end.left + 26 * scale < width;
    context.textAlign = fits ? 'left' : 'right';
    const left = end.left + (fits ? 6 : -6) * scale;
    context.strokeText(end.text, left, above);
    context.fillText(end.text, left, above);
  });
}
