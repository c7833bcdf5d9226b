/**
 * What static/network computes, for Python: `node tests/js/harness/network.mjs`, driven by tests/network/network_in_node.py.
 *
 * Comes in: messages of docs/protocol.md, each after its length (u4). The header's `call` names one of the calls below; the run
 * that came last stays. Goes out, after its length, the same kind of message: arrays, each as a single row of numbers, or in the
 * header the `error` that was thrown.
 */
import { decode } from '../../../static/messages/decode.js';
import { BLOCK, BlockForward } from '../../../static/network/block_forward.js';
import * as elementary from '../../../static/network/elementary.js';
import { forward, networkFrom } from '../../../static/network/forward.js';
import { eigen, solve } from '../../../static/network/linear_algebra.js';
import { LinearProbe } from '../../../static/network/linear_probe.js';
import { signedBytes, writeBytes } from '../../../static/network/maps.js';
import { PictureMaker } from '../../../static/network/picture.js';
import { samplePoints } from '../../../static/network/plane.js';
import { encode } from '../encode.js';
import { stdinMessages } from './stdin_messages.mjs';

/** @type {PictureMaker} */
let maker;

const CALLS = {
  /** Begin a run: the `info` and the static arrays of a sync. */
  run({ info }, statics) {
    maker = new PictureMaker({ info, statics });
    return {};
  },

  /** What each hidden layer and the outputs make of `samples`, a row for each: many at once, and the first one by itself. */
  forward({ network: description }, { parameters, samples }) {
    const sizes = description.layer_sizes;
    const network = networkFrom(description, parameters);
    const runner = new BlockForward(sizes);
    const points = samplePoints(samples, sizes[0]);
    const names = [...sizes.slice(1, -1).map((_, k) => `layer_${k}`), 'outputs'];
    const all = sizes.slice(1).map((units) => new Float64Array(units * points.count));
    for (let start = 0; start < points.count; start += BLOCK) {
      const count = Math.min(BLOCK, points.count - start);
      points.fill(runner.block.inputs, start, count);
      const { layers, outputs } = runner.run(network, count);
      [...layers, outputs].forEach((layer, k) => {
        for (let unit = 0; unit < sizes[k + 1]; unit++) all[k].set(layer.subarray(unit * BLOCK, unit * BLOCK + count), unit * points.count + start);
      });
    }
    const alone = forward(network, samples.subarray(0, sizes[0]));
    const answer = (layers, suffix) => Object.fromEntries(layers.map((layer, k) => [`${names[k]}${suffix}`, layer]));
    return { ...answer(all, ''), ...answer([...alone.layers, alone.outputs], '_alone') };
  },

  picture: ({ wants }, { parameters }) => maker.make(parameters, wants),

  /** One point going through. */
  at({ x, y }, { parameters }) {
    const { inputs, layers, outputs } = maker.at(parameters, x, y);
    return { inputs, ...Object.fromEntries(layers.map((layer, k) => [`layer_${k}`, layer])), outputs };
  },

  /** The linear probe of samples, a row of `activations` for each unit. */
  probe({ classes, units }, { targets, activations }) {
    const probe = new LinearProbe(targets, classes);
    const samples = { values: activations, units, stride: targets.length };
    const fit = probe.fit(samples);
    const { weights, constants } = probe.cut(fit, samples);
    return { score: [fit.score], weights: weights.flatMap((row) => [...row]), constants };
  },

  elementary: ({ name }, { x }) => ({ values: x.map(Object.entries(elementary).find(([known]) => known === name)[1]) }),

  eigen({ size }, { matrix }) {
    const { values, vectors } = eigen(matrix, size);
    return { values, vectors: vectors.flatMap((vector) => [...vector]) };
  },

  solve: ({ size }, { matrix, sides }) => ({ solutions: solve(matrix, sides, size) }),

  signedBytes({ size, bounds, least }, { values }) {
    return signedBytes(values, size, bounds, least);
  },

  bytes({ range }, { values }) {
    const bytes = new Uint8Array(values.length);
    writeBytes(bytes, 0, values, 0, values.length, range);
    return { bytes };
  },
};

function reply(bytes) {
  try {
    const { header, statics } = decode(bytes);
    return packed({}, CALLS[header.call](header, statics));
  } catch (error) {
    return packed({ error: error.message }, {});
  }
}

function packed(header, arrays) {
  const dtype = (array) => (array instanceof Uint8Array ? 'u1' : array instanceof Float32Array ? 'f4' : 'f8');
  const layout = Object.entries(arrays).map(([name, array]) => ({ name, dtype: dtype(array), shape: [array.length] }));
  return Buffer.from(encode(header, layout, arrays, [], []));
}

for await (const bytes of stdinMessages()) {
  const answer = reply(bytes);
  const length = Buffer.alloc(4);
  length.writeUint32LE(answer.length);
  process.stdout.write(Buffer.concat([length, answer]));
}
