/**
 * Ink as the server takes it: the part of the pad that holds all of it, a byte for each pixel. No DOM in here, so that
 * node can test it.
 */

/** @typedef {{rows: number, columns: number, ink: string}} Ink `ink` is base64, row by row */

/**
 * @param {Uint8Array|Uint8ClampedArray} bytes side × side
 * @param {number} side
 * @returns {Ink|null} null where there is none
 */
export function inkOf(bytes, side) {
  let [top, bottom, left, right] = [side, -1, side, -1];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (bytes[row * side + column] === 0) continue;
      top = Math.min(top, row);
      bottom = row;
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  }
  if (bottom < 0) return null;
  const [rows, columns] = [bottom - top + 1, right - left + 1];
  let text = '';
  for (let row = top; row <= bottom; row++) {
    text += String.fromCharCode(...bytes.subarray(row * side + left, row * side + right + 1));
  }
  return { rows, columns, ink: btoa(text) };
}

/** Every fourth byte of RGBA: how opaque each pixel is. @param {Uint8ClampedArray} rgba */
export function opacities(rgba) {
  const bytes = new Uint8Array(rgba.length / 4);
  for (let k = 0; k < bytes.length; k++) bytes[k] = rgba[4 * k + 3];
  return bytes;
}
