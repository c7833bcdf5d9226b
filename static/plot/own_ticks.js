/** Where an axis has its numbers, and how they are written: as Plotly does it, for charts that are drawn without it. Pure. */

/** A step is one of these times a power of ten. */
const STEPS = [2, 5, 10];
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** Numbers this large or this small are written by their power of ten. */
const [LARGE, SMALL] = [1e6, 1e-4];
const NEARLY = 1e-9;

/** @typedef {{value: number, text: string}} Tick `value` as the range has it: on a logarithmic axis the power of ten */
/** @typedef {{type?: string, nticks?: number, dtick?: number|string, tickformat?: string, exponentformat?: string}} AxisLook */

/** @param {AxisLook} axis @param {number[]} range @returns {Tick[]} */
export function ticksOf(axis, range) {
  return axis.type === 'log' ? logarithmic(axis, range) : linear(axis, range);
}

/** @param {AxisLook} axis @param {number[]} range @returns {Tick[]} */
function linear({ nticks = 7, tickformat = '' }, [low, high]) {
  const rough = (high - low) / Math.max(1, nticks);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const base = 10 ** Math.floor(Math.log10(rough) + NEARLY);
  const found = STEPS.find((step) => step * base >= rough * (1 - NEARLY)) ?? 10;
  const step = tickformat === 'd' ? Math.max(1, found * base) : found * base;
  const ticks = [];
  const last = Math.floor(high / step + NEARLY * 1e3);
  for (let k = Math.ceil(low / step - NEARLY * 1e3); k <= last; k++) ticks.push({ value: k * step, text: written(k * step, step, tickformat) });
  return ticks;
}

/** @param {number} value @param {number} step to the next one @param {string} format */
function written(value, step, format) {
  const isPercent = format.endsWith('%');
  const digits = Math.max(0, -Math.floor(Math.log10((isPercent ? 100 : 1) * step) + NEARLY));
  if (isPercent) return `${minus((100 * value).toFixed(digits))}%`;
  const size = Math.abs(value);
  if (value !== 0 && (size >= LARGE || step < SMALL)) {
    const exponent = Math.floor(Math.log10(size) + NEARLY);
    return minus(`${Number((value / 10 ** exponent).toPrecision(3))}e${exponent < 0 ? '' : '+'}${exponent}`);
  }
  return minus(String(Number(value.toFixed(Math.min(digits, 12)))).replace(/^-0$/, '0'));
}

const minus = (/** @type {string} */ text) => text.replaceAll('-', '−');

/** @param {AxisLook} axis @param {number[]} range as powers of ten @returns {Tick[]} */
function logarithmic({ dtick = 1 }, [low, high]) {
  const isFine = dtick === 'D2';
  const every = typeof dtick === 'number' ? Math.max(1, dtick) : 1;
  const ticks = [];
  for (let power = Math.floor(low); power <= high + NEARLY; power++) {
    if (!isFine && power % every !== 0) continue;
    for (const factor of isFine ? [1, 2, 5] : [1]) {
      const value = power + Math.log10(factor);
      if (value < low - NEARLY || value > high + NEARLY) continue;
      ticks.push({ value, text: isFine ? String(Number((factor * 10 ** power).toPrecision(3))) : powerOfTen(power) });
    }
  }
  return ticks;
}

/** @param {number} power */
function powerOfTen(power) {
  if (power === 0) return '1';
  if (power === 1) return '10';
  return `10${[...String(power)].map((digit) => RAISED[Number(digit)] ?? '⁻').join('')}`;
}
