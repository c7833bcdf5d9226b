/**
 * Numbers of the page Step by step: the same digits in the diagram, in tables and in formulas.
 */

/** A number in a form that a person reads: its sign, its digits, and the power of ten that they are to be taken times. */
function written(/** @type {number} */ value) {
  const size = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (size === 0) return { sign: '', digits: '0', exponent: 0 };
  if (size >= 1e4 || size < 1e-3) {
    const [digits, exponent] = size.toExponential(2).split('e');
    return { sign, digits, exponent: Number(exponent) };
  }
  if (Number.isInteger(size)) return { sign, digits: String(size), exponent: 0 };
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : size >= 0.01 ? 4 : 5;
  return { sign, digits: size.toFixed(decimals), exponent: 0 };
}

/** A number as text, about four digits of it. @param {number} value */
export function formatNumber(value) {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const { sign, digits, exponent } = written(value);
  return `${sign ? '−' : ''}${digits}${exponent === 0 ? '' : `e${String(exponent).replace('-', '−')}`}`;
}

/** The same as LaTeX. @param {number} value */
export function latexNumber(value) {
  if (Number.isNaN(value)) return '\\text{–}';
  if (!Number.isFinite(value)) return value > 0 ? '\\infty' : '-\\infty';
  const { sign, digits, exponent } = written(value);
  return `${sign}${digits}${exponent === 0 ? '' : `\\cdot10^{${exponent}}`}`;
}

/** The same as a factor: what is negative, or a product itself, stands in brackets. @param {number} value */
export function latexFactor(value) {
  const text = latexNumber(value);
  return text.startsWith('-') || text.includes('\\cdot') ? `(${text})` : text;
}

/** A setting, such as a rate: with no more digits than it has. @param {number} value */
export function formatSetting(value) {
  const text = String(Number(value.toPrecision(5)));
  return text.includes('e') ? formatNumber(value) : text.replace('-', '−');
}

/** The same as LaTeX. @param {number} value */
export function latexSetting(value) {
  const text = String(Number(value.toPrecision(5)));
  return text.includes('e') ? latexNumber(value) : text;
}
