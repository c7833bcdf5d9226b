/** The worker that makes pictures; picture_worker.js is the page's side of it. */
import { PictureQueue } from './picture_queue.js';

const scope = /** @type {any} */ (globalThis);

const queue = new PictureQueue((made) => {
  const buffers = Object.values(made.picture ?? {}).map(({ buffer }) => buffer);
  scope.postMessage(made, buffers);
});

/** @param {{data: {run?: any, job?: import('./picture_queue.js').Job, isUrgent?: boolean}}} message */
scope.onmessage = ({ data: { run, job, isUrgent } }) => {
  if (run) queue.setRun(run);
  if (job) queue.ask(job, isUrgent === true);
};
