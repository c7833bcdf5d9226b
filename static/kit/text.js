/**
 * Numbers and names as text: fixed widths for read-outs, and user text made safe for Plotly, which reads a little HTML.
 */

const LONGEST_NAME = 40;
const NONE = '–';
/** In place of a score that no network could have on these samples; the run's `undefined_score` says why. */
export const UNDEFINED = 'undefined';

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** A power of ten. @param {number} exponent */
const power = (exponent) => `10${[...String(exponent)].map((digit) => RAISED[Number(digit)] ?? '⁻').join('')}`;
/** Millions and more, for a read-out that has room for few letters. */
const LARGE = [[1e12, 'T'], [1e9, 'B'], [1e6, 'M']];

/** A loss in about seven characters, as people write it. */
export function formatLoss(value) {
  if (Number.isNaN(value)) return NONE;
  if (!Number.isFinite(value)) return '∞';
  const size = Math.abs(value);
  if (size >= 1e15) return `${value < 0 ? '−' : ''}${power(Math.floor(Math.log10(size)))}`;
  for (const [unit, letter] of /** @type {[number, string][]} */ (LARGE)) if (size >= 0.9995 * unit) return `${String(Number((value / unit).toPrecision(3))).replace('-', '−')}${letter}`;
  if (size >= 1e4) return Math.round(value).toLocaleString('en-US').replace('-', '−');
  if (size > 0 && size < 1e-5) {
    const exponent = Math.floor(Math.log10(size));
    return `${(value / 10 ** exponent).toFixed(1).replace('-', '−')}·${power(exponent)}`;
  }
  return value.toFixed(size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : size >= 1e-3 || size === 0 ? 4 : 5);
}

/** A score: accuracies in percent, R² as it is. */
export function formatScore(value, isAccuracy) {
  if (Number.isNaN(value)) return NONE;
  if (isAccuracy) return `${(100 * value).toFixed(1)} %`;
  return value < -99 ? '< −99' : value.toFixed(3).replace('-', '−').replace(/^−(0\.0*)$/, '$1');
}

/** A share in percent, without the sign, for a column that says so. */
export const formatPercent = (share) => (Number.isNaN(share) ? NONE : (100 * share).toFixed(1));

/** An epoch with thousands separators; inside an epoch with two decimals. */
export function formatEpoch(epoch) {
  const whole = Math.abs(epoch - Math.round(epoch)) < 1e-9;
  const digits = whole ? 0 : 2;
  return epoch.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A weight or bias. */
export function formatParameter(value) {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
  if (size >= 1e6) return value.toExponential(2).replace('-', '−').replace('e+', 'e');
  return value.toFixed(digits).replace('-', '−').replace(/^−(0\.?0*)$/, '$1');
}

/** A tick or end of a scale, short. */
export const formatShort = (value) => String(Number(value.toPrecision(3))).replace('-', '−');

/** A value between two ends, with as many digits as tell these apart: of years not 2010 and 2010, but 2007 and 2009. */
export function formatBetween(value, low, high) {
  // What rounding left of a 0 is 0.
  if (Math.abs(value) < (high - low) * 1e-9) return '0';
  const digits = 2 + Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / (high - low)));
  return String(Number(value.toPrecision(Math.min(15, Math.max(3, digits || 3))))).replace('-', '−');
}

/** Cut a name from the data to a length that fits. */
export function shortName(name) {
  const text = String(name);
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text;
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '%': '&#37;' };

/** Make user text safe for Plotly's titles and hover templates. */
export const plotlyText = (name) => shortName(name).replace(/[&<>%]/g, (character) => ENTITIES[character]);
