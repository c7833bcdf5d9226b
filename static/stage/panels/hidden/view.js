/**
 * What a view of the hidden layers means, for all that draw it.
 */
import { plotlyText } from '../../../kit/text.js';
import { GRID_LINES } from '../../pictures/pictures.js';

/**
 * The view as it is drawn: a layer of one or two units is always shown flat and as it is, and without layers so is the
 * input plane.
 * @param {import('../../run/run_state.js').View} view @param {{units: number}[]} layers
 */
export function drawnView(view, layers) {
  const mode = view.mode ?? '2d';
  const flat = layers.length === 0 || (mode === '3d' && layers[view.layer].units <= 2);
  return { ...view, mode: flat ? '2d' : mode };
}

/** Whether the network is fed with something else than the coordinates of the plane. @param {Object} info of the run */
export const hasFeatures = ({ inputs, input_names: axes }) => inputs.length !== axes.length || inputs.some((name, k) => name !== axes[k]);

/** Whether the coordinates are units. */
export const asUnits = (view, layer) => layer.units <= 2 || view.projection === 'units';

/**
 * Names of coordinates that are no units.
 * @param {import('../../run/run_state.js').View} view @param {{task: string, class_names: string[]}} info @param {number} n how many
 */
export function directionNames({ projection }, { task, class_names: classes }, n) {
  const numbered = (word) => Array.from({ length: n }, (_, k) => `${word} ${k + 1}`);
  if (projection !== 'straight') return numbered('component');
  if (classes.length > 2) return numbered('direction');
  const [first, other] = task === 'regression' ? ['straight-line fit', 'across it'] : ['across the line', 'along the line'];
  return [first, ...(n > 2 ? [`${other}, 1`, `${other}, 2`] : [other])];
}

/** An axis's name, safe for Plotly. */
export const unitName = (layer, unit) => `unit ${unit + 1} (${plotlyText(layer.activation)})`;

/**
 * Lowest and highest value of a coordinate of the samples.
 * @param {{hidden_points: Uint16Array, hidden_scale: Float32Array}} frame
 * @param {number} coordinate @param {number} d how many there are @param {number} start @param {number} end of the stored numbers
 * @returns {[number, number]}
 */
export function extentOf({ hidden_points: points, hidden_scale: scale }, coordinate, d, start = 0, end = points.length) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = start + coordinate; i < end; i += d) {
    if (points[i] < low) low = points[i];
    if (points[i] > high) high = points[i];
  }
  const [offset, factor] = [scale[2 * coordinate], scale[2 * coordinate + 1]];
  return [offset + factor * low, offset + factor * high];
}

/**
 * The warped grid's lines in each direction, and the points along a line.
 * @param {Object} info @param {number} length of the grid's numbers @param {number} d coordinates of a point
 */
export function gridShape({ input_names: axes }, length, d) {
  const lines = axes.length === 2 ? GRID_LINES : 1;
  return { lines, samples: length / (2 * lines * d) };
}
