/**
 * Colours and marker shapes of classes and values. One place, so that the same meaning has the same colour in every panel.
 *
 * Blue and orange come first; the other class colours were searched for so that any two of the ten stay apart also for
 * readers who lack one kind of cone (tests/js/colours.test.mjs), and every class has a shape of its own as well. Tables hold little-endian ABGR, ready for a Uint32 view of ImageData.
 */
import { mix, parseColor } from './theme.js';

const LIGHT_CLASSES = ['#2463b0', '#e87d0d', '#14b78b', '#660a6f', '#dc2d4c', '#96abd7', '#caa754', '#731902', '#2c3c44', '#996294'];
const DARK_CLASSES = ['#5b9df0', '#ff9a3c', '#86ffba', '#ce33ad', '#dd3a29', '#9ec5bb', '#dfef87', '#c49869', '#88717c', '#f5beff'];

/** Of other branches' curves: quieter than what is on the stage, and apart from each other. */
const LIGHT_BRANCHES = ['#7f8794', '#9a7b2f', '#3f8f83', '#8a74b8', '#b06a55', '#5f8fb5'];
const DARK_BRANCHES = ['#9aa3b2', '#c2a356', '#63b5a8', '#ae9ad8', '#cf8f7b', '#83b0d3'];

/** Of a comparison's lanes, in their order: apart from each other, and from the classes of the pictures beside them. */
const LIGHT_LANES = ['#111827', '#b8338f', '#0f8a6d', '#8a6100'];
const DARK_LANES = ['#f3f4f6', '#f07fcf', '#4fd1b0', '#d9b44a'];

const LIGHT = { classes: LIGHT_CLASSES, neutral: '#f5f4f1', outline: '#ffffff', curves: ['#3b3f4a', '#b8338f'], paleness: 0.3 };
const DARK = { classes: DARK_CLASSES, neutral: '#20232b', outline: '#0e1117', curves: ['#e4e6ec', '#f07fcf'], paleness: 0.34 };

/** Plotly symbols by class; shapes.js draws the same ones on a canvas. */
export const SYMBOLS = [
  'circle', 'square', 'triangle-up', 'diamond', 'cross', 'x', 'triangle-down', 'pentagon', 'star', 'hexagon',
];

/** Share of a class's colour on its own ground where the network is least certain. */
const LEAST_TINT = 0.22;
const REGRESSION_BANDS = 10;

/** Colours by how they are written: tables ask for the same few again and again. @type {Map<string, import('./theme.js').Rgb>} */
const parsed = new Map();

/** Our own colours can be read. @param {string} text @returns {import('./theme.js').Rgb} */
function colorOf(text) {
  const known = parsed.get(text) ?? /** @type {import('./theme.js').Rgb} */ (parseColor(text));
  parsed.set(text, known);
  return known;
}

const choose = (dark) => (dark ? DARK : LIGHT);
const abgr = ([r, g, b]) => (0xff000000 | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

/** Colour of a class's markers. */
export function classColor(index, dark) {
  const colors = choose(dark).classes;
  return colors[index % colors.length];
}

export const symbolOf = (index) => SYMBOLS[index % SYMBOLS.length];
export const outlineColor = (dark) => choose(dark).outline;

/** Colours of the curves over the epochs, apart from those of the classes: `[train, test]`. */
export const curveColors = (dark) => choose(dark).curves;

/** Colour of a branch that is not on the stage. @param {string} name a capital letter */
export const branchColor = (name, dark) => (dark ? DARK_BRANCHES : LIGHT_BRANCHES)[(name.charCodeAt(0) - 65) % LIGHT_BRANCHES.length];

/** Colour of a comparison's lane. @param {number} index @param {boolean} dark */
export const laneColor = (index, dark) => (dark ? DARK_LANES : LIGHT_LANES)[index % LIGHT_LANES.length];

/** Colour of a class's ground: its markers' colour, drawn back so that they stand out. @returns {import('./theme.js').Rgb} */
function groundColor(index, dark) {
  const { neutral, paleness } = choose(dark);
  return mix(colorOf(classColor(index, dark)), colorOf(neutral), paleness);
}

/** Diverging colour of t in [−1, 1]: blue, neutral at 0, orange. @returns {import('./theme.js').Rgb} */
export function divergingColor(t, dark) {
  const end = groundColor(t < 0 ? 0 : 1, dark);
  return mix(colorOf(choose(dark).neutral), end, Math.min(1, Math.abs(t)) ** 0.9);
}

const table = (colorAt) => Uint32Array.from({ length: 256 }, (_, byte) => abgr(colorAt(byte)));

/** 256 colours of the probability of class 1. @param {boolean} crisp only the two classes */
export function probabilityTable(dark, crisp = false) {
  return table((byte) => divergingColor(crisp ? (byte >= 128 ? 1 : -1) : byte / 127.5 - 1, dark));
}

/**
 * 256 colours of a value in a range, neutral at 0.
 * @param {ArrayLike<number>} range @param {boolean} dark @param {boolean} crisp in bands
 */
export function valueTable({ 0: low, 1: high }, dark, crisp = false) {
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return table((byte) => {
    const t = (low + ((high - low) * byte) / 255) / largest;
    return divergingColor(crisp ? bandCenter(t) : t, dark);
  });
}

function bandCenter(t) {
  const band = Math.min(REGRESSION_BANDS - 1, Math.floor(((t + 1) / 2) * REGRESSION_BANDS));
  return ((band + 0.5) / REGRESSION_BANDS) * 2 - 1;
}

/** Per class 256 colours by the largest probability: paler where less certain. @returns {Uint32Array[]} */
export function classTables(count, dark, crisp = false) {
  const neutral = colorOf(choose(dark).neutral);
  return Array.from({ length: count }, (_, index) => {
    const ground = groundColor(index, dark);
    return table((byte) => {
      const certainty = Math.max(0, (byte / 255 - 1 / count) / (1 - 1 / count));
      return crisp ? ground : mix(neutral, ground, LEAST_TINT + (1 - LEAST_TINT) * certainty);
    });
  });
}

/** A table's colour as CSS. */
export function tableColor(colors, byte) {
  const value = colors[byte];
  return `rgb(${value & 255}, ${(value >> 8) & 255}, ${(value >> 16) & 255})`;
}
