/**
 * The samples and the input plane's grid as hidden layers see them: one layer in two or three coordinates, or all the steps
 * from the plane to the last layer.
 */
import { dot, eigen, rowProducts } from './linear_algebra.js';

/** Farthest that a hidden activation is drawn, so that its square is finite: just before a run diverges. */
const FARTHEST = 1e15;
/** Farthest that a coordinate is drawn: its scale must be finite in single precision. */
const FARTHEST_DRAWN = 1e30;
/** Share of the largest variance below which a second direction means nothing: then a fit isn't kept. */
const FLAT = 1e-12;
/** The network's inputs, as if they were a layer: the one before the first. */
export const INPUTS = -1;

/** @typedef {import('./linear_probe.js').Activations} Activations */

/**
 * What a layer makes of the samples and of the grid; the same of the sums before its activation, where they are wanted.
 * @typedef {{samples: Activations, grid: Activations, sums?: {samples: Activations, grid: Activations}}} LayerSeen
 */

/**
 * @typedef {Object} View
 * @property {number} layer 0 the first hidden one
 * @property {'units'|'pca'|'straight'} projection
 * @property {number[]} units
 * @property {'2d'|'3d'|'morph'} mode
 * @property {number} fit how often principal components were fitted again
 */

/**
 * Takes activations to coordinates, basisᵀ(a − centre). `basis` has a row for each coordinate; `line`, the factors of the
 * coordinates and the constant of a cut that was fitted.
 * @typedef {{centre: ArrayLike<number>, basis: ArrayLike<number>[], line: number[]|null}} Projection
 */

/** @typedef {{points: Float32Array, grid: Float32Array, line: Float32Array, shifts: Float32Array}} HiddenSpace */

export class HiddenSpaces {
  #positions;
  #probe;
  /** Principal components, fitted once for each layer. @type {Map<number, Projection>} */
  #fits = new Map();
  #fit = 0;

  /**
   * @param {Activations} positions of the samples on the plane
   * @param {import('./linear_probe.js').LinearProbe} probe fits straight cuts to the first of the samples, those that are trained on
   */
  constructor(positions, probe) {
    this.#positions = positions;
    this.#probe = probe;
  }

  /**
   * What a view shows.
   * @param {View} view
   * @param {import('./forward.js').Network} network
   * @param {boolean} isOneLogit whether it has a single sigmoid output
   * @param {Map<number, LayerSeen>} seen by number, the layers that are wanted (see `layersWanted`)
   * @param {{samples: Activations, grid: Activations}} plane what is on the plane itself; for the first stage of a morph
   * @param {boolean} hasFeatures whether the inputs are others than the coordinates of the plane
   * @returns {HiddenSpace}
   */
  draw(view, network, isOneLogit, seen, plane, hasFeatures) {
    if (view.fit !== this.#fit) {
      this.#fit = view.fit;
      this.#fits.clear();
    }
    const layers = network.hidden.length;
    if (view.mode === 'morph' && layers) return this.#morph(view, network, isOneLogit, seen, plane, hasFeatures);
    const layer = layers ? view.layer : INPUTS;
    const shown = drawable(/** @type {LayerSeen} */ (seen.get(layer)));
    const kind = layers || view.projection === 'straight' ? view.projection : 'pca';
    const projection = this.#projection({ ...view, layer, projection: kind }, network, shown.samples);
    const line = undecided(layer, projection, network, isOneLogit);
    return spaceOf([projected(projection, shown.samples)], [projected(projection, shown.grid)], line, []);
  }

