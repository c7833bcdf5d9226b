/**
 * Three things to do, for somebody who was never here: each says what to press, what to watch while it plays, and is done
 * when that has been seen. Pure.
 */
import { epochsDone } from '../../messages/frame.js';
import { isSolved } from './outcome.js';

/** After so many epochs one has seen what there is to see. */
const SEEN = 25;

/** What the guide begins with: data that a line can't part, and a network that learns them. */
export const BEGINNING = { dataset: 'spiral', hidden_sizes: [8, 8], activation: 'tanh' };

/** The data that a newcomer is to choose. */
export const ASKED = { name: 'moons', label: 'Two moons' };

/**
 * What is on the stage: the run's description, and the frame shown.
 * @typedef {{info: Object, frame: Object}} Shown
 * @typedef {{set: string, play: string, watch: string, where?: string, isSet: (info: Object, before: Object) => boolean}} Step
 *   what is said until it is set, until it plays, and while it does; `where` one sets it, as a selector; `before` is the run's description when the step began
 */
/** @type {Step[]} */
export const STEPS = [
  {
    set: '',
    play: 'Press Play, the round button.',
    watch: 'Watch the large picture: each place takes the colour of the network’s answer there. The points have the colours that it should learn.',
    isSet: () => true,
  },
  {
    set: `Choose “${ASKED.label}” under Data.`,
    play: 'Other data are there. Now press Play.',
    watch: 'The same network learns other data. Watch the boundary between the colours.',
    isSet: (info, before) => (info.dataset === ASKED.name || info.dataset !== before.dataset) && info.layers.length > 0,
  },
  {
    set: 'Take every hidden layer away: press − beside Layers until it says 0.',
    play: 'No hidden layer is left. Now press Play.',
    where: '.nn-diagram-layers',
    watch: 'Now it has no hidden layer. Can its boundary still bend?',
    isSet: (info) => info.layers.length === 0,
  },
];

export const END = 'That is why there are hidden layers: without one, a network can only draw a straight line. Press + beside Layers, and try again.';

/** Whether there is something to be seen in a step's run. @param {Step} step @param {Shown} shown @param {Object} before */
export const isSeen = (step, { info, frame }, before) => step.isSet(info, before) && (epochsDone(frame) >= SEEN || isSolved(info, frame));

/** What a step says now. @param {Step} step @param {Object} info @param {Object} before @param {boolean} playing */
export function wordsOf(step, info, before, playing) {
  if (!step.isSet(info, before)) return step.set;
  return playing ? step.watch : step.play;
}

/** Whether a run is what the guide begins with, at its very beginning. @param {Shown} shown */
export const isTheBeginning = ({ info, frame }) => epochsDone(frame) === 0 && isAsAtFirst(info);

/** Whether its settings are. @param {Object} info */
export function isAsAtFirst({ dataset, layers }) {
  const { hidden_sizes: sizes, activation } = BEGINNING;
  return dataset === BEGINNING.dataset && layers.map(({ units }) => units).join() === sizes.join() && layers.every((layer) => layer.activation === activation);
}

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
