/**
 * Small pictures of units' activations: a map where the plane has two axes, a curve where it has one.
 *
 * All maps of a frame lie in one strip that is coloured in one go.
 */
import { classTables, valueTable } from '../kit/palette.js';

export class UnitMaps {
  rows = 0;
  columns = 0;
  image = new ImageData(1, 1);
  pixels = new Uint32Array(1);
  /** Of the frame that was loaded last. @type {Uint8Array} */
  bytes = new Uint8Array(0);

  /** @param {number} count how many maps @param {boolean} isCurve whether they are of an axis alone */
  constructor(count, isCurve) {
    this.count = count;
    this.isCurve = isCurve;
    this.canvas = document.createElement('canvas');
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
  }

  #resize(length) {
    this.columns = this.isCurve ? length : Math.round(Math.sqrt(length));
    this.rows = this.isCurve ? 1 : this.columns;
    if (this.isCurve) return;
    this.canvas.width = this.columns;
    this.canvas.height = this.rows * this.count;
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Colour the maps, be they of another size than before. @param {Uint8Array} bytes @param {(map: number) => Uint32Array} tableOf */
  load(bytes, tableOf) {
    if (bytes.length !== this.bytes.length) this.#resize(bytes.length / this.count);
    const { rows, columns, pixels } = this;
    this.bytes = bytes;
    if (this.isCurve) return;
    for (let map = 0, at = 0; map < this.count; map++) {
      const table = tableOf(map);
      for (let row = rows - 1; row >= 0; row--) {
        const start = (map * rows + row) * columns;
        for (let column = 0; column < columns; column++) pixels[at++] = table[bytes[start + column]];
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }

  /** The bytes of one map. */
  bytesOf(map) {
    const length = this.rows * this.columns;
    return this.bytes.subarray(map * length, (map + 1) * length);
  }

  /** Draw a map into a square. @param {{line: string, ground: string, zero: string}} colors of a curve */
  draw(context, map, x, y, side, colors) {
    if (this.isCurve) {
      drawCurve(context, this.bytesOf(map), x, y, side, colors);
      return;
    }
    context.imageSmoothingEnabled = true;
    context.drawImage(this.canvas, 0, map * this.rows, this.columns, this.rows, x, y, side, side);
  }
}

/** Draw bytes as a curve, 128 in the middle. */
export function drawCurve(context, bytes, x, y, side, { line, ground, zero }) {
  context.fillStyle = ground;
  context.fillRect(x, y, side, side);
  context.fillStyle = zero;
  context.fillRect(x, y + side / 2 - 0.5, side, 1);
  context.beginPath();
  for (let k = 0; k < bytes.length; k++) {
    context[k ? 'lineTo' : 'moveTo'](x + (side * k) / (bytes.length - 1), y + side * (1 - bytes[k] / 255));
  }
  context.strokeStyle = line;
  context.lineWidth = Math.max(1, side / 80);
  context.stroke();
}

/**
 * Colour tables: one for signed activations, and for each output its own.
 * @returns {(layer: number, unit: number) => Uint32Array}
 */
export function mapTables(info, shape, dark) {
  const signed = valueTable([-1, 1], dark);
  const classes = shape.outputs.length > 1 && info.task !== 'regression' ? classTables(shape.outputs.length, dark) : null;
  return (layer, unit) => (layer === shape.last && classes ? classes[unit] : signed);
}
