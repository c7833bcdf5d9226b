/**
 * From where to where the map's colours go, and what is written on them. No DOM in here.
 */
import { luminance } from '../../kit/theme.js';

/** A loss whose largest is so many times its smallest is told by factors. */
const WIDE = 10;

/** @typedef {import('./outcomes.js').Measure} Measure */
/** @typedef {{low: number, high: number, log: boolean, reversed: boolean}} Range */

/** What is read best on a colour: black where its contrast passes white's. @param {import('../../kit/theme.js').Rgb} color */
export const inkOn = (color) => (luminance(color) > 0.179 ? '#000000' : '#ffffff');

/**
 * From where to where the scale goes: for shares from none to all; else around what is there, in round numbers.
 * @param {number[]} values without those that have none @param {Measure} measure @returns {Range}
 */
export function rangeOf(values, measure) {
  if (measure === 'success') return { low: 0, high: 1, log: false, reversed: false };
  const reversed = measure.endsWith('loss');
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (values.length === 0) return { low: 0, high: 1, log: false, reversed };
  if (reversed && low > 0 && high / low > WIDE) {
    return { low: 10 ** (Math.floor(2 * Math.log10(low)) / 2), high: 10 ** (Math.ceil(2 * Math.log10(high)) / 2), log: true, reversed };
  }
  const step = 10 ** Math.floor(Math.log10(Math.max(high - low, 0.02)));
  return { low: step * Math.floor(low / step + 1e-9), high: Math.max(step * Math.ceil(high / step - 1e-9), step * Math.floor(low / step + 1e-9) + step), log: false, reversed };
}

/** Where a value lies on the scale, 1 the best. @param {number} value @param {Range} range */
export function shareOf(value, { low, high, log, reversed }) {
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const inside = Math.min(1, Math.max(0, share));
  return reversed ? 1 - inside : inside;
}
