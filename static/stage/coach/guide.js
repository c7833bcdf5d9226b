/**
 * Three things to do, for somebody who was never here: each says what to press, and is done when that has been seen. Pure.
 */
import { epochsDone } from '../../messages/frame.js';
import { isSolved } from './outcome.js';

/** After so many epochs one has seen what there is to see. */
const SEEN = 25;
const hasRun = ({ info, frame }) => epochsDone(frame) >= SEEN || isSolved(info, frame);

/** The data that a newcomer is to choose. */
export const ASKED = { name: 'moons', label: 'Two moons' };

/**
 * What is on the stage: the run's description, and the frame shown.
 * @typedef {{info: Object, frame: Object}} Shown
 * @typedef {{text: string, isDone: (shown: Shown, before: Object) => boolean}} Step `before` is the run's description when the step began
 */
/** @type {Step[]} */
export const STEPS = [
  {
    text: 'Press Play. Each place takes the colour of the network’s answer there; the points have the colours that it should learn.',
    isDone: hasRun,
  },
  {
    text: `Choose “${ASKED.label}” under Data. If the picture does not move then, press Play.`,
    isDone: (shown, before) => (shown.info.dataset === ASKED.name || shown.info.dataset !== before.dataset) && shown.info.layers.length > 0 && hasRun(shown),
  },
  {
    text: 'Take every hidden layer away: press − beside Layers until it says 0. Then press Play.',
    isDone: (shown) => shown.info.layers.length === 0 && epochsDone(shown.frame) >= SEEN,
  },
];

export const END = 'That is why there are hidden layers: without one, a network can only draw a straight line. Press + beside Layers, and try again.';

/** So long a card stays while a run plays: to read it, and to look from its words to the picture. In milliseconds. */
export const LOOK_MS = 6000;

/** How long the card on screen could be looked at, beside the run that plays. */
export class Look {
  #played = 0;
  /** When it was looked at last, while the run was playing. @type {number|null} */
  #since = null;

  /** Another card, or another run. */
  begin() {
    this.#played = 0;
    this.#since = null;
  }

  /** @param {number} now in milliseconds @param {boolean} playing */
  tick(now, playing) {
    if (playing && this.#since !== null) this.#played += now - this.#since;
    this.#since = playing ? now : null;
  }

  /** Long enough, or nothing moves any more. */
  get isOver() {
    return this.#since === null || this.#played >= LOOK_MS;
  }
}
