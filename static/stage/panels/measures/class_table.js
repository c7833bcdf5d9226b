/**
 * Precision and recall of each class, training beside test, and how many samples of it there are.
 */
import { element, setText } from '../../../kit/dom.js';
import { formatPercent, shortName } from '../../../kit/text.js';
import { classSwatch } from '../../../plot/legends.js';
import { rowTotal } from './confusion.js';

const COLUMNS = ['Precision %', 'Recall %'];

export class ClassTable {
  #rows = [];
  #sets = [];

  constructor() {
    this.root = element('table', { class: 'nn-table nn-class-table' });
  }

  /** @param {Object} info @param {import('../../../kit/theme.js').Theme} theme */
  build(info, theme) {
    this.#sets = info.has_test ? [0, 1] : [0];
    this.root.dataset.classes = String(info.class_names.length);
    const span = String(this.#sets.length);
    const group = (text) => element('th', { scope: 'colgroup', colspan: span, text });
    const top = element('tr', {}, element('th', { scope: 'col', rowspan: '2', text: 'Class' }));
    top.append(...COLUMNS.map(group), group('Samples'));
    const below = element('tr');
    for (let k = 0; k <= COLUMNS.length; k++) {
      for (const set of this.#sets) below.append(element('th', { scope: 'col', text: set ? 'test' : 'train' }));
    }
    const body = element('tbody');
    this.#rows = info.class_names.map((name, index) => {
      const label = element('span', { class: 'nn-class', text: shortName(name) });
      const row = element('tr', {}, element('th', { scope: 'row', title: name }, classSwatch(index, info, theme), label));
      const cells = Array.from({ length: (COLUMNS.length + 1) * this.#sets.length }, () => element('td'));
      row.append(...cells);
      body.append(row);
      return cells;
    });
    const caption = element('caption', { class: 'nn-unseen', text: 'Precision and recall per class' });
    this.root.replaceChildren(caption, element('thead', {}, top, below), body);
  }

  update(frame) {
    const n = this.#rows.length;
    this.#rows.forEach((cells, index) => {
      let k = 0;
      for (let measure = 0; measure < COLUMNS.length; measure++) {
        for (const set of this.#sets) {
          setText(cells[k++], formatPercent(frame.precision_recall[(set * COLUMNS.length + measure) * n + index]));
        }
      }
      for (const set of this.#sets) setText(cells[k++], String(rowTotal(frame.confusion, n, set, index)));
    });
  }
}
