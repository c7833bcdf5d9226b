/**
 * How many columns and how large: images of one size, as large as fits into a box.
 */

/**
 * @param {number} n images @param {number} width @param {number} height of the box
 * @param {number[]} shape rows and columns of an image, in its own pixels @param {number} gap between images, in such pixels
 * @returns {{across: number, width: number, height: number, left: number, top: number}} images in a row; and where the whole
 *   sheet lies, centred
 */
export function fitSheet(n, width, height, [rows, columns], gap) {
  let best = { across: 1, scale: 0, wide: 1, high: 1 };
  for (let across = 1; across <= n; across++) {
    const wide = across * (columns + gap) - gap;
    const high = Math.ceil(n / across) * (rows + gap) - gap;
    const scale = Math.min(width / wide, height / high);
    if (scale > best.scale) best = { across, scale, wide, high };
  }
  const { across, scale, wide, high } = best;
  return { across, width: scale * wide, height: scale * high, left: (width - scale * wide) / 2, top: (height - scale * high) / 2 };
}
