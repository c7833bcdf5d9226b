/**
 * The curves of the branches that are not on the stage, and the list that names all curves.
 */
import { element } from '../../../kit/dom.js';
import { branchColor } from '../../../kit/palette.js';
import { decimate } from '../../../plot/decimate.js';
import { branchText } from '../../controls/branch_bar.js';

const MOST_POINTS = 300;

/** @typedef {import('./curve_painter.js').Curve} Curve */
/** @typedef {{name: string, curves: Curve[], end: number}} OtherBranch `end` is its last epoch */

/**
 * @param {import('../../../messages/decode.js').Arrays} statics of a sync
 * @param {'loss'|'score'} measure
 * @returns {OtherBranch[]} each with its train and its test curve
 */
export function otherBranches(statics, measure) {
  const names = Object.keys(statics).map((key) => /^branch_(.+)_epoch$/.exec(key)?.[1]).filter(Boolean);
  return names.map((name) => {
    const epoch = statics[`branch_${name}_epoch`];
    const curves = ['train', 'test'].map((part) => {
      const values = statics[`branch_${name}_${part}_${measure}`];
      const kept = decimate(values, values.length, MOST_POINTS);
      return { x: kept.map((i) => epoch[i]), y: kept.map((i) => values[i]) };
    });
    return { name, curves, end: epoch[epoch.length - 1] ?? 0 };
  });
}

/** Names the curves while there are several branches. */
export class BranchLegend {
  #drawn = '';

  constructor() {
    this.root = element('ul', { class: 'nn-branch-legend', 'aria-label': 'Branches', hidden: true });
  }

  /** @param {import('../../run/run_state.js').RunState} state @param {string} color of the branch on the stage */
  update({ branch, branches }, color, dark) {
    const key = JSON.stringify([branch, branches, color]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.root.hidden = branches.length < 2;
    this.root.replaceChildren(
      ...branches.map((each) => {
        const active = each.name === branch;
        const item = element('li', { class: active ? 'nn-active' : '', title: branchText(each) }, element('span', { text: branchText(each) }));
        item.style.setProperty('--nn-key', active ? color : branchColor(each.name, dark));
        return item;
      }),
    );
  }
}
