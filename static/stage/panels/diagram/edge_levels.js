/**
 * How strongly an edge is drawn: weights in a few steps, so that edges of one look are painted in one go, and nothing is
 * painted while no edge has changed its look.
 */

/** Steps for each sign. */
export const LEVELS = 14;
/** Edges between two layers that are drawn at most: the strongest. More would be a grey mass, and slow. */
export const MOST_EDGES = 400;

/** A weight's strength, 0 to 1: the same for the same weight in every network, and never quite full. */
export const strength = (weight) => Math.abs(weight) / (1 + Math.abs(weight));

/** Positive levels for positive weights, negative ones for negative weights, 0 for none worth drawing. */
export const levelOf = (weight) => Math.sign(weight) * Math.ceil(LEVELS * strength(weight) - 0.15) || 0;

/** Steps in which the strongest edges are told from the others. */
const BINS = 512;
const binOf = (weight) => Math.floor((BINS - 1) * strength(weight)) || 0;

/**
 * Write the levels of one layer's weights.
 * @param {Float32Array} parameters
 * @param {number} start index of the first weight
 * @param {Int8Array} levels of this layer's weights, in their order; overwritten
 * @returns {boolean} whether any has changed
 */
export function updateLevels(parameters, start, levels) {
  const cut = levels.length > MOST_EDGES ? cutOf(parameters, start, levels.length) : null;
  let changed = false;
  for (let k = 0; k < levels.length; k++) {
    const weight = parameters[start + k];
    const level = !cut || isDrawn(weight, cut) ? levelOf(weight) : 0;
    if (level === levels[k]) continue;
    levels[k] = level;
    changed = true;
  }
  return changed;
}

/** All edges above a bin are drawn, and of that bin as many as there is room for. @typedef {{bin: number, left: number}} Cut */

/** @returns {Cut} */
function cutOf(parameters, start, count) {
  const counts = new Uint16Array(BINS);
  for (let k = start; k < start + count; k++) counts[binOf(parameters[k])]++;
  let bin = BINS - 1;
  let left = MOST_EDGES;
  while (bin > 0 && counts[bin] <= left) left -= counts[bin--];
  return { bin, left };
}

function isDrawn(weight, cut) {
  const bin = binOf(weight);
  return bin > cut.bin || (bin === cut.bin && cut.left-- > 0);
}
