/**
 * How many columns and how large: images of one size, as large as fits into a box.
 */

/**
 * @param {number} n images @param {number} width @param {number} height of the box @param {number} gap between images
 * @param {number} ratio height of an image by its width
 * @returns {{columns: number, rows: number, size: number, left: number, top: number}} `size` is an image's width;
 *   `left`, `top`: where the first one is, so that the grid is centred
 */
export function fitGrid(n, width, height, gap, ratio = 1) {
  let best = { columns: 1, rows: n, size: 0 };
  for (let columns = 1; columns <= n; columns++) {
    const rows = Math.ceil(n / columns);
    const size = Math.floor(Math.min((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows / ratio));
    if (size > best.size) best = { columns, rows, size };
  }
  const size = Math.max(1, best.size);
  const wide = best.columns * size + gap * (best.columns - 1);
  const high = best.rows * size * ratio + gap * (best.rows - 1);
  return { ...best, size, left: Math.max(0, (width - wide) / 2), top: Math.max(0, (height - high) / 2) };
}
