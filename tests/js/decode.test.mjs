import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../static/messages/decode.js';
import { encode } from './encode.js';

const HEADER = { seq: 3, kind: 'frames', run: 'a–b', settings: 1, reply: 7 };
const LAYOUT = [
  { name: 'counters', dtype: 'u4', shape: [5] },
  { name: 'measures', dtype: 'f8', shape: [2] },
  { name: 'surface', dtype: 'u1', shape: [1, 3, 3] },
  { name: 'points', dtype: 'u2', shape: [3, 2] },
  { name: 'line', dtype: 'f4', shape: [3] },
];
const FRAME = {
  counters: [1, 2, 3, 4, 4000000000],
  measures: [0.1, NaN],
  surface: [0, 1, 2, 3, 4, 5, 6, 7, 255],
  points: [0, 1, 2, 3, 4, 65535],
  line: [0.5, -2, NaN],
};
const STATIC_LAYOUT = [{ name: 'inputs', dtype: 'f4', shape: [1, 3] }, { name: 'is_test', dtype: 'u1', shape: [3] }];
const STATICS = { inputs: [1, 2, 3], is_test: [0, 1, 0] };
const message = () => encode(HEADER, STATIC_LAYOUT, STATICS, LAYOUT, [FRAME, { ...FRAME, counters: [2, 0, 0, 0, 0] }]);

function assertRoundTrip(bytes) {
  const { header, statics, frames } = decode(bytes);
  assert.equal(header.run, HEADER.run);
  assert.deepEqual([...statics.inputs], STATICS.inputs);
  assert.deepEqual([...statics.is_test], STATICS.is_test);
  assert.equal(frames.length, 2);
  for (const name of Object.keys(FRAME)) assert.deepEqual([...frames[0][name]], FRAME[name]);
  assert.equal(frames[1].counters[0], 2);
}

test('what was encoded is decoded', () => assertRoundTrip(message()));

test('a message that begins at an odd address is decoded', () => {
  const bytes = message();
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  assertRoundTrip(shifted);
});

test('aligned arrays are views of the message', () => {
  const bytes = message();
  assert.equal(decode(bytes).frames[0].measures.buffer, bytes.buffer);
});

test('a wrong magic word is refused', () => {
  const bytes = message();
  bytes[0] = 88;
  assert.throws(() => decode(bytes), /must start with 'NNP1'/);
});

test('a message cut anywhere is refused', () => {
  const bytes = message();
  for (const length of [0, 5, 20, bytes.length - 8]) assert.throws(() => decode(bytes.slice(0, length)), /too short/);
});

test('an unknown dtype is refused', () => {
  const bytes = encode(HEADER, [], {}, [{ name: 'a', dtype: 'u1', shape: [0] }], [{ a: [] }]);
  bytes[Buffer.from(bytes).indexOf('"u1"') + 1] = 'q'.charCodeAt(0);
  assert.throws(() => decode(bytes), /unknown dtype 'q1'/);
});
