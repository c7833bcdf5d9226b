/**
 * What the answers on screen are held against: a frame that was kept, or the end of another branch. The kept frame stays with
 * the tab, as choices of how one looks at a run do.
 */
import { element, select } from '../../../kit/dom.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { epochOf } from '../../../messages/frame.js';
import { areComparable } from '../../../plot/difference.js';
import { branchText } from '../../controls/branch_bar.js';

const KEY = 'nnplay.keptFrame';
/** A larger network isn't kept longer than the page. */
const MOST_KEPT = 50000;
const NONE = 'none';
const KEPT = 'kept';

/** @typedef {{parameters: Float32Array, info: any, run: string, words: string}} Kept */
/** @typedef {{parameters: Float32Array, of: any, words: string}} Other `of`: its run's description, where that is another run */

export class Comparison {
  /** @type {Kept|null} */
  #kept = load();
  #chosen = preference('difference', NONE);
  #run = null;
  #listed = '';
  /** The branches' last networks, the same arrays as long as the run is the same. @type {Map<string, Float32Array>} */
  #ends = new Map();

  /** @param {{shown: () => {frame: any, steps: number}|null, onChange: () => void}} options `shown`: the frame on screen, and the steps in its epochs */
  constructor({ shown, onChange }) {
    this.onChange = onChange;
    this.choice = select('Difference to', [], NONE, (value) => this.#choose(value));
    this.keep = element('button', { type: 'button', class: 'nn-text-button nn-keep-frame', text: 'Keep this frame', title: 'Compare what comes with the frame that is on screen now' });
    this.keep.addEventListener('click', () => {
      const now = shown();
      if (now && this.#run) this.#keep(now);
    });
    this.root = element('div', { class: 'nn-show-difference' }, element('label', { class: 'nn-show-label' }, element('span', { text: 'Difference to' }), this.choice), this.keep);
  }

  setRun(run) {
    this.#run = run;
    this.#ends = new Map();
    for (const [name, array] of Object.entries(run.statics)) {
      const branch = /^branch_(.+)_parameters$/.exec(name)?.[1];
      if (branch) this.#ends.set(branch, array);
    }
    this.#listed = '';
  }

  /** @param {import('../../run/run_state.js').RunState} state */
  update({ branch, branches }) {
    const others = branches.filter(({ name }) => name !== branch && this.#ends.has(name));
    const key = JSON.stringify([others, this.#kept?.words, this.#chosen]);
    if (key === this.#listed) return;
    this.#listed = key;
    const kept = this.#kept;
    const options = [
      [NONE, 'nothing'],
      ...(kept ? [[KEPT, kept.words]] : []),
      ...others.map((each) => [each.name, `branch ${branchText(each)}`]),
    ];
    this.choice.replaceChildren(...options.map(([value, text]) => element('option', { value, text })));
    const isThere = options.some(([value]) => value === this.#chosen);
    this.choice.value = isThere ? this.#chosen : NONE;
  }

  /** What is chosen, whether or not it can be held against this run. @returns {Other|null} */
  get other() {
    if (!this.#run || this.#chosen === NONE) return null;
    if (this.#chosen === KEPT) return this.#kept && { parameters: this.#kept.parameters, of: this.#kept.run === this.#run.id ? null : this.#kept.info, words: this.#kept.words };
    const end = this.#ends.get(this.#chosen);
    return end ? { parameters: end, of: null, words: `branch ${this.#chosen}` } : null;
  }

  /** The same, where it can. @returns {Other|null} */
  get comparable() {
    const { other } = this;
    return other && (!other.of || areComparable(other.of, this.#run.info)) ? other : null;
  }

  #choose(value) {
    this.#chosen = value;
    keepPreference('difference', value);
    this.#listed = '';
    this.onChange();
  }

  #keep({ frame, steps }) {
    const { info, id } = this.#run;
    this.#kept = { parameters: frame.parameters.slice(), info, run: id, words: `epoch ${Number(epochOf(frame, steps).toFixed(2)).toLocaleString('en-US')} (kept)` };
    store(this.#kept);
    this.#choose(KEPT);
  }
}

/** @param {Kept} kept */
function store({ parameters, ...rest }) {
  try {
    if (parameters.length > MOST_KEPT) window.sessionStorage.removeItem(KEY);
    else window.sessionStorage.setItem(KEY, JSON.stringify({ ...rest, parameters: [...parameters] }));
  } catch {
    // No storage, or no room in it: it stays as long as the page.
  }
}

/** @returns {Kept|null} */
function load() {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(KEY) ?? 'null');
    const isWhole = kept && typeof kept.words === 'string' && typeof kept.run === 'string' && kept.info?.network && Array.isArray(kept.parameters) && kept.parameters.every(Number.isFinite);
    return isWhole ? { ...kept, parameters: Float32Array.from(kept.parameters) } : null;
  } catch {
    return null; // no storage, or somebody else's text in it
  }
}
