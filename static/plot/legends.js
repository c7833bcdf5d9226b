/**
 * What the boundary's colours and markers mean: a slim colour scale with its ends and middle, the classes by name and
 * shape, and how test samples look.
 */
import { element } from '../kit/dom.js';
import { tableColor } from '../kit/palette.js';
import { formatShort, shortName } from '../kit/text.js';
import { groupMarker } from './markers.js';
import { markerStamp } from './shapes.js';

const STOPS = 64;
const RADIUS = 5;
const STAMP_SCALE = 3;

/** A picture of a group's marker. */
export function swatch(group, info, theme) {
  const stamp = markerStamp(groupMarker(group, info, theme, RADIUS), STAMP_SCALE);
  stamp.className = 'nn-swatch';
  stamp.style.width = stamp.style.height = `${stamp.width / STAMP_SCALE}px`;
  stamp.setAttribute('aria-hidden', 'true');
  return stamp;
}

/** The marker of a class's training samples, as a small picture. */
export const classSwatch = (index, info, theme) => swatch({ index, isTest: false }, info, theme);

function entry(picture, text) {
  return element('li', { title: text }, picture, element('span', { text: shortName(text) }));
}

function colorScale(info, colors) {
  const stops = Array.from({ length: STOPS + 1 }, (_, k) => tableColor(colors, Math.round((255 * (STOPS - k)) / STOPS)));
  const [low, high] = info.surface_range;
  const bar = element('div', { class: 'nn-bar' });
  bar.style.setProperty('--nn-stops', stops.join(', '));
  const labels = [high, (low + high) / 2, low].map((value) => element('span', { text: formatShort(value) }));
  return element(
    'div',
    { class: 'nn-scale', role: 'img', 'aria-label': `${info.surface_label}: ${formatShort(low)} to ${formatShort(high)}` },
    element('span', { class: 'nn-scale-label', text: info.surface_label }),
    bar,
    element('div', { class: 'nn-scale-ends' }, ...labels),
  );
}

/**
 * Fill the place beside the boundary.
 * @param {HTMLElement} host
 * @param {Object} info
 * @param {Uint32Array[]} tables the surface's colour tables
 * @param {import('../kit/theme.js').Theme} theme
 * @param {boolean} crisp whether every colour is in full
 */
export function fillScale(host, info, tables, theme, crisp = false) {
  host.replaceChildren();
  const classes = classesLegend(info, theme);
  if (info.task === 'multiclass') {
    host.append(classes);
    // On light and on dark ground alike: what is less certain is nearer to the ground's colour.
    if (!crisp) host.append(element('p', { class: 'nn-note', text: 'fainter: less certain' }));
  } else {
    host.append(colorScale(info, tables[0]));
    if (info.class_names.length) host.append(classes);
  }
  if (info.has_test) host.append(kindsLegend(info, theme));
}

/** Shape, colour and name of each class. */
export function classesLegend(info, theme) {
  const classes = element('ul', { class: 'nn-legend' });
  for (let index = 0; index < info.class_names.length; index++) {
    classes.append(entry(swatch({ index, isTest: false }, info, theme), info.class_names[index]));
  }
  return classes;
}

/** How training and test samples look. */
export function kindsLegend(info, theme) {
  const index = info.task === 'regression' ? 24 : 0;
  const kinds = element('ul', { class: 'nn-legend nn-kinds' });
  kinds.append(entry(swatch({ index, isTest: false }, info, theme), 'training'));
  kinds.append(entry(swatch({ index, isTest: true }, info, theme), 'test'));
  return kinds;
}
