/**
 * In a frame on another page: tells that page how the run stands, and does what it asks for. What is said is in docs/embedding.md.
 */
import { epochsDone, stepsDone, testLoss, trainLoss } from '../../messages/frame.js';

/** While a run plays, it is told no more often than this how it stands. */
const EVERY_MS = 250;
const VERSION = 1;

/** @typedef {{post: (message: Object) => void, listen: (hear: (data: any) => void, signal: AbortSignal) => void}} Around the page around this one */

/**
 * The page around this one; null where there is none. What it says is heard from it alone.
 * @param {Window} here @returns {Around|null}
 */
export function pageAround(here) {
  const { parent } = here;
  if (parent === here) return null;
  const origin = originAround(here.location.ancestorOrigins?.[0] ?? '', here.document.referrer);
  return {
    post: (message) => parent.postMessage(message, origin || '*'),
    listen: (hear, signal) => {
      const take = (/** @type {MessageEvent} */ event) => {
        if (event.source === parent && (!origin || event.origin === origin)) hear(event.data);
      };
      here.addEventListener('message', take, { signal });
    },
  };
}

/** What the page around is called, or empty where the browser doesn't tell. @param {string} ancestor @param {string} referrer */
export function originAround(ancestor, referrer) {
  const told = ancestor || referrer;
  const origin = URL.canParse(told) ? new URL(told).origin : 'null';
  return origin === 'null' ? '' : origin; // a file on disk, or a page that is kept apart, has no name
}

export class Embedding {
  #around;
  #player;
  #goal;
  #page;
  /** Whether the page around was told that there is something to see. */
  #isReady = false;
  #said = '';
  #brief = '';
  #saidAt = -Infinity;
  /** The goal that was told of. */
  #told = '';
  /** The epoch that is to be gone to, while the run plays there. @type {number|null} */
  #target = null;

  /**
   * @param {{player: import('../player/player.js').Player, page: string, goal: () => Object|null, signal: AbortSignal, now?: () => number}} stage
   *   `goal`: the goal that the run on screen has reached, as the page around is to be told of it
   * @param {Around|null} around
   */
  constructor({ player, page, goal, signal, now = () => performance.now() }, around) {
    this.#around = around;
    this.#player = player;
    this.#goal = goal;
    this.#page = page;
    around?.listen((data) => this.#hear(data, now()), signal);
  }

  /** The stage was drawn, or may have been: tell what has changed. @param {number} now @param {boolean} isReady whether there is a picture */
  update(now, isReady) {
    if (!this.#around) return;
    this.#goOn(now);
    if (!this.#isReady && isReady) this.#sayReady();
    if (!this.#isReady) return;
    const state = this.#state();
    if (!state) return;
    const brief = `${state.run} ${state.playing} ${state.ended}`;
    if (now - this.#saidAt >= EVERY_MS || brief !== this.#brief) this.#say(state, brief, now);
    this.#sayGoal();
  }

  #sayReady() {
    this.#isReady = true;
    this.#said = '';
    this.#saidAt = -Infinity;
    this.#around?.post({ type: 'nnplay:ready', version: VERSION, page: this.#page });
  }

  #state() {
    const { state, timeline, playing, stopSeen } = this.#player;
    const frame = timeline.shownFrame;
    if (!frame || !state.run) return null;
    return {
      type: 'nnplay:state',
      run: state.id,
      epoch: epochsDone(frame),
      step: stepsDone(frame),
      furthest: timeline.history.epochAt(timeline.furthest),
      train_loss: numberOrNull(trainLoss(frame)),
      test_loss: numberOrNull(testLoss(frame)),
      playing,
      ended: stopSeen,
    };
  }

  #say(state, brief, now) {
    const said = JSON.stringify(state);
    if (said === this.#said) return;
    this.#said = said;
    this.#brief = brief;
    this.#saidAt = now;
    this.#around?.post(state);
  }

  /** Once for each run and goal. */
  #sayGoal() {
    const goal = this.#goal();
    if (!goal) return;
    const told = `${this.#player.state.id} ${JSON.stringify(goal)}`;
    if (told === this.#told) return;
    this.#told = told;
    this.#around?.post({ type: 'nnplay:goal', ...goal });
  }

  /** Do what is asked for, if it is anything that is known. @param {any} data @param {number} now */
  #hear(data, now) {
    if (data === null || typeof data !== 'object') return;
    const player = this.#player;
    switch (data.type) {
      case 'nnplay:hello':
        if (this.#isReady) this.#sayReady();
        break;
      case 'nnplay:play':
        this.#target = null;
        player.play(now);
        break;
      case 'nnplay:pause':
        this.#target = null;
        player.pause(now);
        break;
      case 'nnplay:go_to':
        if (typeof data.epoch === 'number' && data.epoch >= 0 && Number.isFinite(data.epoch)) this.#goTo(data.epoch, now);
        break;
    }
  }

  /** Go to an epoch: back, or on by playing. @param {number} epoch @param {number} now */
  #goTo(epoch, now) {
    const player = this.#player;
    const { timeline, state } = player;
    if (!state.run) return;
    this.#target = null;
    if (epoch <= timeline.history.epochAt(timeline.furthest)) {
      player.scrub(this.#frameAt(epoch), now);
      return;
    }
    player.play(now);
    if (player.playing) this.#target = epoch;
  }

  /** Whoever plays to an epoch stops there, or at the last frame before where none is at it. @param {number} now */
  #goOn(now) {
    const player = this.#player;
    if (this.#target === null) return;
    const target = this.#target;
    const isThere = player.timeline.history.epochAt(player.timeline.shown) >= target;
    if (isThere) player.scrub(this.#frameAt(target), now);
    if (isThere || !player.playing) this.#target = null;
  }

  /** The last frame that isn't after an epoch. @param {number} epoch */
  #frameAt(epoch) {
    const { history, furthest } = this.#player.timeline;
    let low = 0;
    let high = history.indexAt(furthest);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (history.epoch[middle] <= epoch) low = middle;
      else high = middle - 1;
    }
    return history.frame[low];
  }
}

/** What isn't measured, or grew beyond numbers, is no number as JSON has them. @param {number} value */
const numberOrNull = (value) => (Number.isFinite(value) ? value : null);
