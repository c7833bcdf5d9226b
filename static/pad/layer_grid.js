/** How a layer's units are laid out and coloured. No DOM in here, so that node can test it. */

/** Columns that a layer may take. */
const MOST_COLUMNS = 25;

/** Rows and columns for so many units: as few rows as fit, all but the last full. @param {number} units */
export function layerGrid(units) {
  const rows = Math.ceil(units / MOST_COLUMNS);
  return { rows, columns: Math.ceil(units / rows) };
}

/**
 * The activation that has the full colour: the activation function's own bound, or the largest there is, rounded up to
 * two digits and at least 1, so that faint layers look faint.
 * @param {ArrayLike<number>} activations @param {[number|null, number|null]} range null where there is no bound
 */
export function scaleOf(activations, [low, high]) {
  if (low !== null && high !== null) return Math.max(Math.abs(low), Math.abs(high));
  const largest = Array.from(activations).reduce((most, a) => (Number.isFinite(a) ? Math.max(most, Math.abs(a)) : most), 1);
  const unit = 10 ** (Math.floor(Math.log10(largest)) - 1);
  return Math.ceil(largest / unit - 1e-9) * unit;
}
