/**
 * Three things to do, for somebody who was never here: each says what to press, and is done when that has been seen. Pure.
 */
import { epochsDone } from '../../messages/frame.js';
import { isSolved } from './outcome.js';

/** After so many epochs one has seen what there is to see. */
const SEEN = 25;
const hasRun = ({ info, frame }) => epochsDone(frame) >= SEEN || isSolved(info, frame);

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
    text: 'Choose “Two moons” under Data, and press Play again.',
    isDone: (shown, before) => shown.info.dataset !== before.dataset && shown.info.layers.length > 0 && hasRun(shown),
  },
  {
    text: 'Take every hidden layer away: press − beside Layers until it says 0. Then press Play.',
    isDone: (shown) => shown.info.layers.length === 0 && epochsDone(shown.frame) >= SEEN,
  },
];

export const END = 'That is why there are hidden layers: without one, a network can only draw a straight line. Press + beside Layers, and try again.';
