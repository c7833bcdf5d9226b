/**
 * The pad's way from ink to an answer, for Python: `node tests/js/harness/pad.mjs`, driven by tests/server/pad_in_node.py.
 *
 * Comes in: messages of docs/protocol.md, each after its length (u4). Their arrays may be a network's, as the pad gets it, and
 * `pads` (u1, images × side × side: how opaque each pixel is), `inks` (f8, images × rows × columns, any unit; bare paper
 * around is allowed) or `samples` (f8, samples × inputs). Goes out, a line of JSON for each: `images` as the network would
 * be fed with them, and, where there is a network, its `outputs` and the hidden `layers`, for each pad, ink or sample. What
 * is thrown goes out as `error`.
 */
import { decode } from '../../../static/messages/decode.js';
import { forward } from '../../../static/network/forward.js';
import { normalised } from '../../../static/pad/handwriting.js';
import { inkOf } from '../../../static/pad/ink.js';
import { read, readerOf } from '../../../static/pad/reading.js';
import { stdinMessages } from './stdin_messages.mjs';

/** The parts of a decoded array along its first axis. */
function parts({ header, statics }, name) {
  const [n, ...shape] = header.static_layout.find((field) => field.name === name)?.shape ?? [0];
  const size = shape.reduce((product, side) => product * side, 1);
  return Array.from({ length: n }, (_, k) => ({ shape, values: statics[name].subarray(k * size, (k + 1) * size) }));
}

/** What getImageData would bring of it. */
function rgbaOf(opacities) {
  const rgba = new Uint8ClampedArray(4 * opacities.length);
  opacities.forEach((value, k) => (rgba[4 * k + 3] = value));
  return rgba;
}

function answer(message) {
  const { header, statics } = message;
  const reader = statics.weights_1 ? readerOf(header, statics) : null;
  const said = { images: [], outputs: [], layers: [] };
  const note = ({ seen, outputs, layers }) => {
    if (seen) said.images.push(Array.from(seen));
    if (outputs) said.outputs.push(Array.from(outputs));
    if (layers) said.layers.push(layers.map((layer) => Array.from(layer)));
  };
  const through = (ink) => note(reader ? read(reader, ink) : { seen: normalised(ink, header.shape).values });
  for (const { shape: [side], values } of parts(message, 'pads')) through(inkOf(rgbaOf(values), side));
  for (const { shape: [rows, columns], values } of parts(message, 'inks')) through({ rows, columns, values });
  for (const { values } of parts(message, 'samples')) note(forward(reader.network, values));
  return said;
}

function reply(bytes) {
  try {
    return answer(decode(bytes));
  } catch (error) {
    return { error: error.message };
  }
}

for await (const bytes of stdinMessages()) process.stdout.write(`${JSON.stringify(reply(bytes))}\n`);