  #morph(view, network, isOneLogit, seen, plane, hasFeatures) {
    const kind = view.projection === 'straight' ? 'straight' : 'pca';
    const itself = unchanged(plane.samples.units);
    const points = [projected(itself, plane.samples)];
    const grid = [projected(itself, plane.grid)];
    const shifts = [];
    let projection = itself;
    for (let layer = hasFeatures ? INPUTS : 0; layer < network.hidden.length; layer++) {
      const { samples, grid: lines, sums } = drawable(/** @type {LayerSeen} */ (seen.get(layer)));
      projection = this.#projection({ layer, projection: kind, units: [], mode: '2d', fit: 0 }, network, samples);
      if (sums) {
        points.push(projected(projection, sums.samples));
        grid.push(projected(projection, sums.grid));
        const { biases, units } = network.hidden[layer];
        const along = projection.basis.map((row) => (biases ? dot(row, 0, biases, 0, units) : 0));
        shifts.push(Number(along[0]), along[1] ?? 0);
      }
      points.push(projected(projection, samples));
      grid.push(projected(projection, lines));
    }
    const line = undecided(network.hidden.length - 1, projection, network, isOneLogit);
    return spaceOf(points, grid, line, shifts);
  }

  /** @param {View} view @param {import('./forward.js').Network} network @param {Activations} samples @returns {Projection} */
  #projection(view, network, samples) {
    const { units } = samples;
    if (units <= 2) return unchanged(units);
    if (view.projection === 'units') {
      return { centre: new Float64Array(units), basis: view.units.map((unit) => new Float64Array(units).fill(1, unit, unit + 1)), line: null };
    }
    const d = view.mode === '3d' ? 3 : 2;
    const projection = view.projection === 'straight' ? this.#separating(view.layer, network, samples, d) : null;
    if (projection) return projection;
    const { centre, basis } = this.#principalComponents(view.layer, samples);
    return { centre, basis: basis.slice(0, d), line: null };
  }

  /**
   * Directions in which the straight cut shows, then those in which the samples spread most besides.
   *
   * A cut between two classes is where the first coordinate is 0; of a regression that is the value that is fitted. Of several
   * classes the differences between their linear functions decide: between three they lie in a plane, of more the largest
   * of them are shown.
   * @param {number} layer @param {import('./forward.js').Network} network @param {Activations} samples @param {number} d
   * @returns {Projection|null}
   */
  #separating(layer, network, samples, d) {
    const { weights, constants } = this.#cut(layer, network, samples);
    if (!weights.every((row) => row.every(Number.isFinite)) || !weights.some((row) => row.some(Boolean))) return null;
    const { units } = samples;
    const isCut = weights.length === 1 && this.#probe.isClassification;
    const mean = means(samples);
    let centre = mean;
    /** @type {Float64Array[]} */
    let basis;
    if (weights.length === 1) {
      const length = Math.sqrt(dot(weights[0], 0, weights[0], 0, units));
      const direction = weights[0].map((w) => w / length);
      const distance = (dot(weights[0], 0, mean, 0, units) + constants[0]) / length;
      centre = mean.map((value, unit) => value - direction[unit] * distance);
      basis = [direction];
    } else {
      basis = differences(weights, units).slice(0, d);
    }
    const given = basis.length;
    basis = basis.concat(spreadBesides(samples, mean, basis).slice(0, d - given));
    const isFit = weights.length === 1 && !isCut;
    const turned = basis.map((row, k) => {
      const across = along(row, samples, k < given ? centre : mean);
      // A direction of the spread has no sign of its own.
      const isDown = agreement(this.#positions, this.#positions.units - 1, across) < 0;
      const sign = isDown && !(k === 0 && weights.length === 1) ? -1 : 1;
      if (k >= given) return row.map((value) => sign * value);
      // Units that nearly agree are parted along a direction in which they hardly spread: drawn as large as others.
      const size = isFit ? 1 / Math.sqrt(dot(weights[0], 0, weights[0], 0, units)) : across.reduce((sum, value) => sum + Math.abs(value), 0) / across.length;
      const factor = Number.isFinite(size) && size > 0 ? sign / size : sign;
      return row.map((value) => factor * value);
    });
    return { centre, basis: turned, line: isCut ? [1, ...new Array(d).fill(0)] : null };
  }

  /** The best straight cut known after a layer: after the last one, perhaps the network's own. */
  #cut(layer, { hidden, last }, samples) {
    const probe = this.#probe;
    const fit = probe.fit(samples);
    const cut = probe.cut(fit, samples);
    if (layer !== hidden.length - 1 || !probe.isClassification) return cut;
    const weights = Array.from({ length: last.units }, (_, k) => Float64Array.from({ length: samples.units }, (__, unit) => last.weights[unit * last.units + k]));
    const constants = Array.from({ length: last.units }, (_, k) => last.biases?.[k] ?? 0);
    const own = probe.judge(weights, constants, samples);
    return own.score > cut.score || Number.isNaN(cut.score) ? own : cut;
  }

  /**
   * The directions along which the samples of the first fit spread most.
   *
   * Fitted to every frame they would turn all the time, and the picture with them.
   * @param {number} layer @param {Activations} samples @returns {Projection}
   */
  #principalComponents(layer, samples) {
    const kept = this.#fits.get(layer);
    if (kept) return kept;
    const centre = means(samples);
    const { values, vectors } = eigen(scatter(samples, centre), samples.units);
    // A component has no sign of its own: left to right, and low to high, as on the plane.
    const basis = vectors.slice(0, 3).map((row, k) => {
      const axis = Math.min(k, this.#positions.units - 1);
      return k < 2 && agreement(this.#positions, axis, along(row, samples, centre)) < 0 ? row.map((value) => -value) : row;
    });
    const projection = { centre, basis, line: null };
    if (values[1] > FLAT * values[0]) this.#fits.set(layer, projection);
    return projection;
  }
}

