/**
 * What layers are called, and their colours where each is a curve: from the muted first to the strong last one.
 */
import { css, mix, parseColor } from '../../../kit/theme.js';

/** Names of all layers with weights, the output layer last. @param {Object} info of the run */
export const layerNames = ({ layers }) => [...layers.map((_, k) => `Layer ${k + 1}`), 'Output'];

/** @param {number} index @param {number} count @param {import('../../../kit/theme.js').Theme} theme */
export function layerColor(index, count, theme) {
  return css(mix(parseColor(theme.muted), parseColor(theme.primary), count > 1 ? index / (count - 1) : 1));
}
