/**
 * The map's colours: a scale from dark to bright in equal steps of lightness, so that equal differences look equal, in
 * grey and to colour-blind eyes, too. No DOM in here.
 */
import { css, luminance } from '../../kit/theme.js';

/** Of OKLCH: lightness, chroma and hue at both ends. */
const [DARKEST, BRIGHTEST] = [0.32, 0.9];
const [LEAST_CHROMA, MOST_CHROMA] = [0.1, 0.15];
const [FIRST_HUE, LAST_HUE] = [290, 100];
/** A loss whose largest is so many times its smallest is told by factors. */
const WIDE = 10;

/** @typedef {import('./outcomes.js').Measure} Measure */
/** @typedef {{low: number, high: number, log: boolean, reversed: boolean}} Range */

/** OKLab to sRGB, as Björn Ottosson defines it. @returns {import('../../kit/theme.js').Rgb} */
function fromOklab(lightness, a, b) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return /** @type {import('../../kit/theme.js').Rgb} */ (linear.map((value) => {
    const inside = Math.min(1, Math.max(0, value));
    return 255 * (inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055);
  }));
}

/** The scale's colour at a share, 0 the worst, 1 the best. @param {number} share @returns {import('../../kit/theme.js').Rgb} */
export function scaleColor(share) {
  const t = Math.min(1, Math.max(0, share));
  const hue = ((FIRST_HUE + t * (LAST_HUE - FIRST_HUE)) * Math.PI) / 180;
  const chroma = LEAST_CHROMA + t * (MOST_CHROMA - LEAST_CHROMA) - 0.06 * t * (1 - t);
  return fromOklab(DARKEST + t * (BRIGHTEST - DARKEST), chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/** What is read best on a colour: black where its contrast passes white's. @param {import('../../kit/theme.js').Rgb} color */
export const inkOn = (color) => (luminance(color) > 0.179 ? '#000000' : '#ffffff');

/** The scale as a gradient of CSS, from left to right. */
export function gradient() {
  return `linear-gradient(to right, ${Array.from({ length: 13 }, (_, i) => css(scaleColor(i / 12))).join(', ')})`;
}

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
