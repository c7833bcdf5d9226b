/** Makes a picture or a video of the run on the stage: its frames, a page to draw them in, the file. */
import { framesAt, gapIn, measureOf } from './choices.js';
import { openDarkroom } from './darkroom.js';

/**
 * @typedef {Object} Order what is wanted
 * @property {'mp4'|'gif'|'png'|'svg'} format
 * @property {string|null} only the panel, or null for the whole stage
 * @property {number} width @property {number} height
 * @property {boolean} onPaper
 * @property {{from: number, to: number, fps: number, length: number}} [span] of a video
 */

/** What comes of a promise, unless somebody has had enough before: what is made in a page that is gone never comes. @param {Promise<any>} promise @param {AbortSignal} signal */
function unlessStopped(promise, signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

/** Share of the progress that getting the frames is. */
const GETTING = 0.1;

/**
 * @param {any} run on the stage (stage/recorded.js) @param {Order} order
 * @param {{signal: AbortSignal, onProgress: (share: number) => void}} how
 * @returns {Promise<{blob: Blob, codec: string, frames: number, gap: number[]|null}|null>} `gap`: epochs of which there are no frames; null where the browser can't write such a video
 */
export async function make(run, { format, only, width, height, onPaper, span }, { signal, onProgress }) {
  const take = run.take();
  const numbers = span ? framesAt(take.history, span.from, span.to, Math.round(span.fps * span.length)) : [take.shown];
  const frames = await run.frames(numbers, { signal, onProgress: (/** @type {number} */ share) => onProgress(GETTING * share) });
  const gap = span ? gapIn(take.history, numbers, frames.map((/** @type {any} */ frame) => frame.counters[0])) : null;
  if (!span) frames.push(...run.before(take.shown));
  const measure = measureOf(width, height, only === null);
  const { film, close } = await unlessStopped(openDarkroom({ width: measure.width, height: measure.height, root: run.root, signal }), signal);
  try {
    const wanted = { take: upTo(take, Math.max(...numbers)), frames, only, width, height, measure, onPaper, format, fps: span?.fps, signal, onProgress: (/** @type {number} */ share) => onProgress(GETTING + (1 - GETTING) * share) };
    const made = await unlessStopped(span ? film.video(wanted) : film.picture(wanted), signal);
    return made && { ...made, frames: numbers.length, gap };
  } finally {
    close();
  }
}

/** What was known of the run when a frame was the furthest on screen. @param {any} take @param {number} number */
function upTo(take, number) {
  const length = take.history.frame.findLastIndex((/** @type {number} */ each) => each <= number) + 1;
  return { ...take, history: Object.fromEntries(Object.entries(take.history).map(([name, column]) => [name, column.slice(0, length)])) };
}
