/**
 * How long the browser's pictures take to compute: `node benchmarks/pictures.mjs`, about half a minute.
 *
 * Each network is one of random weights, of 500 samples on a plane of two coordinates. A *playing* picture is what the stage
 * shows of a frame: the boundary on 41 × 41 points with every unit's map on 21 × 21, what the last hidden layer sees, and the straight
 * scores of all layers. Then its parts alone, the boundary on 61 × 61 points, and at rest on the panel's own pixels.
 * Times are CPU time (of the main thread and what V8 does beside it) in milliseconds, the least and the median of many.
 */
import { PictureMaker } from '../static/network/picture.js';

const DOMAIN = [[-1.2, 1.2], [-1.2, 1.2]];
const SAMPLES = 500;
const FEATURES = [['x1'], ['x2'], ['x1', 2, '**'], ['x2', 2, '**'], ['x1', 'x2', '*'], ['x1', 'sin'], ['x2', 'sin']];
/** Time that is spent on each line of the table. */
const [MS, FEWEST] = [700, 5];

const NETWORKS = {
  '2-8-8-1 tanh': { sizes: [2, 8, 8, 1], activation: 'tanh' },
  '2-8-8-1 relu': { sizes: [2, 8, 8, 1], activation: 'relu' },
  '2-8-8-1 gelu': { sizes: [2, 8, 8, 1], activation: 'gelu' },
  '7-6×8-1 tanh': { sizes: [7, 8, 8, 8, 8, 8, 8, 1], activation: 'tanh' },
  '2-8×64-1 tanh': { sizes: [2, 64, 64, 64, 64, 64, 64, 64, 64, 1], activation: 'tanh' },
};

const square = (side) => ({ columns: side, rows: side, domain: DOMAIN });
const seen = (layer, mode = '2d', projection = 'straight') => ({ layer, projection, units: [0, 1], mode, fit: 0 });

const PICTURES = {
  'playing (41, all)': (last) => ({ surface: square(41), maps: 21, hidden: seen(last), probe: true, trainScore: 0.9 }),
  'boundary 41': () => ({ surface: square(41) }),
  'boundary 41, maps 21': () => ({ surface: square(41), maps: 21 }),
  'hidden, straight': (last) => ({ hidden: seen(last) }),
  'hidden, components': (last) => ({ hidden: seen(last, '2d', 'pca') }),
  'hidden, morph': (last) => ({ hidden: seen(last, 'morph') }),
  'straight scores': () => ({ probe: true }),
  'boundary 61': () => ({ surface: square(61) }),
  'boundary 430': () => ({ surface: square(430) }),
};

/** Numbers from −1 to 1, the same in every run. */
function random(seed) {
  let state = seed;
  return () => {
    state = (1664525 * state + 1013904223) % 2 ** 32;
    return state / 2 ** 31 - 1;
  };
}

function runOf({ sizes, activation }) {
  const next = random(7);
  const inputs = Float32Array.from({ length: 2 * SAMPLES }, next);
  const wave = (x, y) => Math.sin(3 * x) * Math.cos(2 * y) > 0;
  const targets = Float32Array.from({ length: SAMPLES }, (_, k) => Number(wave(inputs[2 * k], inputs[2 * k + 1])));
  const hidden = sizes.slice(1, -1);
  const fed = (x, y) => [x, y, x * x, y * y, x * y, Math.sin(x), Math.sin(y)].slice(0, sizes[0]);
  const info = {
    input_names: ['x₁', 'x₂'],
    inputs: FEATURES.slice(0, sizes[0]).map(String),
    class_names: ['0', '1'],
    surface_range: [0, 1],
    domain: DOMAIN,
    layers: hidden.map((units) => ({ units, range: activation === 'tanh' ? [-1, 1] : [null, null] })),
    network: {
      layer_sizes: sizes,
      activations: hidden.map(() => ({ name: activation, parameters: {} })),
      output: 'sigmoid',
      has_bias: true,
      inputs: { formulas: FEATURES.slice(0, sizes[0]) },
    },
  };
  const statics = {
    inputs,
    targets,
    is_test: Uint8Array.from({ length: SAMPLES }, (_, k) => Number(k >= 0.75 * SAMPLES)),
    sample_inputs: Float32Array.from(Array.from({ length: SAMPLES }, (_, k) => fed(inputs[2 * k], inputs[2 * k + 1])).flat()),
  };
  return { info, statics };
}

/** Weights about as large as in a network that has learned. */
function parametersOf(sizes) {
  const next = random(3);
  return Float32Array.from(
    sizes.slice(1).flatMap((units, k) => Array.from({ length: (sizes[k] + 1) * units }, () => (2.5 * next()) / Math.sqrt(sizes[k]))),
  );
}

function timed(once) {
  const times = [];
  for (let spent = 0; spent < MS || times.length < FEWEST; spent += times.at(-1)) {
    const before = process.cpuUsage();
    once();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return [times[0], times[times.length >> 1]];
}

const only = process.argv[2] ?? '';
for (const [name, network] of Object.entries(NETWORKS)) {
  if (!name.includes(only)) continue;
  const maker = new PictureMaker(runOf(network));
  const parameters = parametersOf(network.sizes);
  console.log(`\n${name.padEnd(24)}    least   median`);
  for (const [picture, wants] of Object.entries(PICTURES)) {
    const [least, median] = timed(() => maker.make(parameters, wants(network.sizes.length - 3)));
    console.log(`  ${picture.padEnd(22)} ${least.toFixed(2).padStart(8)} ${median.toFixed(2).padStart(8)}`);
  }
}
