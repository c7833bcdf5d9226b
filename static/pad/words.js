/** What the network says, in words. No DOM in here, so that node can test it. */
import { formatEpoch } from '../kit/text.js';

/** Below this the first guess is none. */
const UNDECIDED = 0.5;
/** A second guess worth a word, as a share of the first. */
const CLOSE = 0.4;

/** @param {number} share @returns {string} */
export function percent(share) {
  if (!Number.isFinite(share)) return '–';
  const rounded = Math.round(100 * share);
  return rounded === 100 && share < 1 ? 'over 99 %' : rounded === 0 && share > 0 ? 'under 1 %' : `${rounded} %`;
}

/** The same where there is little room. @param {number} share */
export const shortPercent = (share) => percent(share).replace('over ', '> ').replace('under ', '< ');

/** Indices of the outputs, the largest first. @param {ArrayLike<number>} outputs */
export function ranking(outputs) {
  return Array.from(outputs, (_, k) => k).sort((a, b) => outputs[b] - outputs[a]);
}

/**
 * @param {ArrayLike<number>} outputs @param {string[]} names of the classes
 * @param {string|null} truth name of the digit it is, where that is known
 */
export function answerInWords(outputs, names, truth = null) {
  const [first, second] = ranking(outputs);
  if (!Number.isFinite(outputs[first])) return 'The network’s output isn’t a number.';
  const close = outputs[second] >= CLOSE * outputs[first];
  const also = close ? `, or ${names[second]} (${percent(outputs[second])})` : '';
  const right = truth === null ? '' : names[first] === truth ? ' Correct.' : ` It is ${truth}.`;
  if (outputs[first] < UNDECIDED) return `Undecided: ${names[first]} (${percent(outputs[first])})${also}.${right}`;
  return `It reads ${names[first]} (${percent(outputs[first])})${also}.${right}`;
}

/** Which network an answer is of. @param {{epoch: number, trained: boolean}} snapshot */
export function snapshotInWords({ epoch, trained }) {
  if (!trained) return 'The network isn’t trained yet, so this is a guess. Press Play.';
  return `The network at epoch ${formatEpoch(epoch)}.`;
}
