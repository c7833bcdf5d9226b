/** The worker that writes a GIF; film/gif.js is the page's side of it. */
import { GifWriter } from './film/gif_writer.js';
import { loadGifenc } from './vendor.js';

const scope = /** @type {any} */ (globalThis);
/** @type {GifWriter|null} */
let writer = null;

/** @param {{data: any}} message */
async function take({ data }) {
  const { begin, frame, end } = data;
  if (begin) writer = new GifWriter(await loadGifenc(), begin);
  if (frame) writer?.add(new Uint32Array(frame.pixels), frame.delay);
  const bytes = end ? /** @type {GifWriter} */ (writer).end() : null;
  scope.postMessage({ done: true, bytes }, bytes ? [bytes.buffer] : []);
}

/** One after another. */
let last = Promise.resolve();
scope.onmessage = (/** @type {{data: any}} */ message) => {
  last = last.then(() => take(message)).catch((error) => scope.postMessage({ error: String(error) }));
};
