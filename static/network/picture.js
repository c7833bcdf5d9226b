/**
 * What is drawn of a frame, computed from its parameters: the boundary, every unit's map, what hidden layers see, and how well a
 * straight line separates the classes there. No DOM in here: it runs in a worker, and under node.
 */
import { BLOCK, BlockForward } from './block_forward.js';
import { forward, networkFrom } from './forward.js';
import { HiddenSpaces, INPUTS, layersWanted } from './hidden_space.js';
import { LinearProbe } from './linear_probe.js';
import { borderLines } from './lines/borders.js';
import { foldLines } from './lines/fold_lines.js';
import { boundOf, signedBytes, writeBytes } from './maps.js';
import { Plane, samplePoints } from './plane.js';

/** Lines of the warped grid in each direction, and samples along each; of an axis alone, its samples. */
const [LINES, SAMPLES, SAMPLES_OF_ONE] = [13, 31, 121];
/** Most pieces of a curve that are drawn; of more, those that vary most. */
const MOST_PIECES = 24;

/** @typedef {import('./forward.js').Network} Network */
/** @typedef {import('./plane.js').Points} Points */
/** @typedef {import('./plane.js').Grid} Grid */
/** @typedef {import('./linear_probe.js').Activations} Activations */

/**
 * What is wanted of a picture; what is null, 0 or missing isn't computed.
 * @typedef {Object} Wants
 * @property {Grid|null} [surface] the points of the boundary
 * @property {number} [maps] points along a side of the maps of units and inputs
 * @property {import('./hidden_space.js').View|null} [hidden]
 * @property {{lines: number, samples: number}} [grid] of the warped grid
 * @property {boolean} [probe] whether the straight scores are wanted
 * @property {import('./lines/fold_lines.js').FoldsWanted|null} [folds] where units fold the plane
 * @property {Grid|null} [borders] the lines where the answer changes, found on a grid; of an axis alone the curve over it
 * @property {{count: number, grid: Grid}|null} [many] of so many networks, whose parameters follow each other, the outputs over a grid; nothing else is made of these
 * @property {any} [of] the description of another run, whose network this is
 * @property {number} [trainScore] the frame's own training score: the network is one more straight cut
 */

/** @typedef {Object<string, Uint8Array<ArrayBuffer>|Float32Array<ArrayBuffer>>} Picture arrays, named as docs/protocol.md says */

export class PictureMaker {
  #info;
  #plane;
  #isOneLogit;
  #hasFeatures;
  #samples;
  #positions;
  #probe;
  #spaces;
  #plain;
  #withSums;
  /** Points of the last grid of each kind, and the maps of the inputs. @type {Map<string, {key: string, value: any}>} */
  #kept = new Map();

  /** @param {{info: Object, statics: Object<string, any>}} run as a sync brings it */
  constructor({ info, statics }) {
    const { layer_sizes: sizes, output } = info.network;
    const axes = info.input_names;
    this.#info = info;
    this.#plane = new Plane(info);
    this.#isOneLogit = sizes[sizes.length - 1] === 1 && output === 'sigmoid';
    this.#hasFeatures = info.inputs.length !== axes.length || info.inputs.some((/** @type {string} */ name, /** @type {number} */ k) => name !== axes[k]);
    this.#samples = samplePoints(statics.sample_inputs, sizes[0]);
    this.#positions = columns(statics.inputs, 2, axes.length);
    const isTest = /** @type {Uint8Array} */ (statics.is_test);
    const train = isTest.includes(1) ? isTest.indexOf(1) : isTest.length;
    this.#probe = new LinearProbe(statics.targets.subarray(0, train), info.class_names.length);
    this.#spaces = new HiddenSpaces(this.#positions, this.#probe);
    this.#plain = new BlockForward(sizes);
    this.#withSums = new BlockForward(sizes, true);
  }

  /** @param {Float32Array} parameters @param {Wants} wants @returns {Picture} */
  make(parameters, wants) {
    const steps = this.steps(parameters, wants);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }

