/**
 * Building DOM without markup strings: text always goes in as text.
 */

const SVG = 'http://www.w3.org/2000/svg';

/** Paths of Google's Material icons (Apache 2.0), 24 × 24. */
const ICONS = {
  play: 'M8 5v14l11-7z',
  stop: 'M6 6h12v12H6z',
  pause: 'M6 19h4V5H6v14zm8-14v14h4V5h-4z',
  step: 'M5 5h2.4v14H5zM10 5v14l10-7z',
  stepEpoch: 'M6 18l8.5-6L6 6v12zM16 6v12h2V6h-2z',
  reset: 'M12 5V1L7 6l5 5V7c3.31 0 6 2.69 6 6s-2.69 6-6 6-6-2.69-6-6H4c0 4.42 3.58 8 8 8s8-3.58 8-8-3.58-8-8-8z',
  enlarge: 'M21 11V3h-8l3.29 3.29-10 10L3 13v8h8l-3.29-3.29 10-10z',
  shrink: 'M22 3.41 16.71 8.7 20 12h-8V4l3.29 3.29L20.59 2 22 3.41zM3.41 22l5.29-5.29L12 20v-8H4l3.29 3.29L2 20.59 3.41 22z',
  fit: 'M12 4V1L8 5l4 4V6c3.31 0 6 2.69 6 6 0 1.01-.25 1.97-.7 2.8l1.46 1.46C19.54 15.03 20 13.57 20 12c0-4.42-3.58-8-8-8zm0 14c-3.31 0-6-2.69-6-6 0-1.01.25-1.97.7-2.8L5.24 7.74C4.46 8.97 4 10.43 4 12c0 4.42 3.58 8 8 8v3l4-4-4-4v3z',
  before: 'M15.41 7.41 14 6l-6 6 6 6 1.41-1.41L10.83 12z',
  after: 'M10 6 8.59 7.41 13.17 12l-4.58 4.59L10 18l6-6z',
  explain: 'M18 4H6v2l6.5 6L6 18v2h12v-3h-7l5-5-5-5h7z',
  fork: 'M14 4l2.29 2.29-2.88 2.88 1.42 1.42 2.88-2.88L20 10V4zm-4 0H4v6l2.29-2.29 4.71 4.7V20h2v-8.41l-5.29-5.3z',
  remove: 'M6 19c0 1.1.9 2 2 2h8c1.1 0 2-.9 2-2V7H6v12zM19 4h-3.5l-1-1h-5l-1 1H5v2h14V4z',
  more: 'M7 10l5 5 5-5z',
  plus: 'M19 13h-6v6h-2v-6H5v-2h6V5h2v6h6v2z',
  minus: 'M19 13H5v-2h14v2z',
  close: 'M19 6.41L17.59 5 12 10.59 6.41 5 5 6.41 10.59 12 5 17.59 6.41 19 12 13.41 17.59 19 19 17.59 13.41 12z',
  present: 'M7 14H5v5h5v-2H7v-3zm-2-4h2V7h3V5H5v5zm12 7h-3v2h5v-5h-2v3zM14 5v2h3v3h2V5h-5z',
  open: 'M19 19H5V5h7V3H5c-1.110 0-2 .9-2 2v14c0 1.100.890 2 2 2h14c1.100 0 2-.9 2-2v-7h-2v7zM14 3v2h3.590l-9.830 9.830 1.410 1.410L19 6.410V10h2V3h-7z',
  info: 'M11 7h2v2h-2zm0 4h2v6h-2zm1-9C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2zm0 18c-4.41 0-8-3.59-8-8s3.59-8 8-8 8 3.59 8 8-3.59 8-8 8z',
  pen: 'M3 17.25V21h3.75L17.81 9.94l-3.75-3.75L3 17.25zM20.71 7.04c.39-.39.39-1.02 0-1.41l-2.34-2.34c-.39-.39-1.02-.39-1.41 0l-1.83 1.83 3.75 3.75 1.83-1.83z',
  eraser: 'M15.1 3.6 3.6 15.1c-.8.8-.8 2 0 2.8L6.7 21H21v-2h-7.6l7-7c.8-.8.8-2 0-2.8l-4.5-5.6c-.8-.8-2-.8-2.8 0zM7.5 19 5 16.5l5-5 4.9 4.9L12.300 19H7.5z',
  undo: 'M12.5 8c-2.65 0-5.05.99-6.9 2.6L2 7v9h9l-3.62-3.62c1.39-1.16 3.16-1.88 5.12-1.88 3.54 0 6.55 2.31 7.6 5.500l2.37-.78C21.08 11.03 17.150 8 12.500 8z',
  redo: 'M18.400 10.600C16.550 8.990 14.150 8 11.500 8c-4.650 0-8.580 3.030-9.960 7.220L3.900 16c1.050-3.190 4.050-5.500 7.600-5.500 1.950 0 3.730.720 5.120 1.880L13 16h9V7l-3.600 3.600z',
  colors: 'M12 22c5.52 0 10-4.48 10-10S17.52 2 12 2 2 6.48 2 12s4.48 10 10 10zm1-17.93c3.94.49 7 3.85 7 7.93s-3.05 7.44-7 7.93V4.07z',
  start: 'M9 21c0 .55.45 1 1 1h4c.55 0 1-.45 1-1v-1H9v1zm3-19C8.14 2 5 5.14 5 9c0 2.38 1.19 4.47 3 5.74V17c0 .55.45 1 1 1h6c.55 0 1-.45 1-1v-2.26c1.81-1.27 3-3.36 3-5.74 0-3.86-3.14-7-7-7z',
  die: 'M19 3H5c-1.1 0-2 .9-2 2v14c0 1.1.9 2 2 2h14c1.1 0 2-.9 2-2V5c0-1.1-.9-2-2-2zM7.5 18a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3zm0-9a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3zm4.5 4.5a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3zm4.5 4.5a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3zm0-9a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3z',
  clear: 'M6 19c0 1.1.9 2 2 2h8c1.1 0 2-.9 2-2V7H6v12zM19 4h-3.500l-1-1h-5l-1 1H5v2h14V4z',
};

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Object<string, string|boolean>} attributes `text` sets the text; false leaves an attribute out
 * @param {...(Node|string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') node.textContent = String(value);
    else if (value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children);
  return node;
}

/** @param {Record<string, string>} attributes @param {...Node} children */
export function svg(attributes, ...children) {
  const node = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** @param {Record<string, string>} attributes */
export function svgPath(attributes) {
  const node = document.createElementNS(SVG, 'path');
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  return svg({ viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'nn-icon' }, svgPath({ d: ICONS[name] }));
}

/** Style sheets by address. @type {Map<string, Promise<void>>} */
const sheets = new Map();

/** Put a style sheet on the page, once. @param {string} href @returns {Promise<void>} when it is there, or can't be had */
export function loadStyle(href) {
  const load = () => /** @type {Promise<void>} */ (new Promise((resolve) => {
    const link = element('link', { rel: 'stylesheet', href });
    link.onload = link.onerror = () => resolve();
    document.head.append(link);
  }));
  if (!sheets.has(href)) sheets.set(href, load());
  return /** @type {Promise<void>} */ (sheets.get(href));
}

/** Set a node's text if it changed. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set an attribute if it changed. */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** The `data-key` of what has the focus in an element, or null. @param {Element} host */
export function focusedKey(host) {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && host.contains(activeElement) ? (activeElement.dataset.key ?? null) : null;
}

/** Give the focus to what has this `data-key` in an element, if there is one. @param {Element} host @param {string|null} key */
export function focusKey(host, key) {
  /** @type {HTMLElement|null} */
  const node = key ? host.querySelector(`[data-key="${key}"]`) : null;
  node?.focus();
}

/** A check box with its label. @param {(checked: boolean) => void} onChange */
export function checkbox(label, checked, onChange) {
  const input = element('input', { type: 'checkbox', checked });
  input.addEventListener('change', () => onChange(input.checked));
  return element('label', { class: 'nn-check' }, input, element('span', { text: label }));
}

/** A select. @param {{value: string, text: string}[]} options @param {(value: string) => void} onChange */
export function select(name, options, value, onChange) {
  const node = element('select', { 'aria-label': name, class: 'nn-select' });
  for (const option of options) node.append(element('option', { value: option.value, text: option.text }));
  node.value = value;
  node.addEventListener('change', () => onChange(node.value));
  return node;
}

let groups = 0;

/**
 * A choice of one among few, all of them in sight.
 * @param {{value: string, text: string}[]} options @param {(value: string) => void} onChange
 */
export function segments(name, options, value, onChange) {
  const group = `nnplay-segments-${++groups}`;
  const box = element('div', { class: 'nn-layers', role: 'radiogroup', 'aria-label': name });
  for (const option of options) {
    const input = element('input', { type: 'radio', name: group, value: option.value, checked: option.value === value });
    input.addEventListener('change', () => onChange(option.value));
    box.append(element('label', {}, input, element('span', { text: option.text })));
  }
  return box;
}

/** What a curve looks like: solid for training, dashed for test samples. */
export function lineKey(dashed) {
  const stroke = svgPath({ d: 'M1 5H23', 'stroke-width': '2.2', fill: 'none', ...(dashed ? { 'stroke-dasharray': '5 4' } : {}) });
  return svg({ viewBox: '0 0 24 10', class: 'nn-line', 'aria-hidden': 'true' }, stroke);
}
