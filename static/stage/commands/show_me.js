/**
 * What a control's help shows: too little, or too much. A setting that acts on a run that goes on gets a branch of its own, so
 * that the run stays; any other begins another run, or goes on with other data. Undo takes back either.
 */
import { element } from '../../kit/dom.js';
import { SHOW } from '../../glossary/show_me.js';
import { branchText } from '../controls/branch_bar.js';
import { undoKey } from '../player/undo.js';

/** @typedef {{setting: string, label: string, live: boolean, text: string, values: Object<string, *>}} Asked */

/** What was proposed has come by then, or was refused: the page says why. */
const PATIENCE_MS = 10_000;

export class ShowMe {
  /** What waits for its branch. @type {{asked: Asked, from: string}|null} */
  #waiting = null;
  /** What begins another run, and plays when it is there: until then the run on the stage stays where it is. @type {{run: string, version: number, since: number}|null} */
  #starting = null;
  /** The branch that shows something. @type {{asked: Asked, branch: string}|null} */
  #shown = null;

  /**
   * @param {{player: import('../player/player.js').Player, propose: (values: Object) => void, signal: AbortSignal}} options
   */
  constructor({ player, propose, signal }) {
    this.player = player;
    this.propose = propose;
    this.root = element('div', { class: 'nn-alerts' });
    document.addEventListener(SHOW, (/** @type {CustomEventInit} */ { detail }) => this.root.isConnected && this.show(detail, performance.now()), { signal });
  }

  /** @param {Asked} asked @param {number} now */
  show(asked, now) {
    const { player } = this;
    if (!player.state.run) return;
    if (asked.live && player.state.canFork) {
      this.#waiting = { asked, from: player.state.branch };
      player.fork(now);
      return;
    }
    if (asked.live) {
      this.propose(asked.values);
      player.play(now);
      return;
    }
    player.pause(now);
    this.#starting = { run: player.state.id, version: player.state.version, since: now };
    this.propose(asked.values);
  }

  /** Called whenever what is on the stage may have changed. @param {number} now */
  update(now) {
    const { player } = this;
    const { branch, branches } = player.state;
    if (this.#starting) {
      const { run, version, since } = this.#starting;
      const isThere = player.state.id !== run || player.state.version !== version;
      if (isThere || now - since > PATIENCE_MS) this.#starting = null;
      if (isThere) player.play(now);
    }
    if (this.#waiting && !player.connection.awaits('fork')) {
      const { asked, from } = this.#waiting;
      this.#waiting = null;
      if (branch === from) return; // refused: the page says why
      this.#shown = { asked, branch };
      this.propose(asked.values);
      player.play(now);
      this.#tell();
    }
    if (this.#shown && !branches.some(({ name }) => name === this.#shown?.branch)) this.#close();
  }

  /** Ctrl+Z takes it back. @param {KeyboardEvent} event @returns {boolean} whether that was asked for, and done */
  takes(event) {
    return undoKey(event) === 'undo' && this.undo(performance.now());
  }

  /** Go back to the run as it was. @param {number} now @returns {boolean} whether its branch is on the stage */
  undo(now) {
    if (this.#shown?.branch !== this.player.state.branch) return false;
    this.player.deleteBranch(this.#shown.branch, now);
    this.#close();
    return true;
  }

  #close() {
    this.#shown = null;
    this.root.replaceChildren();
  }

  #tell() {
    const { asked, branch } = /** @type {{asked: Asked, branch: string}} */ (this.#shown);
    const undo = element('button', { type: 'button', class: 'nn-text-button', text: 'Undo', title: 'Go back to the run as it was (Ctrl+Z)' });
    undo.addEventListener('click', () => this.undo(performance.now()));
    const close = element('button', { type: 'button', class: 'nn-text-button', text: 'Close' });
    close.addEventListener('click', () => this.root.replaceChildren());
    const words = element('p', {}, element('strong', { text: `${asked.label}. ${asked.text}` }), ' ', element('span', { text: `Branch ${branchText({ name: branch })} shows it; your run is as it was.` }));
    this.root.replaceChildren(element('div', { role: 'status', class: 'nn-notice' }, words, element('div', { class: 'nn-notice-buttons' }, undo, close)));
  }
}
