/**
 * Fewer points for the same curve: each bucket keeps its lowest and its highest point, so spikes stay visible.
 */

/**
 * Indices of at most `most` entries of values[0 … length − 1], in order; NaN and infinite values are left out.
 * @param {ArrayLike<number>} values
 * @returns {number[]}
 */
export function decimate(values, length, most) {
  const kept = [];
  if (length <= most) {
    for (let i = 0; i < length; i++) if (Number.isFinite(values[i])) kept.push(i);
    return kept;
  }
  const buckets = (most - 2) >> 1;
  const last = length - 1;
  if (Number.isFinite(values[0])) kept.push(0);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = 1 + Math.floor((bucket * (last - 1)) / buckets);
    const end = 1 + Math.floor(((bucket + 1) * (last - 1)) / buckets);
    let lowest = -1;
    let highest = -1;
    for (let i = start; i < end; i++) {
      if (!Number.isFinite(values[i])) continue;
      if (lowest < 0 || values[i] < values[lowest]) lowest = i;
      if (highest < 0 || values[i] > values[highest]) highest = i;
    }
    if (lowest < 0) continue;
    kept.push(Math.min(lowest, highest));
    if (lowest !== highest) kept.push(Math.max(lowest, highest));
  }
  if (Number.isFinite(values[last])) kept.push(last);
  return kept;
}
