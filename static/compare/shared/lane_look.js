/** How lanes are told apart: each has a letter, a colour and a dash, the same in every part of the page. */
import { element, svg, svgPath } from '../../kit/dom.js';
import { laneColor } from '../../kit/palette.js';

/** Lengths of dashes and gaps, in CSS pixels; none for a solid line. */
export const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
export const NAMES = 'ABCD';

/** A lane's line, as long as a word. @param {number} index */
function line(index) {
  const dash = DASHES[index].length ? { 'stroke-dasharray': DASHES[index].join(' ') } : {};
  return svg({ viewBox: '0 0 28 10', class: 'nn-line nn-lane-line', 'aria-hidden': 'true' }, svgPath({ d: 'M1 5H27', 'stroke-width': '2.4', fill: 'none', ...dash }));
}

/** A lane's letter and line. @param {number} index @returns {HTMLElement} */
export const badge = (index) => element('span', { class: 'nn-lane-badge', 'data-lane': String(index) }, element('strong', { text: NAMES[index] }), line(index));

/** Give all badges in an element the theme's colours. @param {HTMLElement} host @param {boolean} dark */
export function colourLanes(host, dark) {
  for (let index = 0; index < NAMES.length; index++) host.style.setProperty(`--nn-lane-${index}`, laneColor(index, dark));
}
