/**
 * Which columns matter: a bar for each, as long as the loss grows when the column's values are shuffled among the rows.
 */
import { element, setAttribute, setText } from './dom.js';
import { Panel } from './panel.js';
import { niceTop } from './ranges.js';
import { ScrollBox } from './scroll_box.js';
import { formatLoss, shortName } from './text.js';

const ABOUT =
  'How much the loss grows when a column’s values are shuffled among the rows, so that they tell nothing any more: the longer the bar, the more the network relies on that column. Columns that say the same share what they are worth.';

/**
 * How long the bars are, as shares of the longest that fits; what makes the loss smaller has none.
 * @param {ArrayLike<number>} importance
 */
export function barShares(importance) {
  const finite = Array.from(importance, (value) => (Number.isFinite(value) ? value : 0));
  const full = niceTop(Math.max(...finite, 0));
  return finite.map((value) => Math.max(0, value) / full);
}

export class ImportancePanel {
  needs = ['importance'];
  #frame = null;
  #rows = [];

  constructor() {
    this.panel = new Panel({ id: 'importance', title: 'Which columns matter', about: ABOUT });
    this.panel.plot.remove();
    this.table = element('table', { class: 'nn-importance' });
    this.box = new ScrollBox('Which columns matter', this.table);
    this.panel.body.append(this.box.root);
  }

  get root() {
    return this.panel.root;
  }

  get drawn() {
    return this.#frame !== null;
  }

  attach() {}

  setTheme() {}

  setRun({ info }) {
    this.#frame = null;
    const set = info.has_test ? 'test' : 'train';
    const caption = element('caption', { class: 'nn-unseen', text: `How much the ${set} loss grows when a column is shuffled` });
    const body = element('tbody');
    this.#rows = info.inputs.map((name) => {
      const bar = element('div', { class: 'nn-importance-bar' });
      const value = element('td', { class: 'nn-importance-value' });
      const label = element('th', { scope: 'row', title: name, text: shortName(name) });
      body.append(element('tr', {}, label, element('td', { class: 'nn-importance-track', 'aria-hidden': 'true' }, bar), value));
      return { bar, value };
    });
    this.table.replaceChildren(caption, body);
  }

  /** @param {import('./timeline.js').Timeline} timeline */
  draw({ shownFrame: frame }) {
    setAttribute(this.root, 'data-waiting', String(!frame.importance));
    if (!frame.importance || frame === this.#frame) return;
    const first = this.#frame === null;
    this.#frame = frame;
    if (first) this.showValues();
  }

  /** Bars and numbers: less often than frames are painted. */
  showValues() {
    const importance = this.#frame?.importance;
    if (!importance || importance.length !== this.#rows.length) return;
    const shares = barShares(importance);
    this.#rows.forEach(({ bar, value }, k) => {
      bar.style.setProperty('--nn-share', shares[k].toFixed(4));
      setText(value, formatLoss(importance[k]).replace('-', '−'));
    });
  }

  destroy() {
    this.box.destroy();
  }
}
