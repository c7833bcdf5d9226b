/**
 * Turns the network's output on a grid into a smooth picture: the values (not the colours) are interpolated, then
 * coloured, so that the boundary between two classes is a sharp curve and not a staircase. A grid as fine as the pixels is
 * coloured as it is.
 */

/** Values to interpolate per picture at most, so that many classes and large screens stay fast. */
const VALUE_BUDGET = 480000;
/** A grid's points this near to the pixels' centres need no interpolation. */
const ALIKE = 1e-3;

/** @typedef {{left: number, right: number, top: number, bottom: number}} Ends pixels where the grid's first and last columns and rows lie */
/** @typedef {{bytes: Uint8Array, planes: number, columns: number, rows: number}} Grid planes × rows × columns, row 0 lowest */

export class SurfacePainter {
  #canvas = document.createElement('canvas');
  #context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(1);
  #key = '';
  #across = axisOf(0, 0, 1, 1, 1);
  #up = this.#across;
  /** A row of each plane. @type {Float32Array[]} */
  #rows = [];

  /**
   * Paint a grid onto a canvas, as far as that reaches.
   *
   * A picture that is as large as its place is put there pixel by pixel. Scaling one costs several times as much, so that
   * is left for more pixels than the budget allows.
   * @param {CanvasRenderingContext2D} context
   * @param {Ends} ends
   * @param {Grid} grid
   * @param {Uint32Array[]} tables one colour table per plane
   */
  paint(context, ends, grid, tables) {
    this.#prepare(context.canvas, ends, grid);
    const [across, up] = [this.#across, this.#up];
    if (across.count === 0 || up.count === 0) return;
    const paintRow = grid.planes === 1 ? this.#paintOne : this.#paintMany;
    for (let y = 0; y < up.n; y++) paintRow.call(this, grid, tables, y);
    if (across.n === across.count && up.n === up.count) {
      context.putImageData(this.#image, across.first, up.first);
      return;
    }
    this.#context.putImageData(this.#image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.#canvas, across.first, up.first, across.count, up.count);
  }

  #prepare({ width, height }, { left, right, top, bottom }, { planes, columns, rows }) {
    const key = `${[width, height, left, right, top, bottom, planes, columns, rows]}`;
    if (key === this.#key) return;
    this.#key = key;
    const many = Math.min(1, Math.sqrt(VALUE_BUDGET / planes / (width * height)));
    this.#across = axisOf(left, right, columns, width, many);
    this.#up = axisOf(bottom, top, rows, height, many);
    const [n, m] = [Math.max(1, this.#across.n), Math.max(1, this.#up.n)];
    if (this.#image.width !== n || this.#image.height !== m) {
      this.#image = new ImageData(n, m);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.#canvas.width = n;
      this.#canvas.height = m;
    }
    if (this.#rows.length !== planes || this.#rows[0].length !== columns) this.#rows = Array.from({ length: planes }, () => new Float32Array(columns));
  }

  /** A plane's values on a row of pixels, at the grid's columns. @returns {ArrayLike<number>} */
  #row({ bytes, columns, rows }, plane, y) {
    const { cell, share } = this.#up;
    const start = (plane * rows + cell[y]) * columns;
    if (share[y] === 0) return bytes.subarray(start, start + columns);
    const out = this.#rows[plane];
    for (let i = 0; i < columns; i++) out[i] = bytes[start + i] + (bytes[start + columns + i] - bytes[start + i]) * share[y];
    return out;
  }

  #paintOne(grid, tables, y) {
    const colors = tables[0];
    const { cell, share, n, isAlike } = this.#across;
    const row = this.#row(grid, 0, y);
    const pixels = this.#pixels;
    const start = y * n;
    if (isAlike) {
      for (let x = 0; x < n; x++) pixels[start + x] = colors[(row[cell[x]] + 0.5) | 0];
      return;
    }
    for (let x = 0; x < n; x++) {
      const left = row[cell[x]];
      pixels[start + x] = colors[(left + (row[cell[x] + 1] - left) * share[x] + 0.5) | 0];
    }
  }

  #paintMany(grid, tables, y) {
    const { cell, share, n } = this.#across;
    const rows = tables.map((_, plane) => this.#row(grid, plane, y));
    const last = grid.columns - 1;
    const pixels = this.#pixels;
    const start = y * n;
    for (let x = 0; x < n; x++) {
      const c = cell[x];
      const next = c < last ? c + 1 : c;
      const s = share[x];
      let best = 0;
      let largest = -1;
      for (let k = 0; k < rows.length; k++) {
        const row = rows[k];
        const value = row[c] + (row[next] - row[c]) * s;
        if (value > largest) {
          largest = value;
          best = k;
        }
      }
      pixels[start + x] = tables[best][(largest + 0.5) | 0];
    }
  }
}

/**
 * Where along an axis the pixels lie that a grid covers: for each the grid's cell, and how far into it.
 * @param {number} start where the grid's first point is, in pixels @param {number} end where its last one is
 * @param {number} points @param {number} length of the canvas @param {number} many picture's pixels for each of the canvas's
 */
function axisOf(start, end, points, length, many) {
  const low = Math.min(start, end);
  const high = Math.max(start, end);
  const first = Math.max(0, Math.ceil(low - 0.5 - ALIKE));
  const count = Math.max(0, Math.min(length, Math.floor(high - 0.5 + ALIKE) + 1) - first);
  const step = (end - start) / Math.max(1, points - 1);
  const n = Math.abs(Math.abs(step) - 1) < ALIKE ? count : Math.ceil(count * many);
  const cell = new Uint16Array(n);
  const share = new Float32Array(n);
  let isAlike = true;
  for (let i = 0; i < n; i++) {
    const pixel = first + ((i + 0.5) * count) / n;
    const position = Math.max(0, Math.min(points - 1, (pixel - start) / step));
    const nearest = Math.round(position);
    const isNear = Math.abs(position - nearest) < ALIKE;
    cell[i] = isNear ? nearest : Math.floor(position);
    share[i] = isNear ? 0 : position - cell[i];
    isAlike &&= isNear;
  }
  // To interpolate, there must be a next point.
  for (let i = 0; !isAlike && i < n; i++) if (cell[i] === points - 1) [cell[i], share[i]] = [points - 2, 1];
  return { first, count, n, cell, share, isAlike };
}
