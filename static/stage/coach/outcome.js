/**
 * What happened in a run, from what was measured, and what to try next, each as values for the configuration. Pure.
 */
import { formatEpoch, formatScore } from '../../kit/text.js';
import { epochsDone, testScore, trainScore } from '../../messages/frame.js';

/** Of the training samples, and of the test samples, which a network that learned the noise gets wrong. */
const SOLVED_TRAIN = 0.97;
const SOLVED_TEST = 0.93;
/** A run that was paused sooner says little. */
const FEW_EPOCHS = 20;
const MOST_UNITS = 16;
/** Each harder than the one before. */
export const LADDERS = [
  [['blobs', 'Blobs'], ['moons', 'Two moons'], ['circles', 'Ring in a ring'], ['xor', 'XOR'], ['spiral', 'Spirals'], ['checkerboard', 'Checkerboard']],
  [['plane', 'Plane'], ['hills', 'Hills and valleys']],
  [['absolute', 'Absolute value'], ['sine', 'Sine'], ['step', 'Step']],
];
const OTHER_ACTIVATION = { tanh: ['relu', 'ReLU'], relu: ['sigmoid', 'Sigmoid'] };
const USUAL_ACTIVATION = ['tanh', 'tanh'];

/** @typedef {{label: string, values: Object<string, *>}} Suggestion */

/** Whether the network has learned its data. @param {Object} info of the run */
export function isSolved(info, frame) {
  const test = testScore(frame);
  return trainScore(frame) >= SOLVED_TRAIN && (!info.has_test || Number.isNaN(test) || test >= SOLVED_TEST);
}

/** Whether it went on for long enough to be told of. */
export const isLong = (frame) => epochsDone(frame) >= FEW_EPOCHS;

/** Whether a class is so rare that a good score says nothing of it. */
const missesAClass = (findings) => findings.some(({ kind }) => kind === 'imbalance');

/** Whether what the doctor found is why the network hasn't learned. @param {Object[]} findings */
export const tellsWhy = (info, frame, findings) => findings.length > 0 && (!isSolved(info, frame) || missesAClass(findings));

/** @param {Object[]} findings of the doctor @returns {string} */
export function whatHappened(info, frame, findings = []) {
  const epochs = formatEpoch(epochsDone(frame));
  const lead = isSolved(info, frame) && !missesAClass(findings) ? `Learned after ${epochs} epochs` : `Not learned after ${epochs} epochs`;
  const train = trainScore(frame);
  const test = info.has_test ? testScore(frame) : NaN;
  if (info.task === 'regression') return `${lead}: R² is ${formatScore(train, false)}, and 1 would be a perfect fit.`;
  const percent = (/** @type {number} */ share) => formatScore(share, true);
  const onTest = Number.isNaN(test) ? '' : `, ${percent(test)} of the test points`;
  return `${lead}: ${percent(train)} of the training points right${onTest}.`;
}

/** @returns {Suggestion[]} */
export function whatNext(info, frame) {
  const solved = isSolved(info, frame);
  const sizes = info.layers.map(({ units }) => units);
  const units = solved ? sizes.map((n) => Math.max(1, Math.floor(n / 2))) : sizes.map((n) => Math.min(MOST_UNITS, 2 * n));
  const suggestions = [];
  const data = neighbour(info.dataset, solved ? 1 : -1);
  if (data) suggestions.push({ label: `${solved ? 'Harder' : 'Easier'} data: ${data[1]}`, values: { dataset: data[0] } });
  if (sizes.length === 0) suggestions.push({ label: 'A hidden layer of 4 units', values: { hidden_sizes: [4] } });
  else if (units.join() !== sizes.join()) suggestions.push({ label: `${solved ? 'Fewer' : 'More'} units: ${units.join(' and ')}`, values: { hidden_sizes: units } });
  const activations = [...new Set(info.layers.map(({ activation }) => activation))];
  if (activations.length === 1) {
    const [name, label] = OTHER_ACTIVATION[activations[0]] ?? USUAL_ACTIVATION;
    suggestions.push({ label: `Another activation: ${label}`, values: { activation: name } });
  }
  return suggestions;
}

/** @returns {string[]|undefined} name and label of data that are harder, or easier */
function neighbour(dataset, step) {
  const ladder = LADDERS.find((each) => each.some(([name]) => name === dataset)) ?? [];
  return ladder[ladder.findIndex(([name]) => name === dataset) + step];
}
