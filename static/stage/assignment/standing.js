/**
 * Where a run stands against an assignment's goal, frame by frame. Pure, so that node can test it.
 */
import { formatLoss } from '../../kit/text.js';
import { epochOf, testLoss, testScore, trainLoss, trainScore, wholeTestScore } from '../../messages/frame.js';

/**
 * What the server says of an assignment (nnplay/assignments/in_address.py).
 * @typedef {{title: string, task: string, measure: string, is_loss: boolean, value: number, on_test: boolean, most_units: number|null,
 *   most_epochs: number|null, most_parameters: number|null, why_no_layers: string, units: number, parameters: number}} Assignment
 */
/** @typedef {{text: string, over: boolean}} Part a piece of the standing in words, and whether a limit is passed */

/** Epochs that a frame takes; one that has begun counts. */
export const epochsTaken = (frame, stepsPerEpoch) => begun(epochOf(frame, stepsPerEpoch));

const begun = (/** @type {number} */ epoch) => Math.max(0, Math.ceil(epoch - 1e-9));

/** The goal's measure at a frame. @param {Assignment} assignment */
export function valueAt(assignment, frame) {
  if (assignment.is_loss) return assignment.on_test ? testLoss(frame) : trainLoss(frame);
  if (!assignment.on_test) return trainScore(frame);
  const whole = wholeTestScore(frame);
  return Number.isNaN(whole) ? testScore(frame) : whole;
}

/** Whether a frame reaches the goal within all limits. @param {Assignment} assignment */
export const isReached = (assignment, frame, stepsPerEpoch) => isGood(assignment, valueAt(assignment, frame), epochsTaken(frame, stepsPerEpoch));

/**
 * The first frame of a run's history that reaches the goal, or null: of a run that was found again, nobody saw it.
 * @param {Assignment} assignment @param {import('../run/history.js').History & Object<string, any>} history @param {number} last frame that counts
 */
export function firstReached(assignment, history, last) {
  const { is_loss: isLoss, on_test: onTest } = assignment;
  const column = isLoss ? history[onTest ? 'test' : 'train'] : history[onTest ? 'testScore' : 'trainScore'];
  for (let i = 0; i < history.length && history.frame[i] <= last; i++) {
    const whole = onTest && !isLoss ? history.wholeTestScore[i] : NaN;
    const value = Number.isNaN(whole) ? column[i] : whole;
    if (isGood(assignment, value, begun(history.epoch[i]))) return { number: history.frame[i], epoch: Math.floor(history.epoch[i]) };
  }
  return null;
}

/** @param {Assignment} assignment @param {number} value @param {number} epochs */
function isGood(assignment, value, epochs) {
  const good = assignment.is_loss ? value <= assignment.value : value >= assignment.value;
  return good && !limitsOf(assignment, epochs).some(({ taken, most }) => taken > most);
}

/** The limits that there are, and how much of each is taken. @param {Assignment} assignment @param {number} epochs */
function limitsOf(assignment, epochs) {
  const all = [
    { noun: 'unit', taken: assignment.units, most: assignment.most_units },
    { noun: 'epoch', taken: epochs, most: assignment.most_epochs },
    { noun: 'parameter', taken: assignment.parameters, most: assignment.most_parameters },
  ];
  return /** @type {{noun: string, taken: number, most: number}[]} */ (all.filter(({ most }) => most !== null));
}

/** A score with three decimals, never rounded up: 0.9496 is not yet 0.95. */
const score = (value) => (Number.isNaN(value) ? '–' : String(Math.floor(value * 1000 + 1e-9) / 1000).replace('-', '−'));

/** The standing in words: "accuracy 0.93 of 0.95", "6 of 8 units". @param {Assignment} assignment @returns {Part[]} */
export function inWords(assignment, frame, stepsPerEpoch) {
  const value = valueAt(assignment, frame);
  const { measure, is_loss: isLoss, value: wanted } = assignment;
  const first = isLoss ? `${measure} ${formatLoss(value)}, at most ${wanted}` : `${measure} ${score(value)} of ${wanted}`;
  const limits = limitsOf(assignment, epochsTaken(frame, stepsPerEpoch)).map(({ noun, taken, most }) => {
    const over = taken > most;
    const words = `${taken.toLocaleString('en-US')} of ${most.toLocaleString('en-US')} ${noun}${most === 1 ? '' : 's'}`;
    return { text: over ? `${words}: too many` : words, over };
  });
  return [{ text: first, over: false }, ...limits];
}
