/**
 * How far a run has come of what was asked for, and how long the rest will take.
 */
import { element, setAttribute, setText } from '../../kit/dom.js';
import { formatEpoch } from '../../kit/text.js';
import { epochOf } from '../../messages/frame.js';

/** Over so long the pace is measured; for less than that nothing is said. */
const WINDOW_MS = 6000;
const LEAST_MS = 1200;

/** Where an epoch takes many frames, how long a run takes is also a matter of how many there are. */
const WHY_LONG = 'Drawing and measuring take time, too. With more steps per frame, training finishes sooner.';

/** Epochs for each millisecond, from what was shown of late. */
export class Pace {
  #seen = [];

  /** Take note of an epoch on screen; going back, or standing still, starts afresh. */
  note(epoch, now) {
    const last = this.#seen.at(-1);
    if (last && epoch < last.epoch) this.#seen = [];
    this.#seen.push({ epoch, now });
    while (this.#seen.length > 2 && now - this.#seen[0].now > WINDOW_MS) this.#seen.shift();
  }

  forget() {
    this.#seen = [];
  }

  /** @returns {number} NaN while too little is known */
  get perMillisecond() {
    if (this.#seen.length < 2) return NaN;
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (last.now - first.now < LEAST_MS || last.epoch <= first.epoch) return NaN;
    return (last.epoch - first.epoch) / (last.now - first.now);
  }
}

/** A time that is left, in words that don't pretend to know it to the second. @param {number} ms */
export function timeLeft(ms) {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return `about ${seconds < 10 ? seconds : 5 * Math.round(seconds / 5)} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

export class Progress {
  #pace = new Pace();
  /** The pace while it last played, for the time that is left while it pauses. */
  #known = NaN;
  #run = '';

  constructor() {
    this.fill = element('div', { class: 'nn-progress-fill' });
    this.bar = element('div', { class: 'nn-progress-bar', role: 'progressbar', 'aria-label': 'Training', 'aria-valuemin': '0' }, this.fill);
    this.text = element('span', { class: 'nn-progress-text' });
    this.why = element('span', { class: 'nn-progress-why', text: WHY_LONG, hidden: true });
    this.root = element('div', { class: 'nn-progress', hidden: true }, this.bar, this.text, this.why);
  }

  /** @param {import('../player/player.js').Player} player */
  update(player, now) {
    const { state, timeline, playing } = player;
    const frame = timeline.shownFrame;
    const { until } = state;
    this.root.hidden = !frame || until === 0;
    if (this.root.hidden) return;
    this.why.hidden = !(state.framesTakeLong && state.run.info.image_shape);
    const epoch = epochOf(frame, state.run.info.steps_per_epoch);
    if (state.id !== this.#run) {
      this.#run = state.id;
      this.#known = NaN;
      this.#pace.forget();
    }
    if (playing) {
      this.#pace.note(epoch, now);
      this.#known = this.#pace.perMillisecond || this.#known;
    } else this.#pace.forget();
    this.#show(epoch, until, playing);
  }

  #show(epoch, until, playing) {
    const share = String(Math.min(1, epoch / until));
    if (this.fill.style.getPropertyValue('--nn-share') !== share) this.fill.style.setProperty('--nn-share', share);
    const left = epoch < until && this.#known > 0 ? timeLeft((until - epoch) / this.#known) : '';
    const state = epoch >= until ? 'done' : playing || epoch === 0 ? '' : 'paused';
    const words = [`epoch ${formatEpoch(epoch)} of ${formatEpoch(until)}`, state, left].filter(Boolean).join(', ');
    setText(this.text, words);
    setAttribute(this.bar, 'aria-valuemax', String(until));
    setAttribute(this.bar, 'aria-valuenow', String(Math.min(until, Math.floor(epoch))));
    setAttribute(this.bar, 'aria-valuetext', words);
  }
}
