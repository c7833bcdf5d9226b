/** Values over the plane as the bytes that pictures are coloured by. */

/** An unbounded activation has its full colour at its largest value over the plane, but not below this one: what is nearly zero is to look so. */
export const LEAST_SCALE = 1;
/** Farthest that a value is drawn, so that its scale is finite in single precision: just before a run diverges. */
const FARTHEST = 1e30;
const SMALLEST_SCALE = 1e-30;

/**
 * Write values as bytes: 0 for `low`, 255 for `high`, clipped outside; what is no number as `low`.
 * @param {Uint8Array} out @param {number} at where the first goes
 * @param {Float64Array} values @param {number} start @param {number} count @param {number[]} range
 */
export function writeBytes(out, at, values, start, count, [low, high]) {
  const factor = 255 / (high - low);
  for (let p = 0; p < count; p++) {
    const value = values[start + p];
    out[at + p] = value > low ? (Math.min(value, high) - low) * factor + 0.5 : 0;
  }
}

/**
 * Maps as bytes, 0 for minus and 255 for plus a scale of its own for each map, and those scales.
 * @param {Float64Array} values of all maps, one after another
 * @param {number} size of a map
 * @param {(number|null)[]} bounds for each map the largest size that its values can have, null where there is none: then the scale is the largest that the map has
 * @param {number} least scale where there is no bound
 * @returns {{bytes: Uint8Array<ArrayBuffer>, scales: Float32Array<ArrayBuffer>}}
 */
export function signedBytes(values, size, bounds, least = LEAST_SCALE) {
  const bytes = new Uint8Array(bounds.length * size);
  const scales = new Float32Array(bounds.length);
  bounds.forEach((bound, map) => {
    const start = map * size;
    const end = start + size;
    let largest = bound ?? Math.max(least, SMALLEST_SCALE);
    if (bound === null) for (let k = start; k < end; k++) largest = Math.max(largest, Math.abs(finite(values[k])));
    scales[map] = largest;
    const factor = 127.5 / largest;
    for (let k = start; k < end; k++) bytes[k] = Math.max(0, Math.min(255, finite(values[k]) * factor + 128));
  });
  return { bytes, scales };
}

/** @param {number} value */
const finite = (value) => (value < FARTHEST ? Math.max(value, -FARTHEST) : FARTHEST);

/** The largest size of an activation, null where it has no bounds. @param {(number|null)[]} range its lowest and highest value */
export const boundOf = ([low, high]) => (low === null || high === null ? null : Math.max(Math.abs(low), Math.abs(high)));
