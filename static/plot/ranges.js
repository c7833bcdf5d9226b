/**
 * Axis ranges that stay put: ends are round numbers, and an axis that follows moving data grows in steps and never jitters.
 */

const ROUND = [1, 2, 5, 10];
const SPARE = 0.04;

/** The smallest 1, 2 or 5 times a power of ten that is at least `value`. */
export function niceCeil(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = ROUND.find((candidate) => candidate * power >= value * (1 - 1e-9));
  return factor * power;
}

/** A finer ladder for an axis that starts at 0: 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten. */
export function niceTop(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value * (1 - 1e-9));
  return factor * power;
}

/**
 * How a logarithmic axis is labelled: at powers of ten, and over few decades at 2 and 5 times them as well, written in
 * full: Plotly would write the bare digit, so that an axis reads 2, 1, 9, 8 upside down.
 * @param {number[]} range of the axis, as powers of ten
 */
export function logTicks([low, high]) {
  return { exponentformat: 'power', ...(high - low > 2 ? { dtick: 1 } : { dtick: 'D2', tickformat: '~g' }) };
}

/**
 * Widen a range until it holds [low, high], ending on multiples of a round step; a range that holds them already is
 * returned as it is, so that the axes stand still.
 * @param {[number, number]|null} range
 * @returns {[number, number]}
 */
export function growRange(range, low, high) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return range ?? [-1, 1];
  if (range && low >= range[0] && high <= range[1]) return range;
  let bottom = Math.min(low, range ? range[0] : low);
  let top = Math.max(high, range ? range[1] : high);
  if (top - bottom < 1e-9) {
    bottom -= 0.5;
    top += 0.5;
  }
  const spare = SPARE * (top - bottom);
  const step = niceCeil((top - bottom) / 8);
  const down = range && low >= range[0] ? range[0] : Math.floor((bottom - spare) / step) * step;
  const up = range && high <= range[1] ? range[1] : Math.ceil((top + spare) / step) * step;
  return [down, up];
}

/** A finite range with a margin on either side. @param {number[]} range */
export function padded([low, high], share = 0.06) {
  const margin = share * (high - low);
  return [low - margin, high + margin];
}

/** Like growRange with ends that need not be round: no room is lost, where a picture is what counts. */
export function growTight(range, low, high) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return range ?? [-1, 1];
  if (range && low >= range[0] && high <= range[1]) return range;
  const ends = [Math.min(low, range?.[0] ?? low), Math.max(high, range?.[1] ?? high)];
  return padded(ends[1] - ends[0] > 1e-9 ? ends : [ends[0] - 0.5, ends[1] + 0.5]);
}
