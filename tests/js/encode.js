/** Writes stage messages (docs/protocol.md) for the tests and the harness: the mirror image of decode.js. */

const SIZES = { u1: 1, u2: 2, u4: 4, f4: 4, f8: 8 };
const SETTERS = { u1: 'setUint8', u2: 'setUint16', u4: 'setUint32', f4: 'setFloat32', f8: 'setFloat64' };
const aligned = (n) => Math.ceil(n / 8) * 8;
const count = (shape) => shape.reduce((a, b) => a * b, 1);

/**
 * @param {Object} header without the layouts and n_frames
 * @param {Array} staticLayout @param {Object} statics
 * @param {Array} frameLayout @param {Object[]} frames
 * @returns {Uint8Array}
 */
export function encode(header, staticLayout, statics, frameLayout, frames) {
  const full = { ...header, n_frames: frames.length, static_layout: staticLayout, frame_layout: frameLayout };
  const text = new TextEncoder().encode(JSON.stringify(full));
  const headerLength = aligned(text.length);
  const parts = [...staticLayout.map((field) => [field, statics]), ...frames.flatMap((frame) => frameLayout.map((field) => [field, frame]))];
  let length = 8 + headerLength;
  for (const [{ dtype, shape }] of parts) length = aligned(length) + SIZES[dtype] * count(shape);
  const bytes = new Uint8Array(aligned(length));
  bytes.set(new TextEncoder().encode('NNP1'), 0);
  bytes.fill(32, 8, 8 + headerLength);
  bytes.set(text, 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, headerLength, true);
  let offset = 8 + headerLength;
  for (const [{ name, dtype, shape }, values] of parts) {
    offset = aligned(offset);
    for (let i = 0; i < count(shape); i++) {
      view[SETTERS[dtype]](offset, values[name][i], true);
      offset += SIZES[dtype];
    }
  }
  return bytes;
}