/** The layers that `draw` needs for a view: their numbers, and whether with their sums. @param {View} view @param {number} layers hidden ones */
export function layersWanted({ mode, layer }, layers) {
  if (!layers) return { numbers: [INPUTS], depth: 0, withSums: false };
  if (mode !== 'morph') return { numbers: [layer], depth: layer + 1, withSums: false };
  return { numbers: Array.from({ length: layers + 1 }, (_, k) => k - 1), depth: layers, withSums: true };
}

/** @param {number} units @returns {Projection} */
const unchanged = (units) => ({
  centre: new Float64Array(units),
  basis: Array.from({ length: units }, (_, k) => new Float64Array(units).fill(1, k, k + 1)),
  line: null,
});

/** Where the one logit is 0, in the coordinates of a projection, if those tell the last layer's all; else NaN. */
function undecided(layer, { centre, basis, line }, { hidden, last }, isOneLogit) {
  if (line) return line;
  const [units, d] = [centre.length, basis.length];
  const isAll = units === d && new Set(basis.map((row) => row.join())).size === d;
  if (layer !== hidden.length - 1 || !isOneLogit || !isAll) return new Array(Math.max(d, 2) + 1).fill(NaN);
  const factors = basis.map((row) => dot(row, 0, last.weights, 0, units));
  if (d === 1) factors.push(0);
  return [...factors, (last.biases?.[0] ?? 0) + dot(last.weights, 0, centre, 0, units)];
}

/** @param {LayerSeen} seen @returns {LayerSeen} */
function drawable({ samples, grid, sums }) {
  const both = (/** @type {{samples: Activations, grid: Activations}} */ pair) => ({ samples: bounded(pair.samples), grid: bounded(pair.grid) });
  return { ...both({ samples, grid }), sums: sums && both(sums) };
}

/** @param {Activations} activations @returns {Activations} with numbers for what is none, and none too far */
function bounded(activations) {
  const { values } = activations;
  if (values.every((value) => Math.abs(value) < FARTHEST)) return activations;
  return { ...activations, values: values.map((value) => (value < FARTHEST ? Math.max(value, -FARTHEST) : FARTHEST)) };
}

/** @param {Activations} activations @returns {Float64Array} each unit's mean */
function means({ values, units, stride }) {
  return Float64Array.from({ length: units }, (_, unit) => {
    let sum = 0;
    for (let p = 0; p < stride; p++) sum += values[unit * stride + p];
    return sum / stride;
  });
}

