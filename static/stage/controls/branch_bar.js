/**
 * Fork, and once there are several branches: which one is on the stage, and a way to get rid of it.
 */
import { element, icon, setAttribute } from '../../kit/dom.js';

const FORK = 'Fork from here: keep this run as it is, and continue from this frame on a new branch with other settings';
const FULL = 'There is no room for another branch: delete one first';
const CHOICE = 'Branch: switch to the end of another branch, with its settings';
const DELETE = 'Delete this branch';

export class BranchBar {
  #drawn = '';

  /** @param {{fork(): void, chooseBranch(name: string): void, deleteBranch(name: string): void}} commands */
  constructor(commands) {
    this.fork = button('Fork', 'fork', FORK, () => commands.fork());
    this.choice = element('select', { class: 'nn-select nn-branch', 'aria-label': 'Branch', title: CHOICE, hidden: true });
    this.choice.addEventListener('change', () => commands.chooseBranch(this.choice.value));
    this.remove = button('Delete branch', 'remove', DELETE, () => commands.deleteBranch(this.choice.value));
    this.remove.hidden = true;
    this.nodes = [this.fork, this.choice, this.remove];
  }

  /** @param {import('../run/run_state.js').RunState} state */
  update({ branch, branches, canFork }) {
    const key = JSON.stringify([branch, branches, canFork]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.fork.disabled = !canFork;
    setAttribute(this.fork, 'title', canFork ? FORK : FULL);
    const several = branches.length > 1;
    this.choice.hidden = this.remove.hidden = !several;
    this.choice.replaceChildren(...branches.map((each) => element('option', { value: each.name, text: shortBranchText(each), title: branchText(each) })));
    this.choice.value = branch;
    const active = branches.find(({ name }) => name === branch);
    setAttribute(this.choice, 'title', active ? `${branchText(active)}. ${CHOICE}` : CHOICE);
    const current = branches.find(({ name }) => name === branch);
    setAttribute(this.choice, 'title', current ? `${branchText(current)}. ${CHOICE}` : CHOICE);
  }
}

/** Words that leave no room for the value after them, and shorter ones. */
const SHORTER = [
  ['learning rate', 'rate'],
  ['penalty rate', 'penalty'],
  ['test share', 'test'],
  ['batch size', 'batch'],
];

/** The same where there is little room. */
export function shortBranchText(branch) {
  return SHORTER.reduce((text, [long, short]) => text.replaceAll(long, short), branchText(branch));
}

/** A branch as it is named everywhere: its letter, and what is different about it. @param {{name: string, label?: string}} branch */
export const branchText = ({ name, label }) => (label ? `${name} · ${label}` : name);

function button(name, picture, title, onClick) {
  const node = element('button', { type: 'button', class: 'nn-button', 'aria-label': name, title }, icon(picture));
  node.addEventListener('click', onClick);
  return node;
}
