/** The trainings of a sweep that the browser knows of, and what the map tells of each cell. No DOM in here. */

/** @typedef {'success'|'test_score'|'train_score'|'test_loss'|'train_loss'} Measure */
/** @typedef {{values: string[], label: string, name: string}} Axis */
/** @typedef {{axes: Axis[], seeds: number[], epochs: number, common: string, task: string, has_test: boolean}} Grid */
/** @typedef {{done: number, total: number, reached: number, diverged: number, median: number}} Cell */
/** @typedef {{seed: number, diverged: boolean, epochs: ArrayLike<number>, losses: ArrayLike<number>, score: number}} Curve */

const NUMBERS = ['test_score', 'train_score', 'test_loss', 'train_loss'];

export class Outcomes {
  /** By the number of the training. @type {Map<number, {diverged: boolean, epoch: ArrayLike<number>, train: ArrayLike<number>, test: ArrayLike<number>, values: Object<string, number>}>} */
  #known = new Map();

  /** @param {string} id of the sweep, empty before there is one @param {Grid} grid */
  constructor(id, grid) {
    this.id = id;
    this.grid = grid;
  }

  /** How many trainings are known. */
  get size() {
    return this.#known.size;
  }

  /** How many cells there are. */
  get cells() {
    return this.grid.axes.reduce((product, { values }) => product * values.length, 1);
  }

  /** Of which samples scores are told: there may be no test set. @returns {'test'|'train'} */
  get set() {
    return this.grid.has_test ? 'test' : 'train';
  }

  /**
   * Take the trainings of a message. @param {import('../../messages/decode.js').Arrays} statics
   * @returns {Set<number>} the cells that they belong to
   */
  take(statics) {
    const changed = new Set();
    let at = 0;
    for (let i = 0; i < statics.index.length; i++) {
      const index = statics.index[i];
      const end = at + statics.points[i];
      const part = (name) => statics[name].slice(at, end);
      const values = Object.fromEntries(NUMBERS.map((name) => [name, statics[name][i]]));
      this.#known.set(index, { diverged: statics.diverged[i] === 1, epoch: part('curve_epoch'), train: part('curve_train'), test: part('curve_test'), values });
      changed.add(Math.floor(index / this.grid.seeds.length));
      at = end;
    }
    return changed;
  }

  /** What a cell comes to. @param {number} cell @param {Measure} measure @param {number} target score @returns {Cell} */
  cell(cell, measure, target) {
    const known = this.#ofCell(cell);
    const name = measure === 'success' ? `${this.set}_score` : measure;
    const values = known.map(({ outcome }) => outcome.values[name]);
    return {
      done: known.length,
      total: this.grid.seeds.length,
      reached: values.filter((value) => value >= target).length,
      diverged: known.filter(({ outcome }) => outcome.diverged).length,
      median: median(values, name.endsWith('loss') ? Infinity : -Infinity),
    };
  }

  /** The loss curve of each of a cell's seeds. @param {number} cell @param {'test'|'train'} set @returns {Curve[]} */
  curves(cell, set) {
    return this.#ofCell(cell).map(({ seed, outcome }) => ({
      seed, diverged: outcome.diverged, epochs: outcome.epoch, losses: outcome[set], score: outcome.values[`${this.set}_score`],
    }));
  }

  /** The value of each setting in a cell: the last setting goes fastest. @param {number} cell @returns {number[]} */
  placeOf(cell) {
    const places = [];
    let rest = cell;
    for (const { values } of [...this.grid.axes].reverse()) {
      places.unshift(rest % values.length);
      rest = Math.floor(rest / values.length);
    }
    return places;
  }

  /** The values of a cell in words, such as "learning rate 0.03, hidden layers 8". @param {number} cell */
  nameOf(cell) {
    const places = this.placeOf(cell);
    const name = this.grid.axes.map(({ label, values }, k) => `${label.toLowerCase()} ${values[places[k]]}`).join(', ');
    return name.charAt(0).toUpperCase() + name.slice(1);
  }

  /** The best cell so far: most seeds that reach the target, among equals the best median; null before any is done. @param {number} target */
  best(target) {
    let best = null;
    for (let cell = 0; cell < this.cells; cell++) {
      const { done, reached, median: middle } = this.cell(cell, 'success', target);
      if (done === 0 || Number.isNaN(middle)) continue;
      if (!best || reached > best.reached || (reached === best.reached && middle > best.middle)) best = { cell, reached, middle };
    }
    return best?.cell ?? null;
  }

  #ofCell(cell) {
    const { seeds } = this.grid;
    const found = [];
    for (let k = 0; k < seeds.length; k++) {
      const outcome = this.#known.get(cell * seeds.length + k);
      if (outcome) found.push({ seed: seeds[k], outcome });
    }
    return found;
  }
}

/**
 * The median, what has no number counting as worst. @param {number[]} values @param {number} worst
 * @returns {number} NaN where that is the median, or there are no values
 */
export function median(values, worst) {
  if (values.length === 0) return NaN;
  const sorted = values.map((value) => (Number.isNaN(value) ? worst : value)).sort((a, b) => a - b);
  const half = sorted.length / 2;
  const middle = Number.isInteger(half) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
  return Number.isFinite(middle) ? middle : NaN;
}

/**
 * The median curve of several, at the epochs that most of them have. Those that ended before count as worst.
 * @param {Curve[]} curves @returns {{epochs: number[], losses: number[]}}
 */
export function medianCurve(curves) {
  const longest = curves.reduce((best, curve) => (curve.epochs.length > best.epochs.length ? curve : best), curves[0]);
  const epochs = [];
  const losses = [];
  for (let i = 0; i < (longest?.epochs.length ?? 0); i++) {
    const epoch = longest.epochs[i];
    const middle = median(curves.map((curve) => lossAt(curve, epoch)), Infinity);
    if (Number.isNaN(middle)) break;
    epochs.push(epoch);
    losses.push(middle);
  }
  return { epochs, losses };
}

/** A curve's loss at an epoch, straight between its points; NaN beyond its end. */
function lossAt({ epochs, losses }, epoch) {
  const after = Array.prototype.findIndex.call(epochs, (value) => value >= epoch);
  if (after < 0) return NaN;
  if (epochs[after] === epoch || after === 0) return losses[after];
  const share = (epoch - epochs[after - 1]) / (epochs[after] - epochs[after - 1]);
  return losses[after - 1] + share * (losses[after] - losses[after - 1]);
}
