/**
 * How samples are marked: which samples form a group of one look, and that look. Shared by the boundary (as Plotly
 * traces), the hidden-layer panel (as stamps) and the legend.
 *
 * Training samples are filled, test samples hollow.
 */
import { classColor, divergingColor, outlineColor, symbolOf } from '../kit/palette.js';
import { css } from '../kit/theme.js';

/** Looks of a regression's values, from most negative to most positive. */
const VALUE_STEPS = 32;

/** @typedef {{index: number, isTest: boolean, members: Uint32Array}} Group */

/** Samples grouped by class (regression: by value) and by training or test. @returns {Group[]} */
export function groupSamples({ info, statics }) {
  const groups = new Map();
  const { targets, is_test: isTest } = statics;
  for (let i = 0; i < targets.length; i++) {
    const index = info.task === 'regression' ? valueStep(targets[i], info.surface_range) : targets[i];
    const key = 2 * index + isTest[i];
    if (!groups.has(key)) groups.set(key, { index, isTest: isTest[i] === 1, members: [] });
    groups.get(key).members.push(i);
  }
  return [...groups.values()].map((group) => ({ ...group, members: Uint32Array.from(group.members) }));
}

function largestOf([low, high]) {
  return Math.max(Math.abs(low), Math.abs(high)) || 1;
}

/** The look of a regression's value. */
export function valueStep(value, range) {
  const share = (value / largestOf(range) + 1) / 2;
  return Math.max(0, Math.min(VALUE_STEPS - 1, Math.round(share * (VALUE_STEPS - 1))));
}

/** Colour of a group's samples. */
export function groupColor(index, info, dark) {
  if (info.task !== 'regression') return classColor(index, dark);
  return css(divergingColor((2 * index) / (VALUE_STEPS - 1) - 1, dark));
}

/** Shape of a group's samples. */
const groupSymbol = (index, info) => (info.task === 'regression' ? 'circle' : symbolOf(index));

/** Look of a group's markers. @param {{index: number, isTest: boolean}} group @param {Object} info of the run @param {import('../kit/theme.js').Theme} theme @param {number} radius @returns {import('./shapes.js').Marker} */
export function groupMarker({ index, isTest }, info, theme, radius) {
  const color = groupColor(index, info, theme.dark);
  const symbol = groupSymbol(index, info);
  const regression = info.task === 'regression';
  if (!isTest) {
    return { symbol, fill: color, stroke: regression ? theme.text : outlineColor(theme.dark), lineWidth: regression ? 0.8 : 1, radius };
  }
  if (regression) return { symbol: 'square', fill: color, stroke: theme.text, lineWidth: 1.4, radius: 0.9 * radius };
  return { symbol, fill: outlineColor(theme.dark), stroke: color, lineWidth: 1.7, radius: 0.9 * radius };
}
