/**
 * The confusion matrix: a table for training and one for test samples, each row a true class, each column an answer.
 * A cell's count is written, its share of the row is its shade.
 */
import { element, setText } from '../../../kit/dom.js';
import { classColor } from '../../../kit/palette.js';
import { formatScore, shortName } from '../../../kit/text.js';
import { css, luminance, mix, parseColor } from '../../../kit/theme.js';
import { classSwatch } from '../../../plot/legends.js';

const STRONGEST = 0.85;
/** Luminance above which black on a ground is easier to read than white. */
const BLACK_READS = 0.179;

/** Counts of one set: `[set][row][column]` flattened. */
const countAt = (counts, n, set, row, column) => counts[(set * n + row) * n + column];

/** Samples of a class in a set. */
export function rowTotal(counts, n, set, row) {
  let total = 0;
  for (let column = 0; column < n; column++) total += countAt(counts, n, set, row, column);
  return total;
}

/** Share of a set's samples that are taken for what they are; NaN for an empty set. */
export function accuracyOf(counts, n, set) {
  let right = 0;
  let all = 0;
  for (let row = 0; row < n; row++) {
    right += countAt(counts, n, set, row, row);
    all += rowTotal(counts, n, set, row);
  }
  return all ? right / all : NaN;
}

export class ConfusionTables {
  #sets = [];
  #theme = null;
  #n = 0;

  constructor() {
    this.root = element('div', { class: 'nn-confusion' });
  }

  /**
   * @param {Object} info of the run @param {import('../../../kit/theme.js').Theme} theme
   * @param {number[]} sets which tables are wanted: 0 training, 1 test
   */
  build(info, theme, sets) {
    this.#theme = theme;
    this.#n = info.class_names.length;
    this.root.replaceChildren();
    this.root.dataset.classes = String(this.#n);
    this.#sets = sets.map((set) => this.#table(info, set));
    this.root.append(...this.#sets.map(({ table }) => table));
  }

  update(frame) {
    const n = this.#n;
    for (const { set, cells, caption } of this.#sets) {
      setText(caption, `${set ? 'test' : 'train'} ${formatScore(accuracyOf(frame.confusion, n, set), true)} correct`);
      for (let row = 0; row < n; row++) {
        const total = rowTotal(frame.confusion, n, set, row);
        for (let column = 0; column < n; column++) {
          this.#fill(cells[row * n + column], countAt(frame.confusion, n, set, row, column), total, row);
        }
      }
    }
  }

  #fill(cell, count, total, row) {
    if (cell.count === count && cell.total === total) return;
    Object.assign(cell, { count, total });
    const share = total ? count / total : 0;
    const { background, dark } = this.#theme;
    const ground = mix(parseColor(background), parseColor(classColor(row, dark)), STRONGEST * share);
    cell.node.style.backgroundColor = css(ground);
    cell.node.style.color = luminance(ground) > BLACK_READS ? '#000' : '#fff';
    setText(cell.number, String(count));
    setText(cell.share, this.#shareText(total ? share : NaN));
  }

  /** Many classes leave no room for decimals. */
  #shareText(share) {
    return this.#n > 5 && !Number.isNaN(share) ? `${Math.round(100 * share)} %` : formatScore(share, true);
  }

  #table(info, set) {
    const { class_names: names } = info;
    const caption = element('caption');
    const head = element('tr', {}, element('td', { class: 'nn-corner' }));
    const body = element('tbody');
    const cells = [];
    names.forEach((name, column) => head.append(this.#header(info, column, 'col', `predicted as ${name}`)));
    names.forEach((name, row) => {
      const line = element('tr', {}, this.#header(info, row, 'row', name));
      for (let column = 0; column < names.length; column++) {
        const number = element('span', { class: 'nn-count' });
        const share = element('span', { class: 'nn-share' });
        const node = element('td', { class: row === column ? 'nn-right' : '' }, number, share);
        cells.push({ node, number, share, count: -1, total: -1 });
        line.append(node);
      }
      body.append(line);
    });
    const table = element('table', { class: 'nn-table', 'data-set': set ? 'test' : 'train' }, caption, element('thead', {}, head), body);
    return { set, table, caption, cells };
  }

  #header(info, index, scope, text) {
    const name = element('span', { class: 'nn-class', text: shortName(info.class_names[index]) });
    return element('th', { scope, title: text }, classSwatch(index, info, this.#theme), name);
  }
}
