/** What is painted on the pad, as ink: how opaque each pixel is. No DOM in here, so that node can test it. */

/**
 * @param {Uint8ClampedArray} rgba @param {number} side
 * @returns {import('./images.js').Image|null} null where the pad is bare
 */
export function inkOf(rgba, side) {
  const values = new Uint8Array(side * side);
  let most = 0;
  for (let k = 0; k < values.length; k++) {
    values[k] = rgba[4 * k + 3];
    most = Math.max(most, values[k]);
  }
  return most > 0 ? { rows: side, columns: side, values } : null;
}
