/**
 * Turns the network's output on a coarse grid into a smooth picture: the values (not the colours) are interpolated, then
 * coloured, so that the boundary between two classes is a sharp curve and not a staircase.
 */

/** Values to interpolate per picture at most, so that many classes and large screens stay fast. */
const VALUE_BUDGET = 480000;

export class SurfacePainter {
  #key = '';

  /**
   * Paint a surface into a rectangle of a canvas.
   *
   * A picture that is as large as its rectangle is put there pixel by pixel. Scaling one costs several times as much, so
   * that is left for zooming in and for more pixels than the budget allows.
   * @param {CanvasRenderingContext2D} context
   * @param {{x: number, y: number, width: number, height: number}} place in pixels of the canvas
   * @param {Uint8Array} surface planes × size × size, row 0 lowest
   * @param {number} planes
   * @param {Uint32Array[]} tables one colour table per plane
   */
  paint(context, place, surface, planes, tables) {
    const size = Math.round(Math.sqrt(surface.length / planes));
    this.#prepare(size, planes, Math.min(Math.round(place.width), Math.floor(Math.sqrt(VALUE_BUDGET / planes))));
    if (planes === 1) this.#paintOne(surface, tables[0]);
    else this.#paintMany(surface, planes, tables);
    const { x, y, width, height } = place;
    if (Math.abs(width - this.side) < 1 && Math.abs(height - this.side) < 1) {
      context.putImageData(this.image, Math.round(x), Math.round(y));
      return;
    }
    this.context.putImageData(this.image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.canvas, x, y, width, height);
  }

  #prepare(size, planes, side) {
    const key = `${size} ${planes} ${side}`;
    if (key === this.#key) return;
    this.#key = key;
    this.size = size;
    this.side = side;
    this.cell = new Uint16Array(side);
    this.share = new Float32Array(side);
    for (let i = 0; i < side; i++) {
      const position = ((i + 0.5) * (size - 1)) / side;
      this.cell[i] = Math.floor(position);
      this.share[i] = position - this.cell[i];
    }
    this.rows = Array.from({ length: planes }, () => new Float32Array(size));
    this.canvas = document.createElement('canvas');
    this.canvas.width = this.canvas.height = side;
    this.context = this.canvas.getContext('2d');
    this.image = this.context.createImageData(side, side);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Interpolate one plane between two grid rows. */
  #row(surface, offset, cell, share, out) {
    const low = offset + cell * this.size;
    const high = low + this.size;
    for (let i = 0; i < this.size; i++) out[i] = surface[low + i] + (surface[high + i] - surface[low + i]) * share;
  }

  #paintOne(surface, colors) {
    const { side, cell, share, pixels } = this;
    const row = this.rows[0];
    for (let y = 0; y < side; y++) {
      this.#row(surface, 0, cell[y], share[y], row);
      const start = (side - 1 - y) * side;
      for (let x = 0; x < side; x++) {
        const left = row[cell[x]];
        pixels[start + x] = colors[(left + (row[cell[x] + 1] - left) * share[x] + 0.5) | 0];
      }
    }
  }

  #paintMany(surface, planes, tables) {
    const { side, cell, share, pixels, rows, size } = this;
    for (let y = 0; y < side; y++) {
      for (let k = 0; k < planes; k++) this.#row(surface, k * size * size, cell[y], share[y], rows[k]);
      const start = (side - 1 - y) * side;
      for (let x = 0; x < side; x++) {
        const c = cell[x];
        const s = share[x];
        let best = 0;
        let largest = -1;
        for (let k = 0; k < planes; k++) {
          const row = rows[k];
          const value = row[c] + (row[c + 1] - row[c]) * s;
          if (value > largest) {
            largest = value;
            best = k;
          }
        }
        pixels[start + x] = tables[best][(largest + 0.5) | 0];
      }
    }
  }
}
