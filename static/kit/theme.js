/**
 * Streamlit's theme as plain values: canvases and Plotly need resolved colours, not CSS variables.
 */

import { pixelRatio } from './pixel_ratio.js';

/** @typedef {[number, number, number]} Rgb */
/**
 * @typedef {Object} Theme
 * @property {boolean} dark
 * @property {string} background @property {string} surface @property {string} text @property {string} muted
 * @property {number} scale of the type in charts
 * @property {number} ratio device pixels per CSS pixel
 * @property {string} border @property {string} grid @property {string} gridOver @property {string} primary @property {string} onPrimary @property {string} font
 */

const FALLBACK = { background: '#ffffff', surface: '#f0f2f6', text: '#31333f', primary: '#ff4b4b', font: 'sans-serif' };

/** Parse `#rgb`, `#rrggbb` or `rgb(…)`; other notations through a canvas where there is one. @returns {Rgb|null} */
export function parseColor(text) {
  const value = text.trim();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value);
  if (short) return /** @type {Rgb} */ (short.slice(1).map((digit) => parseInt(digit + digit, 16)));
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(value);
  if (long) return /** @type {Rgb} */ (long.slice(1).map((pair) => parseInt(pair, 16)));
  const functional = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(value);
  if (functional) return /** @type {Rgb} */ (functional.slice(1).map(Number));
  return typeof document === 'undefined' || value === '' ? null : paintedColor(value);
}

function paintedColor(value) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d', { willReadFrequently: true }));
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  return /** @type {Rgb} */ ([...context.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
}

/** What paper doesn't take over from the screen: it is white. */
const OF_THE_SCREEN = new Set(['background-color', 'secondary-background-color', 'text-color']);

/** How much larger charts write in presenter mode. */
const PRESENTING_SCALE = 1.4;
/** And on a projector of full size. */
const PROJECTED_SCALE = 2;
const PROJECTED_WIDTH = 1600;

const isLargeScreen = () => typeof window !== 'undefined' && window.innerWidth >= PROJECTED_WIDTH;

/** @param {Rgb} a @param {Rgb} b @param {number} share of b @returns {Rgb} */
export const mix = (a, b, share) => /** @type {Rgb} */ (a.map((value, i) => value + (b[i] - value) * share));

/** @param {Rgb} color */
export const css = (color) => `rgb(${color.map(Math.round).join(', ')})`;

/** Relative luminance, 0 to 1. @param {Rgb} color */
export function luminance(color) {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * Build a theme from a look-up of Streamlit's variables.
 * @param {(name: string) => string} variable value of `--st-<name>`, empty where it is missing
 * @param {boolean} presenting on a projector: large type, strong contrast
 * @param {number} ratio device pixels per CSS pixel
 * @returns {Theme}
 */
export function makeTheme(variable, presenting = false, ratio = 1) {
  const color = (name, fallback) => /** @type {Rgb} */ (parseColor(variable(name) || fallback) ?? parseColor(fallback));
  const background = color('background-color', FALLBACK.background);
  const dark = luminance(background) < 0.25;
  const text = color('text-color', dark ? '#fafafa' : FALLBACK.text);
  const primary = color('primary-color', FALLBACK.primary);
  const gridShare = presenting ? 0.25 : dark ? 0.14 : 0.11;
  return {
    dark,
    scale: presenting ? (isLargeScreen() ? PROJECTED_SCALE : PRESENTING_SCALE) : 1,
    ratio,
    background: css(background),
    surface: css(color('secondary-background-color', dark ? '#262730' : FALLBACK.surface)),
    text: css(text),
    muted: css(mix(text, background, presenting ? 0.08 : 0.32)),
    border: css(mix(text, background, presenting ? 0.5 : dark ? 0.78 : 0.82)),
    grid: css(mix(text, background, 1 - gridShare)),
    // Plotly's lines lie over what is painted: solid ones would cut points and curves.
    gridOver: `rgba(${text.map(Math.round).join(', ')}, ${gridShare})`,
    primary: css(primary),
    // Whichever is easier to read: black's contrast passes white's at this luminance.
    onPrimary: luminance(primary) > 0.179 ? '#10131a' : '#ffffff',
    font: variable('font') || FALLBACK.font,
  };
}

/** Whether the page is in presenter mode (stage/commands/presenter.js). */
export const isPresenting = () => document.documentElement.dataset.nnPresent === 'true';

/** Whether it is so on a projector of full size: type of 24 px and more (stage/commands/projector.css). */
export const isProjected = () => isPresenting() && isLargeScreen();

/** Whether the page is being printed (stage/page/paper.js). */
const isOnPaper = () => document.documentElement.dataset.nnPaper !== undefined;

/** The theme in force at an element. @param {Element} element @returns {Theme} */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const variable = (name) => (isOnPaper() && OF_THE_SCREEN.has(name) ? '' : style.getPropertyValue(`--st-${name}`).trim());
  return makeTheme(variable, isPresenting(), pixelRatio());
}

/** Hand a theme's colours to the stylesheet. @param {HTMLElement} element @param {Theme} theme */
export function applyTheme(element, theme) {
  element.dataset.theme = theme.dark ? 'dark' : 'light';
  for (const name of ['background', 'surface', 'text', 'muted', 'border', 'primary', 'font']) {
    element.style.setProperty(`--nn-${name}`, theme[name]);
  }
  element.style.setProperty('--nn-on-primary', theme.onPrimary);
}

/** What an element's colours were last, so that only others are taken over. */
export class ThemeWatch {
  #key = '';

  /** Hand the theme to the element's stylesheet if it has changed. @param {HTMLElement} element @returns {Theme|null} null where it has not */
  changed(element) {
    const theme = readTheme(element);
    const key = JSON.stringify(theme);
    if (key === this.#key) return null;
    this.#key = key;
    applyTheme(element, theme);
    return theme;
  }
}
