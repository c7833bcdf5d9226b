/** Grey images as numbers, and what one does with them. No DOM in here, so that node can test it. */

/** @typedef {{rows: number, columns: number, values: ArrayLike<number>}} Image row by row, 0 where the paper is bare */

/** @param {number} rows @param {number} columns @returns {{rows: number, columns: number, values: Float64Array}} */
export const bare = (rows, columns) => ({ rows, columns, values: new Float64Array(rows * columns) });

/** Every value on its own. @param {Image} image @param {(value: number) => number} change */
export function mapped({ rows, columns, values }, change) {
  const image = bare(rows, columns);
  for (let k = 0; k < values.length; k++) image.values[k] = change(values[k]); // many times faster than Float64Array.from
  return image;
}

/** @param {ArrayLike<number>} values @returns {number} the largest, and at least 0 */
export function strongest(values) {
  let most = 0;
  for (let k = 0; k < values.length; k++) most = Math.max(most, values[k]);
  return most;
}

/** The smallest part that holds all ink. @param {Image} image @returns {Image|null} null where there is none */
export function cropped({ rows, columns, values }) {
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (values[row * columns + column] === 0) continue;
      top = Math.min(top, row);
      bottom = row;
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  }
  if (bottom < 0) return null;
  const part = bare(bottom - top + 1, right - left + 1);
  placed(part, { rows, columns, values }, -top, -left);
  return part;
}

/** Write what of `image` lies on `paper` when its upper left corner is put there. @param {Image & {values: Float64Array}} paper @param {Image} image */
export function placed(paper, image, top, left) {
  for (let row = Math.max(0, top); row < Math.min(paper.rows, top + image.rows); row++) {
    for (let column = Math.max(0, left); column < Math.min(paper.columns, left + image.columns); column++) {
      paper.values[row * paper.columns + column] = image.values[(row - top) * image.columns + column - left];
    }
  }
  return paper;
}

/** So many rows and columns, each new pixel the mean of what it covers of the old ones. @param {Image} image */
export function resized(image, rows, columns) {
  return resizedRows(turned(resizedRows(turned(image), columns)), rows);
}

/** The row and the column, in pixels, about which the ink balances. @param {Image} image @returns {[number, number]} */
export function centreOfMass({ rows, columns, values }) {
  let [total, down, along] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      total += value;
      down += row * value;
      along += column * value;
    }
  }
  return [down / total, along / total];
}

/** Rows become columns. */
function turned({ rows, columns, values }) {
  const image = bare(columns, rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) image.values[column * rows + row] = values[row * columns + column];
  }
  return image;
}

function resizedRows({ rows, columns, values }, nRows) {
  const image = bare(nRows, columns);
  const height = rows / nRows;
  for (let row = 0; row < nRows; row++) {
    const [from, to] = [row * height, (row + 1) * height];
    for (let old = Math.floor(from); old < Math.min(rows, to); old++) {
      const share = (Math.min(to, old + 1) - Math.max(from, old)) / height;
      for (let column = 0; column < columns; column++) image.values[row * columns + column] += share * values[old * columns + column];
    }
  }
  return image;
}