  /**
   * The same in small steps, so that whoever asks may give up in between.
   * @param {Float32Array} parameters @param {Wants} wants
   * @returns {Generator<void, Picture, void>}
   */
  *steps(parameters, wants) {
    if (wants.many) return yield* this.#many(parameters, wants.many);
    const network = networkFrom(this.#info.network, parameters);
    /** @type {Picture} */
    const picture = {};
    if (wants.hidden || wants.probe) yield* this.#addSeen(picture, network, wants);
    if (wants.folds) yield* this.#addFolds(picture, network, wants.folds);
    if (wants.borders) yield* this.#addBorders(picture, network, wants.borders);
    const surface = wants.surface ?? null;
    const maps = wants.maps ? this.#mapGrid(wants.maps) : null;
    if (maps) this.#addInputMaps(picture, maps);
    const together = surface && maps && isPart(maps, surface);
    if (surface) yield* this.#addPlane(picture, network, surface, surface, together ? maps : null);
    if (maps && !together) yield* this.#addPlane(picture, network, maps, null, maps);
    return picture;
  }

  /**
   * One point of the plane going through the network.
   * @param {Float32Array} parameters @param {number} x @param {number} y
   * @returns {{inputs: Float64Array, layers: Float64Array[], sums: Float64Array[], outputs: Float64Array}}
   */
  at(parameters, x, y) {
    const inputs = this.#plane.inputsAt(x, y);
    return { inputs, ...forward(networkFrom(this.#info.network, parameters), inputs) };
  }

  get #layers() {
    return this.#info.network.layer_sizes.length - 2;
  }

  /** @param {number} side @returns {Grid} */
  #mapGrid(side) {
    return { columns: side, rows: this.#plane.axes > 1 ? side : 1, domain: this.#info.domain };
  }

  /** @param {Picture} picture @param {Network} network @param {import('./lines/fold_lines.js').FoldsWanted} wanted */
  *#addFolds(picture, network, wanted) {
    const { lines, counts, regions } = yield* foldLines(network.hidden, this.#runner('folds', network), wanted);
    Object.assign(picture, { fold_lines: lines, fold_counts: counts, fold_regions: Float32Array.of(regions) });
  }

  /** @param {Picture} picture @param {Network} network @param {Grid} grid */
  *#addBorders(picture, network, grid) {
    if (this.#plane.axes === 1) {
      /** @type {Picture} */
      const seen = {};
      yield* this.#addPlane(seen, network, grid, grid, null);
      picture.border_curve = seen.curve;
    } else picture.border_lines = yield* borderLines(this.#info, network.last.units, this.#runner('borders', network), grid);
  }

  /** @param {string} kind of points that are kept @param {Network} network @returns {import('./lines/fold_lines.js').Runner} */
  #runner(kind, network) {
    const plane = this.#plane;
    return {
      axes: plane.axes,
      linearMaps: plane.linearMaps,
      stride: BLOCK,
      pointsOf: (grid) => this.#pointsOf(kind, grid),
      pointsAt: (x, y) => plane.at(x, y),
      run: (points, depth, each) => this.#run(this.#withSums, points, network, depth, each),
    };
  }

  /** What layers make of the samples and the grid. @param {Picture} picture @param {Network} network @param {Wants} wants */
  *#addSeen(picture, network, { hidden, grid, probe, trainScore = NaN }) {
    const layers = this.#layers;
    const space = hidden ? layersWanted(hidden, layers) : { numbers: [], depth: 0, withSums: false };
    const scored = probe ? Array.from({ length: layers }, (_, k) => k) : [];
    const wanted = { numbers: [...new Set([...space.numbers, ...scored])], depth: probe ? layers : space.depth, withSums: space.withSums };
    const samples = yield* this.#collect(this.#samples, network, wanted);
    if (probe) picture.straight_scores = this.#straightScores(samples, trainScore);
    if (!hidden) return;
    const lines = this.#linesOf(grid);
    const warped = yield* this.#collect(lines, network, space);
    /** @type {Map<number, import('./hidden_space.js').LayerSeen>} */
    const seen = new Map();
    for (const layer of space.numbers) {
      const [before, after] = [/** @type {Collected} */ (samples.get(layer)), /** @type {Collected} */ (warped.get(layer))];
      const sums = before.sums && after.sums ? { samples: before.sums, grid: after.sums } : undefined;
      seen.set(layer, { samples: before.activations, grid: after.activations, sums });
    }
    const onPlane = { samples: this.#positions, grid: lines.positions };
    const { points, grid: coordinates, line, shifts } = this.#spaces.draw(hidden, network, this.#isOneLogit, seen, onPlane, this.#hasFeatures);
    const d = line.length - 1;
    Object.assign(picture, {
      hidden_points: points,
      hidden_grid: coordinates,
      hidden_scale: Float32Array.from({ length: 2 * d }, (_, k) => k % 2),
      hidden_line: line,
      hidden_shifts: shifts,
    });
  }

  /** @param {Map<number, Collected>} samples @param {number} trainScore */
  #straightScores(samples, trainScore) {
    const scores = [this.#keep('score', 'inputs', () => this.#probe.fit(allOf(this.#samples, this.#info.network.layer_sizes[0])).score)];
    for (let layer = 0; layer < this.#layers; layer++) scores.push(this.#probe.fit(/** @type {Collected} */ (samples.get(layer)).activations).score);
    const last = scores.length - 1;
    // What the network says is a line at its last layer. Without layers that would be a number of its own, and not of the inputs.
    if (last > 0 && this.#probe.isClassification && !(scores[last] >= trainScore) && !Number.isNaN(trainScore)) scores[last] = trainScore;
    return Float32Array.from(scores);
  }

  /**
   * The outputs over a grid, and the maps of units whose points are among those of the grid.
   * @param {Picture} picture @param {Network} network @param {Grid} grid @param {Grid|null} surface the grid, where it is the surface's @param {Grid|null} maps
   */
  *#addPlane(picture, network, grid, surface, maps) {
    const points = this.#pointsOf(surface ? 'surface' : 'maps', grid);
    const painted = surface ? this.#paintSurface(picture, network, points.count) : null;
    const unitMaps = maps ? new UnitValues(this.#info.network.layer_sizes, grid, maps) : null;
    yield* this.#run(this.#plain, points, network, Infinity, (block, start, count) => {
      painted?.(block, start, count);
      unitMaps?.note(block, start, count);
    });
    if (surface && this.#plane.axes === 1) picture.curve_pieces = widest(picture.curve_pieces, points.count);
    if (unitMaps) this.#addUnitMaps(picture, unitMaps);
  }

  /**
   * The outputs of many networks over one grid, a network after another.
   * @param {Float32Array} parameters @param {{count: number, grid: Grid}} many
   * @returns {Generator<void, Picture, void>}
   */
  *#many(parameters, { count, grid }) {
    const size = parameters.length / count;
    const points = this.#pointsOf('surface', grid);
    /** @type {Picture[]} */
    const each = [];
    for (let k = 0; k < count; k++) {
      const network = networkFrom(this.#info.network, parameters.subarray(k * size, (k + 1) * size));
      each.push({});
      yield* this.#run(this.#plain, points, network, Infinity, this.#paintSurface(each[k], network, points.count));
    }
    const isCurve = this.#plane.axes === 1;
    return isCurve ? { many_curves: joined(Float32Array, each.map(({ curve }) => curve)) } : { many: joined(Uint8Array, each.map(({ surface }) => surface)) };
  }

  /** Begin a surface, and where there is an axis alone its curves. @returns {(block: import('./block_forward.js').Block, start: number, count: number) => void} what goes on */
  #paintSurface(picture, { hidden, last }, total) {
    const { class_names: classes, surface_range: range } = this.#info;
    // For two classes, of two outputs the second one's probability tells all.
    const first = classes.length === 2 && last.units === 2 ? 1 : 0;
    const planes = last.units - first;
    const surface = new Uint8Array(planes * total);
    const isCurve = this.#plane.axes === 1;
    const pieces = isCurve && last.units === 1 ? last.weights.length : 0;
    const curve = new Float32Array(isCurve ? planes * total : 0);
    const parts = new Float32Array(pieces * total);
    Object.assign(picture, isCurve ? { surface, curve, curve_pieces: parts } : { surface });
    return ({ inputs, layers, outputs }, start, count) => {
      for (let plane = 0; plane < planes; plane++) {
        const from = (first + plane) * BLOCK;
        writeBytes(surface, plane * total + start, outputs, from, count, range);
        if (isCurve) curve.set(outputs.subarray(from, from + count), plane * total + start);
      }
      const before = hidden.length ? layers[hidden.length - 1] : inputs;
      for (let unit = 0; unit < pieces; unit++) {
        for (let p = 0; p < count; p++) parts[unit * total + start + p] = before[unit * BLOCK + p] * last.weights[unit];
      }
    };
  }

  /** @param {Picture} picture @param {UnitValues} maps */
  #addUnitMaps(picture, { values, size }) {
    const { layers, network, surface_range: range } = this.#info;
    const bounds = layers.flatMap((/** @type {{units: number, range: (number|null)[]}} */ layer) => new Array(layer.units).fill(boundOf(layer.range)));
    const outputs = network.layer_sizes[network.layer_sizes.length - 1];
    const hidden = bounds.length * size;
    const { bytes, scales } = signedBytes(values, size, bounds);
    const all = new Uint8Array(hidden + outputs * size);
    all.set(bytes);
    writeBytes(all, hidden, values, hidden, outputs * size, range);
    Object.assign(picture, { unit_maps: all, unit_scales: scales });
  }

  /** The maps of the inputs, which never change. @param {Picture} picture @param {Grid} grid */
  #addInputMaps(picture, grid) {
    const { width } = this.#plane;
    const { bytes, scales } = this.#keep('inputs', keyOf(grid), () => {
      const { values, stride } = allOf(this.#pointsOf('maps', grid), width);
      return signedBytes(values, stride, new Array(width).fill(null), 0);
    });
    Object.assign(picture, { input_maps: bytes.slice(), input_scales: scales.slice() });
  }

  /**
   * What layers make of points.
   * @param {Points} points @param {Network} network @param {{numbers: number[], depth: number, withSums: boolean}} wanted
   * @returns {Generator<void, Map<number, Collected>, void>}
   */
  *#collect(points, network, { numbers, depth, withSums }) {
    const sizes = this.#info.network.layer_sizes;
    /** @type {Map<number, Collected>} */
    const collected = new Map();
    const room = (/** @type {number} */ layer) => ({ values: new Float64Array(sizes[layer + 1] * points.count), units: sizes[layer + 1], stride: points.count });
    for (const layer of numbers) collected.set(layer, { activations: room(layer), sums: withSums && layer !== INPUTS ? room(layer) : undefined });
    yield* this.#run(withSums ? this.#withSums : this.#plain, points, network, depth, (block, start, count) => {
      for (const [layer, { activations, sums }] of collected) {
        gather(activations, layer === INPUTS ? block.inputs : block.layers[layer], start, count);
        if (sums) gather(sums, block.sums[layer], start, count);
      }
    });
    return collected;
  }

  /**
   * Run the network on points, block by block.
   * @param {BlockForward} runner @param {Points} points @param {Network} network @param {number|((start: number, count: number) => number)} depth
   * @param {(block: import('./block_forward.js').Block, start: number, count: number) => void} each
   */
  *#run(runner, points, network, depth, each) {
    for (let start = 0; start < points.count; start += BLOCK) {
      const count = Math.min(BLOCK, points.count - start);
      points.fill(runner.block.inputs, start, count);
      each(runner.run(network, count, typeof depth === 'number' ? depth : depth(start, count)), start, count);
      yield;
    }
  }

  /** @param {{lines: number, samples: number}} [grid] */
  #linesOf(grid) {
    const isPlane = this.#plane.axes > 1;
    const { lines, samples } = grid ?? { lines: LINES, samples: isPlane ? SAMPLES : SAMPLES_OF_ONE };
    const all = isPlane ? lines : 1;
    return this.#keep('lines', `${all} ${samples}`, () => this.#plane.lines(all, samples, this.#info.domain));
  }

  /** @param {string} kind @param {Grid} grid @returns {Points} */
  #pointsOf(kind, grid) {
    return this.#keep(kind, keyOf(grid), () => this.#plane.grid(grid));
  }

  /** What was made last of a kind, or make it. @template T @param {string} kind @param {string} key @param {() => T} make @returns {T} */
  #keep(kind, key, make) {
    const kept = this.#kept.get(kind);
    if (kept?.key === key) return kept.value;
    const value = make();
    this.#kept.set(kind, { key, value });
    return value;
  }
}

