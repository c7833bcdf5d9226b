/** What can be chosen of a picture or a video, what is accepted, and which frames a video consists of. No DOM in here. */

/** Pixels along a side: what encoders and canvases take. */
export const SIDES = { width: [160, 3840], height: [120, 2160] };
export const PICTURE_SIDES = { width: [160, 8000], height: [120, 8000] };
/** A picture of more pixels is more than browsers' canvases take. */
export const MOST_PIXELS = 32e6;
export const LENGTHS = [1, 60];
/** GIF counts in hundredths of a second. @type {Record<'mp4'|'gif', number[]>} */
export const RATES = { mp4: [10, 15, 24, 25, 30, 50, 60], gif: [5, 10, 20, 25] };
/** Frames per second of a video, unless others are chosen. */
export const USUAL_RATE = { mp4: 30, gif: 20 };
/** Width and height of the whole stage, and of a panel, unless others are chosen. @type {Record<'mp4'|'gif'|'png'|'svg', {whole: number[], panel: number[]}>} */
const USUAL = {
  mp4: { whole: [1280, 720], panel: [864, 736] },
  gif: { whole: [800, 450], panel: [540, 460] },
  png: { whole: [1920, 1080], panel: [1350, 1150] },
  svg: { whole: [1920, 1080], panel: [1350, 1150] },
};

/** Share of a video's epochs from which on it is said that there are no frames of them. */
const LONG_GAP = 0.1;

/** CSS pixels in which a whole stage is laid out, and a panel: as many as it is made for, in the shape that is asked for. */
const [WHOLE, ONE] = [1120 * 630, 540 * 460];
/** Pixels for each of those at least: with fewer nobody could read the type. */
const LEAST_RATIO = 0.6;

/** @param {string} text @returns {number} NaN for what is no number */
export function numberOf(text) {
  const bare = text.trim().replace(/(\d)[, ](?=\d{3}\b)/g, '$1').replace(',', '.');
  return /^\d+(\.\d+)?$/.test(bare) ? Number(bare) : NaN;
}

/**
 * What is wrong with a side, in a sentence; empty if nothing is.
 * @param {'width'|'height'} name @param {string} text @param {{isEven: boolean, sides?: Record<string, number[]>}} options
 */
export function wrongSide(name, text, { isEven, sides = SIDES }) {
  const [least, most] = sides[name];
  const value = numberOf(text);
  const what = `The ${name} must be ${isEven ? 'an even' : 'a whole'} number of pixels from ${least} to ${most}`;
  const isFine = Number.isInteger(value) && value >= least && value <= most && !(isEven && value % 2);
  return isFine ? '' : `${what}; got ${said(text)}.`;
}

/**
 * Width and height that a form begins with.
 * @param {'mp4'|'gif'|'png'|'svg'} format @param {string} what a panel, or empty for the whole stage
 * @returns {string[]}
 */
export function usualSize(format, what) {
  return USUAL[format][what ? 'panel' : 'whole'].map(String);
}

/**
 * What a file of it is called: a panel's isn't called like the stage's.
 * @param {string} name of the run @param {string} title of the panel, or empty for the whole stage @param {string} format
 */
export function fileName(name, title, format) {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return `${[name, ...words].join('-')}.${format}`;
}

/** @param {string} text */
export function wrongLength(text) {
  const value = numberOf(text);
  return value >= LENGTHS[0] && value <= LENGTHS[1] ? '' : `The length must be ${LENGTHS[0]} to ${LENGTHS[1]} seconds; got ${said(text)}.`;
}

/** @param {string} from @param {string} to @param {number} last epoch of the run @returns {{from: string, to: string}} */
export function wrongSpan(from, to, last) {
  const [start, end] = [numberOf(from), numberOf(to)];
  const upTo = Number(last.toFixed(2));
  const isStart = start >= 0 && start < last;
  const wrongFrom = isStart ? '' : `The first epoch must be at least 0 and before ${upTo}; got ${said(from)}.`;
  // What is written is rounded.
  const isEnd = end <= last + 0.01 && (!isStart || end > start);
  const wrongTo = isEnd ? '' : `The last epoch must be after the first and at most ${upTo}, the furthest that was on screen; got ${said(to)}.`;
  return { from: wrongFrom, to: wrongTo };
}

/** @param {string} text */
const said = (text) => (text.trim() === '' ? 'nothing' : text.trim());

/**
 * Numbers of the frames that a video shows, as even over the epochs as there are frames.
 * @param {{frame: ArrayLike<number>, epoch: ArrayLike<number>}} history @param {number} from epoch @param {number} to epoch
 * @param {number} count @returns {number[]}
 */
export function framesAt({ frame, epoch }, from, to, count) {
  const numbers = [];
  let at = 0;
  for (let k = 0; k < count; k++) {
    const wanted = count > 1 ? from + ((to - from) * k) / (count - 1) : from;
    while (at + 1 < epoch.length && Math.abs(epoch[at + 1] - wanted) <= Math.abs(epoch[at] - wanted)) at++;
    numbers.push(frame[at]);
  }
  return numbers;
}

/**
 * The longest stretch of epochs of which a video has no frame, where it is long: of a run that was opened from a file, or went on
 * after a restart, not every frame is there.
 * @param {{frame: ArrayLike<number>, epoch: ArrayLike<number>}} history @param {number[]} wanted numbers of frames, in order
 * @param {number[]} got what came instead @returns {number[]|null} its first and last epoch
 */
export function gapIn({ frame, epoch }, wanted, got) {
  const epochs = new Map(Array.from(frame, (number, k) => [number, epoch[k]]));
  const stretches = (/** @type {number[]} */ numbers) => numbers.slice(1).map((number, k) => [epochs.get(numbers[k]) ?? NaN, epochs.get(number) ?? NaN]);
  const long = (/** @type {number[]} */ [from, to]) => Math.max(to - from, 0);
  const longest = (/** @type {number[]} */ numbers) => stretches(numbers).reduce((best, each) => (long(each) > long(best) ? each : best), [0, 0]);
  const span = long([epochs.get(wanted[0]) ?? NaN, epochs.get(wanted[wanted.length - 1]) ?? NaN]);
  const gap = longest(got);
  return long(gap) > LONG_GAP * span && long(gap) > 2 * long(longest(wanted)) ? gap : null;
}

/**
 * How a picture of that size is laid out.
 * @param {number} width in pixels @param {number} height @param {boolean} isWhole whether it is of the whole stage
 * @returns {{width: number, height: number, ratio: number}} CSS pixels, and the picture's pixels for each
 */
export function measureOf(width, height, isWhole) {
  const ratio = Math.max(LEAST_RATIO, Math.sqrt((width * height) / (isWhole ? WHOLE : ONE)));
  return { width: width / ratio, height: height / ratio, ratio };
}

/** A size in words. @param {number} bytes */
export function sizeInWords(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
