/** Asks for pictures of frames, which a worker makes; where no worker can start, the page itself makes them. */
import { PictureQueue } from './picture_queue.js';

/** Static arrays of a run that pictures are made of. */
const STATICS = ['inputs', 'targets', 'is_test', 'sample_inputs'];

const startWorker = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

/** @typedef {import('./picture_queue.js').Job} Job */
/** @typedef {(picture: import('./picture.js').Picture, key: any, ms: number) => void} OnPicture `ms`: how long it took to make */

/** @typedef {Job & {key: any, onPicture: OnPicture}} Waiting */

export class PictureWorker {
  /** @type {Worker|null} */
  #worker = null;
  /** In place of the worker. @type {PictureQueue|null} */
  #queue = null;
  /** @type {{info: any, statics: any}|null} */
  #run = null;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #id = 0;

  /** @param {() => Worker} [start] */
  constructor(start = startWorker) {
    /** How long the last picture took to make. */
    this.lastMs = 0;
    try {
      this.#worker = start();
      this.#worker.onmessage = ({ data }) => this.#take(data);
      this.#worker.onerror = (event) => {
        event.preventDefault();
        this.#goOnWithout();
      };
    } catch {
      this.#goOnWithout();
    }
  }

  /** Pictures that are under way. */
  get busy() {
    return this.#waiting.size;
  }

  /** Begin another run: what is under way for the one before is dropped. @param {{info: any, statics: Object<string, any>}} run */
  setRun({ info, statics }) {
    this.#waiting.clear();
    // Copies: as views on a message they would take all of it along.
    const run = { info, statics: Object.fromEntries(STATICS.map((name) => [name, statics[name].slice()])) };
    this.#run = run;
    if (this.#queue) this.#queue.setRun(run);
    else this.#worker?.postMessage({ run });
  }

  /**
   * Ask for a picture. Answers come in the order of the questions.
   * @param {any} key is handed back with the picture
   * @param {Float32Array} parameters @param {import('./picture.js').Wants} wants
   * @param {OnPicture} onPicture
   * @param {{urgent?: boolean}} [how] `urgent`: whatever else is under way is dropped, and never answered
   */
  ask(key, parameters, wants, onPicture, { urgent = false } = {}) {
    if (urgent) this.#waiting.clear();
    const waiting = { id: ++this.#id, key, parameters: parameters.slice(), wants, onPicture };
    this.#waiting.set(waiting.id, waiting);
    this.#send(waiting, urgent);
  }

  /** Let the worker go. */
  stop() {
    this.#waiting.clear();
    this.#worker?.terminate();
    this.#queue?.drop();
  }

  /** @param {Waiting} waiting @param {boolean} isUrgent */
  #send({ id, parameters, wants }, isUrgent) {
    const job = { id, parameters, wants };
    if (this.#queue) this.#queue.ask(job, isUrgent);
    else this.#worker?.postMessage({ job, isUrgent });
  }

  /** @param {import('./picture_queue.js').Made} made */
  #take({ id, picture, ms, error }) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (error || !picture) {
      console.error(`A picture could not be made: ${error}`);
      return;
    }
    this.lastMs = ms;
    waiting.onPicture(picture, waiting.key, ms);
  }

  /** Without a worker: make here what it hasn't made yet. */
  #goOnWithout() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#queue = new PictureQueue((made) => this.#take(made));
    if (this.#run) this.#queue.setRun(this.#run);
    for (const waiting of this.#waiting.values()) this.#send(waiting, false);
  }
}
