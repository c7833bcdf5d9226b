/**
 * Small pictures of units' activations: a map where the plane has two axes, a curve where it has one.
 *
 * All maps of a frame lie in one strip that is coloured in one go.
 */
import { classTables, valueTable } from '../kit/palette.js';

export class UnitMaps {
  /** @param {[number, number]} shape rows and columns of a map @param {number} count */
  constructor([rows, columns], count) {
    this.rows = rows;
    this.columns = columns;
    this.count = count;
    this.canvas = document.createElement('canvas');
    this.canvas.width = columns;
    this.canvas.height = Math.max(1, rows * count);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    /** Of the frame that was loaded last. @type {Uint8Array} */
    this.bytes = new Uint8Array(0);
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  get isCurve() {
    return this.rows === 1;
  }

  /** Colour the maps. @param {Uint8Array} bytes @param {(map: number) => Uint32Array} tableOf */
  load(bytes, tableOf) {
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