/** @typedef {{activations: Activations, sums?: Activations}} Collected */

/** The values of all units and outputs at the points of maps, of which a grid has more. */
class UnitValues {
  #at;
  #next = 0;

  /** @param {number[]} sizes @param {Grid} grid @param {Grid} maps */
  constructor(sizes, grid, maps) {
    this.size = maps.columns * maps.rows;
    this.values = new Float64Array(sizes.slice(1).reduce((sum, units) => sum + units, 0) * this.size);
    const [across, up] = stepsOf(maps, grid);
    this.#at = Int32Array.from({ length: this.size }, (_, k) => Math.floor(k / maps.columns) * up * grid.columns + (k % maps.columns) * across);
  }

  /** @param {import('./block_forward.js').Block} block @param {number} start @param {number} count */
  note({ layers, outputs }, start, count) {
    const first = this.#next;
    while (this.#next < this.size && this.#at[this.#next] < start + count) this.#next++;
    let map = 0;
    for (const layer of [...layers, outputs]) {
      for (let unit = 0; unit < layer.length; unit += BLOCK, map++) {
        for (let k = first; k < this.#next; k++) this.values[map * this.size + k] = layer[unit + this.#at[k] - start];
      }
    }
  }
}

/** Every how many points of a grid there is one of the maps: across and up. @param {Grid} maps @param {Grid} grid */
const stepsOf = (maps, grid) => [(grid.columns - 1) / (maps.columns - 1), maps.rows > 1 ? (grid.rows - 1) / (maps.rows - 1) : 1];

/** Whether the points of maps are among those of a grid. @param {Grid} maps @param {Grid} grid */
function isPart(maps, grid) {
  const isSame = grid.domain.slice(0, maps.rows > 1 ? 2 : 1).every(([low, high], axis) => low === maps.domain[axis][0] && high === maps.domain[axis][1]);
  return isSame && stepsOf(maps, grid).every(Number.isInteger);
}

/** @param {Grid} grid */
const keyOf = ({ columns, rows, domain }) => `${columns} ${rows} ${domain}`;

/** @param {Activations} into @param {Float64Array} block @param {number} start @param {number} count */
function gather({ values, units, stride }, block, start, count) {
  for (let unit = 0; unit < units; unit++) values.set(block.subarray(unit * BLOCK, unit * BLOCK + count), unit * stride + start);
}

/** The inputs of all points. @param {Points} points @param {number} width @returns {Activations} */
function allOf({ count, fill }, width) {
  const all = { values: new Float64Array(width * count), units: width, stride: count };
  const block = new Float64Array(width * BLOCK);
  for (let start = 0; start < count; start += BLOCK) {
    const n = Math.min(BLOCK, count - start);
    fill(block, start, n);
    gather(all, block, start, n);
  }
  return all;
}

/** The first columns of rows of numbers. @param {Float32Array} rows @param {number} width of a row @param {number} units wanted @returns {Activations} */
function columns(rows, width, units) {
  const stride = rows.length / width;
  return { values: Float64Array.from({ length: units * stride }, (_, k) => rows[(k % stride) * width + Math.floor(k / stride)]), units, stride };
}

/**
 * Arrays of one length, one after another.
 * @template {Uint8Array<ArrayBuffer>|Float32Array<ArrayBuffer>} A @param {new (length: number) => A} Kind @param {ArrayLike<number>[]} parts @returns {A}
 */
function joined(Kind, parts) {
  const all = new Kind(parts.reduce((sum, { length }) => sum + length, 0));
  parts.forEach((part, k) => all.set(part, k * part.length));
  return all;
}

/** Of many pieces of a curve those that vary most, in their order. @param {any} pieces @param {number} count points of each */
function widest(pieces, count) {
  const all = Array.from({ length: pieces.length / count }, (_, k) => pieces.subarray(k * count, (k + 1) * count));
  if (all.length <= MOST_PIECES) return pieces;
  const extents = all.map((piece) => Math.max(...piece) - Math.min(...piece));
  const kept = all.map((_, k) => k).sort((a, b) => extents[b] - extents[a]).slice(0, MOST_PIECES).sort((a, b) => a - b);
  const out = new Float32Array(MOST_PIECES * count);
  kept.forEach((k, at) => out.set(all[k], at * count));
  return out;
}
