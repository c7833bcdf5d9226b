/**
 * A run as it was recorded, for whoever makes a picture or a video of it: what is known of it at a moment, and its frames. Those
 * that lie here no more are asked of the server, when there is nothing else to ask.
 */
import { frameNumber, viewId } from '../messages/frame.js';
import { framesBefore } from './panels/boundary/earlier_frames.js';

/** Frames of an answer, at most. */
const MOST = 80;
/** What went unanswered so long is asked for again; after so many times nobody is there. */
const AGAIN_MS = 2500;
const MOST_TIMES = 8;

/** @typedef {import('../messages/decode.js').Arrays} Arrays */
/** @typedef {{frame: ArrayLike<number>, epoch: ArrayLike<number>, [measure: string]: ArrayLike<number>}} Columns of the history */
/**
 * @typedef {Object} Take what is known of the run at a moment, which stays as it is while the stage goes on
 * @property {string} page
 * @property {import('./panels/panel.js').Run} run
 * @property {import('./run/run_state.js').View} look of the hidden layers
 * @property {import('./run/run_state.js').View[]} views of the server's
 * @property {{branch: string, branches: Object[], marks: Object[], edits: number[], places: number[]}} told
 * @property {import('./run/run_state.js').Stop|null} stopped
 * @property {Columns} history up to the furthest frame that was on screen
 * @property {number} shown number of the frame on screen
 * @property {string[]} hidden panels that a link leaves out
 */

export class Recorded {
  #player;
  #panels;
  #id = 0;

  /**
   * @param {string} page @param {HTMLElement} root of the stage
   * @param {import('./player/player.js').Player} player @param {import('./panels/panel_set.js').PanelSet} panels
   */
  constructor(page, root, player, panels) {
    this.page = page;
    this.root = root;
    this.#player = player;
    this.#panels = panels;
  }

  /** Whether there is a frame to be shown. */
  get isThere() {
    return this.#player.timeline.shownFrame !== undefined && !this.#player.connection.isReplaying;
  }

  /** The panels that can be drawn: of those that aren't on screen the ones that frames always have enough for. @returns {{id: string, title: string}[]} */
  get panels() {
    const { shown } = this.#panels;
    const can = (panel) => panel.isFilmed && (shown.includes(panel) || (panel.needs.length === 0 && this.#panels.find(panel.id)));
    return this.#panels.all.filter(can).map(({ id, box }) => ({ id, title: box.title.textContent ?? id }));
  }

  /** Whether a frame has all that is on screen. @param {Arrays|undefined} frame */
  #isWhole(frame) {
    return frame !== undefined && (viewId(frame) === this.#player.state.view?.id || this.#panels.shown.every(({ needs }) => needs.length === 0));
  }

  /** Frames before one that a picture of it may show, too: those whose boundaries are drawn. @param {number} shown @returns {Arrays[]} */
  before(shown) {
    const { frames } = this.#player.timeline;
    return framesBefore(/** @type {any} */ ({ frames, shown }));
  }

  /** @returns {Take} */
  take() {
    const { state, timeline } = this.#player;
    const { history, furthest, shown } = timeline;
    const { branch, branches, marks, edits, places } = state;
    const length = history.indexAt(furthest) + 1;
    const column = (name) => history[name].slice(0, length);
    const names = ['frame', 'epoch', 'train', 'test', 'trainScore', 'testScore', 'wholeTestScore'];
    return {
      page: this.page,
      run: state.run,
      look: state.chosenView,
      views: [...state.views.values()],
      told: { branch, branches, marks, edits, places },
      stopped: state.stopped,
      history: /** @type {Columns} */ (Object.fromEntries(names.map((name) => [name, column(name)]))),
      shown,
      hidden: this.#panels.all.filter(({ id }) => !this.#panels.find(id)).map(({ id }) => id),
    };
  }

  /**
   * Frames by their numbers; of one that nobody has any more, the nearest.
   * @param {number[]} numbers
   * @param {{signal: AbortSignal, onProgress?: (share: number) => void}} how
   * @returns {Promise<Arrays[]>}
   */
  async frames(numbers, { signal, onProgress = () => {} }) {
    const { frames } = this.#player.timeline;
    const wanted = [...new Set(numbers)].sort((a, b) => a - b);
    /** @type {Map<number, Arrays>} */
    const found = new Map();
    for (const number of wanted) if (this.#isWhole(frames.get(number))) found.set(number, frames.get(number));
    let missing = wanted.filter((number) => !found.has(number));
    const count = missing.length;
    let most = MOST;
    let isCut = false;
    while (missing.length > 0) {
      // The first frame of all comes after none.
      const part = missing[0] === 0 ? [0] : missing.slice(0, most);
      const answer = await this.#ask(part[0] === 0 ? { kind: 'show', frame: 0 } : { kind: 'replay', from: part[0] - 1, to: part.at(-1), n: part.length }, signal);
      for (const frame of answer) found.set(frameNumber(frame), own(frame));
      // Large frames are fewer in an answer than were asked for.
      if (answer.length > 0 && answer.length < part.length && !isCut) {
        most = answer.length;
        isCut = true;
      } else missing = missing.slice(part.length);
      onProgress(1 - missing.length / count);
    }
    if (found.size === 0) throw new Error('The frames are not there any more.');
    const there = [...found.keys()].sort((a, b) => a - b);
    return numbers.map((number) => /** @type {Arrays} */ (found.get(nearest(there, number))));
  }

  /** @param {Object} request @param {AbortSignal} signal @returns {Promise<Arrays[]>} */
  #ask(request, signal) {
    const { connection } = this.#player;
    const run = this.#player.state.id;
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      let times = 0;
      const end = (finish, what) => {
        clearInterval(timer);
        signal.removeEventListener('abort', stop);
        if (this.#id === id) connection.pending.recorded = null;
        finish(what);
      };
      const stop = () => end(reject, signal.reason);
      const ask = () => {
        if (this.#player.state.id !== run) end(reject, new Error('Another run is on the stage now.'));
        else if (times++ === MOST_TIMES) end(reject, new Error('The server doesn’t answer.'));
        else {
          connection.pending.recorded = request;
          connection.pump(performance.now());
        }
      };
      const timer = setInterval(ask, AGAIN_MS);
      signal.addEventListener('abort', stop, { once: true });
      connection.onRecorded = (frames) => this.#id === id && end(resolve, frames);
      if (signal.aborted) stop();
      else ask();
    });
  }
}

/** A frame without the message that it came in. @param {Arrays} frame @returns {Arrays} */
const own = (frame) => Object.fromEntries(Object.entries(frame).map(([name, array]) => [name, array.slice()]));

/** @param {number[]} numbers in order @param {number} number */
function nearest(numbers, number) {
  return numbers.reduce((best, each) => (Math.abs(each - number) < Math.abs(best - number) ? each : best), numbers[0]);
}
