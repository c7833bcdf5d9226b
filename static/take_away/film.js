/**
 * Makes pictures and videos of a run. It runs in a page of its own that nobody sees (darkroom.js), which begins with this module,
 * and finds what it does under `nnplayFilm` there.
 */
import { Gif } from './film/gif.js';
import { FilmStage } from './film/film_stage.js';
import { Mp4 } from './film/mp4.js';
import { Painting } from './film/painting.js';
import { pictureOf } from './film/picture.js';
import { record } from './film/recorder.js';
import { loadMediabunny, startGifWorker } from './vendor.js';

/** @typedef {import('../messages/decode.js').Arrays} Arrays */
/** @typedef {import('./film/wanted.js').Wanted} Wanted */
/** @typedef {{blob: Blob, codec: string}} Made `codec`: of an MP4 */

/** What can be in it, by the stage's page; begun for the one that is wanted. @type {Object<string, () => Promise<{default: import('../stage/panels/panel_set.js').Page}>>} */
const PAGES = {
  playground: () => import('../stage/pages/playground.js'),
  digits: () => import('../stage/pages/digits.js'),
  tabular: () => import('../stage/pages/tabular.js'),
};

const numberOf = (/** @type {Arrays} */ frame) => frame.counters[0];

/** @param {Wanted} wanted @param {boolean} isStill */
async function stageFor({ take, frames, only, measure, onPaper, signal }, isStill) {
  const host = document.createElement('div');
  host.className = 'nnplay-stage';
  document.body.replaceChildren(host);
  const stage = new FilmStage(host, (await PAGES[take.page]()).default, take, { frames, only, measure, onPaper, isStill });
  await stage.begin(numberOf(frames[0]), signal);
  return stage;
}

/** A turn for whatever else the browser's page does; a timer would wait for 4 ms. */
function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(null);
  });
}

/** @param {Wanted} wanted @returns {Promise<Made|null>} null where the browser can't write such a video */
async function video(wanted) {
  const { frames, width, height, measure, fps = 30, format, signal, onProgress = () => {} } = wanted;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const isGif = format === 'gif';
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false, willReadFrequently: isGif }));
  const stage = await stageFor(wanted, false);
  const painting = new Painting(stage, context, measure.ratio);
  const writer = isGif ? new Gif(context, { fps, worker: startGifWorker() }) : await Mp4.begin(canvas, { fps, load: loadMediabunny });
  try {
    if (!writer) return null;
    const order = frames.map(numberOf);
    if (writer instanceof Gif) {
      const samples = [];
      for (const number of Gif.samplesOf(order)) {
        await stage.show(number, []);
        painting.paint();
        samples.push(writer.sample());
        signal.throwIfAborted();
      }
      writer.begin(samples);
      await stage.beginAgain(order[0], signal);
    }
    for (let k = 0; k < order.length; k++) {
      const isSame = k > 0 && order[k] === order[k - 1];
      if (!isSame) {
        await stage.show(order[k], order.slice(k + 1, k + 40));
        painting.paint();
      }
      await writer.add(isSame);
      onProgress((k + 1) / order.length);
      if (k % 2) await turn();
      signal.throwIfAborted();
    }
    const blob = await writer.end();
    return { blob, codec: writer instanceof Mp4 ? writer.codec : '' };
  } catch (error) {
    await writer?.stop();
    throw error;
  } finally {
    painting.stop();
    stage.destroy();
  }
}

/** @param {Wanted} wanted @returns {Promise<Made>} */
async function picture(wanted) {
  if (wanted.format === 'svg') record();
  const stage = await stageFor(wanted, true);
  try {
    return { blob: await pictureOf(stage, wanted), codec: '' };
  } finally {
    stage.destroy();
  }
}

/** @type {any} */ (globalThis).nnplayFilm = { video, picture };
