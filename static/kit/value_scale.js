/**
 * The colours of scores and losses: a scale from dark, the worst, to bright, the best, in equal steps of lightness, so that
 * equal differences look equal, in grey and to colour-blind eyes, too. No DOM in here.
 */
import { css } from './theme.js';

/** Of OKLCH: lightness, chroma and hue at both ends. */
const [DARKEST, BRIGHTEST] = [0.32, 0.9];
const [LEAST_CHROMA, MOST_CHROMA] = [0.1, 0.15];
const [FIRST_HUE, LAST_HUE] = [290, 100];

/** OKLab to sRGB, as Björn Ottosson defines it. @returns {import('./theme.js').Rgb} */
function fromOklab(lightness, a, b) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return /** @type {import('./theme.js').Rgb} */ (linear.map((value) => {
    const inside = Math.min(1, Math.max(0, value));
    return 255 * (inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055);
  }));
}

/** The scale's colour at a share, 0 the worst, 1 the best. @param {number} share @returns {import('./theme.js').Rgb} */
export function scaleColor(share) {
  const t = Math.min(1, Math.max(0, share));
  const hue = ((FIRST_HUE + t * (LAST_HUE - FIRST_HUE)) * Math.PI) / 180;
  const chroma = LEAST_CHROMA + t * (MOST_CHROMA - LEAST_CHROMA) - 0.06 * t * (1 - t);
  return fromOklab(DARKEST + t * (BRIGHTEST - DARKEST), chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/** The scale as a gradient of CSS, from left to right. */
export function gradient() {
  return `linear-gradient(to right, ${Array.from({ length: 13 }, (_, i) => css(scaleColor(i / 12))).join(', ')})`;
}
