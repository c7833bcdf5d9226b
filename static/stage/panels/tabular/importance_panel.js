/**
 * Which columns matter: a bar for each, as long as the loss grows when the column's values are shuffled among the rows.
 */
import { checkbox, element, setText } from '../../../kit/dom.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { ScrollBox } from '../../../kit/scroll_box.js';
import { shortName } from '../../../kit/text.js';
import { niceTop } from '../../../plot/ranges.js';
import { Panel } from '../panel.js';

const ABOUT =
  'How much the loss grows when a column’s values are shuffled among the rows. The longer the bar, the more the network relies on that column. Columns with the same information share their importance. The categories of a column of words are shuffled together.';

/** Losses are computed in single precision: what changes them less is rounding. */
const LEAST = 1e-6;

/** Longer names get more of the width, and a second line. */
const SHORT_NAME = 12;

/**
 * How long the bars are, as shares of the longest that fits; what makes the loss smaller has none.
 * @param {ArrayLike<number>} importance
 */
export function barShares(importance) {
  const finite = Array.from(importance, (value) => (Number.isFinite(value) ? value : 0));
  const largest = Math.max(...finite, 0);
  if (largest < LEAST) return finite.map(() => 0);
  const full = niceTop(largest);
  return finite.map((value) => Math.max(0, value) / full);
}

/**
 * The numbers beside the bars, all with the decimals that the largest needs.
 * @param {ArrayLike<number>} importance
 */
export function importanceTexts(importance) {
  const largest = Math.max(...Array.from(importance, (value) => (Number.isFinite(value) ? Math.abs(value) : 0)));
  const digits = largest < LEAST ? 0 : Math.max(0, 2 - Math.floor(Math.log10(largest)));
  const text = (value) => value.toFixed(digits).replace('-', '−').replace(/^−(0(\.0*)?)$/, '$1');
  return Array.from(importance, (value) => (Number.isFinite(value) ? text(value) : '–'));
}

export class ImportancePanel extends Panel {
  #frame = null;
  #rows = [];
  #sorted = preference('sortImportance', false);
  #playing = false;
  #orderOf = null;

  constructor() {
    super({ id: 'importance', title: 'Which columns matter', about: ABOUT });
    this.box.plot.remove();
    this.table = element('table', { class: 'nn-importance' });
    this.scroll = new ScrollBox('Which columns matter', this.table);
    this.box.body.append(this.scroll.root);
    const sort = checkbox('Sort', this.#sorted, (checked) => this.#setSorted(checked));
    sort.title = 'Most important first, while training is paused';
    this.box.controls.append(sort);
  }

  get needs() {
    return ['importance'];
  }

  get drawn() {
    return this.#frame !== null;
  }

  setRun({ info }) {
    this.#frame = null;
    const set = info.has_test ? 'test' : 'train';
    const caption = element('caption', { class: 'nn-unseen', text: `How much the ${set} loss grows when a column is shuffled` });
    this.body = element('tbody');
    this.#orderOf = null;
    const names = info.table.columns.map(({ name }) => name);
    this.#rows = names.map((name) => {
      const bar = element('div', { class: 'nn-importance-bar' });
      const value = element('td', { class: 'nn-importance-value' });
      const label = element('th', { scope: 'row', title: name }, element('span', { text: shortName(name) }));
      const row = element('tr', {}, label, element('td', { class: 'nn-importance-track', 'aria-hidden': 'true' }, bar), value);
      return { row, bar, value };
    });
    this.body.append(...this.#rows.map(({ row }) => row));
    this.table.classList.toggle('nn-long-names', names.some((name) => name.length > SHORT_NAME));
    const columns = ['nn-importance-names', '', 'nn-importance-values'].map((name) => element('col', { class: name }));
    this.table.replaceChildren(caption, element('colgroup', {}, ...columns), this.body);
  }

  draw({ frame, playing }) {
    this.#playing = playing;
    if (!this.brings(frame.importance) || frame === this.#frame) return;
    const first = this.#frame === null;
    this.#frame = frame;
    if (first) this.showValues();
  }

  showValues() {
    const importance = this.#frame?.importance;
    if (!importance || importance.length !== this.#rows.length) return;
    const shares = barShares(importance);
    const texts = importanceTexts(importance);
    this.#rows.forEach(({ bar, value }, k) => {
      bar.style.setProperty('--nn-share', shares[k].toFixed(4));
      setText(value, texts[k]);
    });
    if (this.#sorted && !this.#playing) this.#sort();
  }

  /** Rows that change places while one reads them can't be read: they do so when frames stand still. */
  #sort() {
    if (this.#orderOf === this.#frame) return;
    this.#orderOf = this.#frame;
    const { importance } = this.#frame;
    const order = [...this.#rows.keys()].sort((a, b) => importance[b] - importance[a]);
    this.body.append(...order.map((k) => this.#rows[k].row));
  }

  #setSorted(sorted) {
    this.#sorted = sorted;
    keepPreference('sortImportance', sorted);
    this.#orderOf = null;
    if (sorted) this.showValues();
    else this.body.append(...this.#rows.map(({ row }) => row));
  }

  destroy() {
    super.destroy();
    this.scroll.destroy();
  }
}