/** Products of the deviations from `centre`, all pairs of units. @param {Activations} samples @param {Float64Array} centre */
function scatter({ values, units, stride }, centre) {
  const deviations = new Float64Array(units * stride);
  for (let unit = 0, k = 0; unit < units; unit++) {
    for (let p = 0; p < stride; p++, k++) deviations[k] = values[k] - centre[unit];
  }
  return rowProducts(deviations, units, stride, stride, new Float64Array(units * units));
}

/** The directions in which samples spread, the widest first, when what lies along `basis` is taken off. */
function spreadBesides(samples, mean, basis) {
  const { values, units, stride } = samples;
  const rest = new Float64Array(units * stride);
  for (let unit = 0, k = 0; unit < units; unit++) {
    for (let p = 0; p < stride; p++, k++) rest[k] = values[k] - mean[unit];
  }
  for (const row of basis) {
    const coordinates = along(row, samples, mean);
    for (let unit = 0, k = 0; unit < units; unit++) {
      for (let p = 0; p < stride; p++, k++) rest[k] -= row[unit] * coordinates[p];
    }
  }
  return eigen(rowProducts(rest, units, stride, stride, new Float64Array(units * units)), units).vectors;
}

/** The directions in which linear functions differ, the largest differences first. @param {Float64Array[]} weights @param {number} units */
function differences(weights, units) {
  const k = weights.length;
  const rows = new Float64Array(k * units);
  for (let unit = 0; unit < units; unit++) {
    const mean = weights.reduce((sum, row) => sum + row[unit], 0) / k;
    weights.forEach((row, at) => (rows[at * units + unit] = row[unit] - mean));
  }
  const { values, vectors } = eigen(rowProducts(rows, k, units, units, new Float64Array(k * k)), k);
  return vectors
    .filter((_, at) => values[at] > FLAT * values[0])
    .map((vector, at) => {
      const direction = new Float64Array(units);
      for (let unit = 0; unit < units; unit++) {
        for (let row = 0; row < k; row++) direction[unit] += vector[row] * rows[row * units + unit];
      }
      return direction.map((value) => value / Math.sqrt(values[at]));
    });
}

/** The coordinate of each point along a direction. @param {ArrayLike<number>} row @param {Activations} activations @param {ArrayLike<number>} centre */
function along(row, { values, units, stride }, centre) {
  const out = new Float64Array(stride);
  for (let unit = 0; unit < units; unit++) {
    const [factor, middle] = [row[unit], centre[unit]];
    if (factor) for (let p = 0; p < stride; p++) out[p] += factor * (values[unit * stride + p] - middle);
  }
  return out;
}

/** Whether coordinates grow with an axis of the plane: above 0 if they do. @param {Activations} positions @param {number} axis @param {Float64Array} coordinates */
const agreement = (positions, axis, coordinates) => dot(positions.values, axis * positions.stride, coordinates, 0, coordinates.length);

/** All coordinates of points; a layer of one unit gets a second one of 0. @param {Projection} projection @param {Activations} activations */
function projected({ centre, basis }, activations) {
  const rows = basis.map((row) => along(row, activations, centre));
  if (rows.length === 1) rows.push(new Float64Array(activations.stride));
  return rows;
}

/** @param {Float64Array[][]} points coordinates of the samples, in each stage @param {Float64Array[][]} grid @param {number[]} line @param {number[]} shifts */
function spaceOf(points, grid, line, shifts) {
  return { points: interleaved(points), grid: interleaved(grid), line: Float32Array.from(line), shifts: Float32Array.from(shifts, drawn) };
}

const drawn = (/** @type {number} */ value) => Math.max(-FARTHEST_DRAWN, Math.min(FARTHEST_DRAWN, value || 0));

/** Coordinates point by point. @param {Float64Array[][]} stages */
function interleaved(stages) {
  const [d, n] = [stages[0].length, stages[0][0].length];
  const out = new Float32Array(stages.length * n * d);
  stages.forEach((rows, stage) =>
    rows.forEach((row, k) => {
      for (let p = 0, at = stage * n * d + k; p < n; p++, at += d) out[at] = drawn(row[p]);
    }),
  );
  return out;
}
