/**
 * Reads one message of the stage protocol (docs/protocol.md).
 *
 * Why a module of its own: the layout is decided by the server, so everything here is driven by the header and knows no
 * sizes; the Python tests run exactly this file under node against the packer.
 */

/** @typedef {{name: string, dtype: string, shape: number[]}} Field */
/** @typedef {Object<string, Uint8Array|Uint16Array|Uint32Array|Float32Array|Float64Array>} Arrays */
/** @typedef {{header: Object, statics: Arrays, frames: Arrays[]}} Message */

const MAGIC = 'NNP1';
const ALIGNMENT = 8;
const ARRAY_TYPES = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array };

const aligned = (offset) => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

/** Hands out the arrays of a body one after another, as views where their address allows it. */
class Reader {
  /** @param {Uint8Array} bytes @param {number} offset */
  constructor(bytes, offset) {
    this.bytes = bytes;
    this.offset = offset;
  }

  /** @param {Field} field */
  array({ name, dtype, shape }) {
    const Type = ARRAY_TYPES[dtype];
    if (!Type) throw new Error(`array '${name}' has the unknown dtype '${dtype}'`);
    const length = shape.reduce((product, size) => product * size, 1);
    const start = aligned(this.offset);
    const end = start + length * Type.BYTES_PER_ELEMENT;
    if (end > this.bytes.length) {
      throw new Error(`message is too short: '${name}' ends at byte ${end}, the message has ${this.bytes.length}`);
    }
    this.offset = end;
    const address = this.bytes.byteOffset + start;
    if (address % Type.BYTES_PER_ELEMENT === 0) return new Type(this.bytes.buffer, address, length);
    return new Type(this.bytes.slice(start, end).buffer);
  }

  /** @param {Field[]} layout @returns {Arrays} */
  arrays(layout) {
    const out = {};
    for (const field of layout) out[field.name] = this.array(field);
    return out;
  }
}

/**
 * Decode a message, or say that it can't be read.
 * @param {Uint8Array} bytes
 * @param {(sentence: string) => void} tell
 * @returns {Message|null}
 */
export function decodeOrTell(bytes, tell) {
  try {
    return decode(bytes);
  } catch (error) {
    console.error('nnplay:', error);
    tell('The browser couldn’t read the server’s message. Reload the page.');
    return null;
  }
}

/**
 * Decode a message.
 * @param {Uint8Array} bytes
 * @returns {Message}
 */
export function decode(bytes) {
  if (bytes.length < 8) throw new Error(`message is too short: ${bytes.length} bytes, 8 are needed for its start`);
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== MAGIC) throw new Error(`message must start with '${MAGIC}'; got ${JSON.stringify(magic)}`);
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true);
  if (8 + headerLength > bytes.length) {
    throw new Error(`message is too short: its header ends at byte ${8 + headerLength}, the message has ${bytes.length}`);
  }
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  const reader = new Reader(bytes, 8 + headerLength);
  const statics = reader.arrays(header.static_layout ?? []);
  const frames = [];
  for (let k = 0; k < header.n_frames; k++) frames.push(reader.arrays(header.frame_layout));
  return { header, statics, frames };
}
