/**
 * The curves' columns: frame → epoch, train loss, test loss, and the scores.
 *
 * Kept apart from the frames because it outlives them: pictures are evicted after a while, the curve is not. It stays
 * small all the same: when it is full, every second entry goes.
 */

const FIRST_CAPACITY = 1024;
const MOST_ENTRIES = 8192;
/** What is measured at a frame: the name here, and that of a sync's static array. */
const MEASURES = {
  train: 'history_train_loss',
  test: 'history_test_loss',
  trainScore: 'history_train_score',
  testScore: 'history_test_score',
  wholeTestScore: 'history_whole_test_score',
};
const NAMES = Object.keys(MEASURES);

export class History {
  /** Grows whenever an entry changes. */
  version = 0;
  /** One of the columns, which all stand under their names. @type {Float64Array} */
  train;

  constructor() {
    this.clear();
  }

  clear() {
    this.version++;
    this.length = 0;
    this.frame = new Uint32Array(FIRST_CAPACITY);
    this.epoch = new Float64Array(FIRST_CAPACITY);
    for (const name of NAMES) this[name] = new Float64Array(FIRST_CAPACITY);
  }

  /** Replace everything by the columns of a sync. @param {import('../../messages/decode.js').Arrays} statics */
  load(statics) {
    this.clear();
    const { history_frame: frame, history_epoch: epoch } = statics;
    const columns = NAMES.map((name) => statics[MEASURES[name]]);
    for (let i = 0; i < (frame?.length ?? 0); i++) this.record(frame[i], epoch[i], ...columns.map((column) => column?.[i]));
  }

  /**
   * Add a frame at the end, or overwrite the one of that number; a number from a thinned gap is ignored.
   * @param {...number} measures in the order of MEASURES; NaN, or left out, where nothing was measured
   */
  record(frame, epoch, ...measures) {
    const [train] = measures;
    let i = this.length;
    if (i > 0 && frame <= this.frame[i - 1]) {
      i = this.indexAt(frame);
      if (i < 0 || this.frame[i] !== frame || (this.train[i] === train && this.epoch[i] === epoch)) return;
    } else {
      if (i === MOST_ENTRIES) i = this.#thin();
      if (i === this.frame.length) this.#grow();
      this.length++;
    }
    this.version++;
    this.frame[i] = frame;
    this.epoch[i] = epoch;
    NAMES.forEach((name, k) => (this[name][i] = measures[k] ?? NaN));
  }

  /** Forget everything after a frame. */
  truncateAfter(frame) {
    const length = this.indexAt(frame) + 1;
    if (length === this.length) return;
    this.length = length;
    this.version++;
  }

  /** Index of the last entry whose frame is not after `frame`; −1 if there is none. */
  indexAt(frame) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.frame[middle] <= frame) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Epoch of a frame; of the last one before it where that one was thinned out. */
  epochAt(frame) {
    const i = this.indexAt(frame);
    return i < 0 ? 0 : this.epoch[i];
  }

  /** Drop every second entry. @returns {number} how many are left */
  #thin() {
    for (const column of ['frame', 'epoch', ...NAMES].map((name) => this[name])) {
      for (let i = 1; 2 * i < this.length; i++) column[i] = column[2 * i];
    }
    this.length = Math.ceil(this.length / 2);
    return this.length;
  }

  #grow() {
    for (const name of ['frame', 'epoch', ...NAMES]) {
      const larger = new this[name].constructor(2 * this[name].length);
      larger.set(this[name]);
      this[name] = larger;
    }
  }
}
