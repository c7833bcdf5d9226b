/**
 * One key takes back what was done last, whatever it was: an edit by hand, a choice (which has an entry in the browser's
 * history), or a run that was begun again, which Undo brings back. No DOM in here, so that node can test it.
 */
import { frameToUndo, goTo } from '../player/undo.js';

/** A control that was touched leads to a choice within so many milliseconds, or to none. */
const ON_ITS_WAY_MS = 1500;

export class Done {
  /** What was done, in order. @type {('choice'|'run')[]} */
  #done = [];
  #run = '';
  #choices = NaN;
  /** When a control was touched that the server hasn't told of yet. */
  #touched = -Infinity;

  /** A control of the page was touched: what it leads to, the server tells a little later. @param {number} now */
  touch(now) {
    this.#touched = now;
  }

  /** Whether what was done last may still be on its way. @param {number} now */
  isComing(now) {
    return now - this.#touched < ON_ITS_WAY_MS;
  }

  /** @param {{run?: string, undo?: {run: string}|null, was?: Object, trail?: [number, string][]}} header of a message, in their order */
  note({ run = '', undo = null, was, trail = [] }) {
    const choices = trail.at(-1)?.[0] ?? this.#choices;
    const isNewRun = this.#run !== '' && run !== this.#run;
    if (choices > this.#choices || isNewRun) this.#touched = -Infinity;
    if (choices > this.#choices) this.#done.push('choice');
    else if (isNewRun && !was && undo?.run === this.#run) this.#done.push('run');
    this.#run = run || this.#run;
    this.#choices = choices;
  }

  /** Another step of a lesson begins: nothing of the one before is taken back here. */
  forget() {
    this.#done = [];
    this.#run = '';
  }

  /** The browser went back. */
  wentBack() {
    if (this.#done.at(-1) === 'choice') this.#done.pop();
  }

  /**
   * @param {import('../player/player.js').Player} player @param {{back: () => void, now: number, isEntry?: boolean}} how
   *   `back`: takes a choice back; `isEntry`: by the browser's history, which says so
   * @returns {boolean} whether there was something
   */
  takeBack(player, { back, now, isEntry = true }) {
    const edit = frameToUndo(player);
    if (edit !== null) {
      goTo(player, edit, now);
      return true;
    }
    if (this.#done.at(-1) === 'choice') {
      if (!isEntry) this.#done.pop();
      back();
      return true;
    }
    this.#done.pop();
    if (!player.state.undo) return false;
    player.changeRun('undo', now);
    return true;
  }
}

/** Of the stage that is on the page. */
export const done = new Done();
