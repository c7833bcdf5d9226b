/** What a race's clock says, in words: epochs, or milliseconds of training. No DOM in here. */
import { formatEpoch } from '../../kit/text.js';

const EPOCHS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** Milliseconds of training for each lane in a frame; a frame of four lanes has room for no more. */
const MILLISECONDS = [1, 2, 3, 5, 7, 10];

/** @typedef {'epochs'|'time'} Clock */

/** What a frame may bring, the slowest first. @param {Clock} clock */
export const amounts = (clock) => (clock === 'time' ? MILLISECONDS : EPOCHS);

/** @param {Clock} clock @param {number} amount */
export function amountText(clock, amount) {
  if (clock === 'time') return `${amount} ms/frame`;
  if (amount === 1) return '1 epoch/frame';
  return `${amount < 50 ? '' : 'up to '}${amount} epochs/frame`;
}

/** Of an axis, or a read-out. @param {Clock} clock */
export const clockName = (clock) => (clock === 'time' ? 'training time, s' : 'epoch');

/** @param {Clock} clock @param {number} value */
export const clockText = (clock, value) => (clock === 'time' ? `${value.toFixed(3)} s` : formatEpoch(value));

/** The same inside a sentence. @param {Clock} clock @param {number} value */
export const momentText = (clock, value) => (clock === 'time' ? `${value.toFixed(2)} s of training` : `epoch ${formatEpoch(value)}`);
