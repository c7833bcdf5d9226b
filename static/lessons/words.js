/** A lesson's words on the page: always as text, never as markup. */
import { marked } from '../glossary/marked.js';
import { element } from '../kit/dom.js';
import { partsOf } from './rich_text.js';

/** @param {'p'|'h2'|'h3'|'span'|'legend'|'figcaption'} tag @param {string} text @param {Object<string, string>} attributes */
export function rich(tag, text, attributes = {}) {
  const nodes = partsOf(text).map(({ kind, text: part }) => (kind === 'text' ? part : element(kind, { text: part })));
  return element(tag, attributes, ...nodes);
}

/**
 * A paragraph whose terms can be tapped: they are English.
 * @param {string} text @param {string} language of the text @param {Object<string, string>} attributes
 */
export function explained(text, language, attributes = {}) {
  if (language.split('-')[0] !== 'en') return rich('p', text, attributes);
  const nodes = partsOf(text).flatMap(({ kind, text: part }) => (kind === 'text' ? marked(part) : [element(kind, { text: part })]));
  return element('p', attributes, ...nodes);
}

/** @param {string} text @param {() => void} onClick @param {Object<string, string|boolean>} attributes */
export function button(text, onClick, attributes = {}) {
  const node = element('button', { type: 'button', class: 'nn-lesson-button', text, ...attributes });
  node.addEventListener('click', onClick);
  return node;
}

/** A number as it is read: as many digits as tell something. */
export function shownNumber(value) {
  if (!Number.isFinite(value)) return value > 0 ? 'never' : '–';
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.001 || size >= 1e6) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replaceAll('-', '−');
}

/** With its unit: %, or a word. */
export const withUnit = (value, unit) => `${shownNumber(value)}${unit && Number.isFinite(value) ? ` ${unit}` : ''}`;
