/** Other people's libraries, each loaded when a video needs it. They lie beside the bundle as beside the sources. */

const FOLDER = new URL('../vendor/', import.meta.url).href;
const GIF_WORKER = new URL('./gif_worker.js', import.meta.url);

/** @returns {Promise<any>} Mediabunny, which writes MP4 */
export const loadMediabunny = () => import(`${FOLDER}mediabunny/mediabunny.mp4.min.js`);

/** @returns {Promise<any>} gifenc, which writes GIF */
export const loadGifenc = () => import(`${FOLDER}gifenc/gifenc.esm.js`);

export const startGifWorker = () => new Worker(GIF_WORKER, { type: 'module' });
