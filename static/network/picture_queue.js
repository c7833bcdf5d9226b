/** Makes pictures one after another, in slices, so that one that nobody wants any more can be given up. Runs in a worker, or without one. */
import { PictureMaker } from './picture.js';

/** Milliseconds of work after which messages get a turn. */
const SLICE_MS = 12;

/** @typedef {{id: number, parameters: Float32Array, wants: import('./picture.js').Wants}} Job */
/** @typedef {{id: number, picture?: import('./picture.js').Picture, ms: number, error?: string}} Made `ms`: time spent on it */

export class PictureQueue {
  #answer;
  /** @type {PictureMaker|null} */
  #maker = null;
  /** @type {{info: Object, statics: Object}|null} */
  #run = null;
  /** Of another run's networks. @type {{key: string, maker: PictureMaker}|null} */
  #other = null;
  /** @type {Job[]} */
  #jobs = [];
  /** @type {Job|null} */
  #current = null;
  #isWorking = false;

  /** @param {(made: Made) => void} answer is called for each picture, in order */
  constructor(answer) {
    this.#answer = answer;
  }

  /** @param {{info: Object, statics: Object}} run */
  setRun(run) {
    this.drop();
    this.#run = run;
    this.#maker = new PictureMaker(run);
  }

  /** @param {Job} job @param {boolean} urgent whether all others are given up */
  ask(job, urgent) {
    if (urgent) this.drop();
    this.#jobs.push(job);
    if (!this.#isWorking) this.#work();
  }

  /** Give up what is under way and what waits. */
  drop() {
    this.#jobs = [];
    this.#current = null;
  }

  async #work() {
    this.#isWorking = true;
    await null; // whoever asks goes on first
    const clock = { ms: 0, since: performance.now() };
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      this.#current = job;
      clock.ms = 0;
      clock.since = performance.now();
      try {
        const picture = await this.#picture(job, clock);
        if (picture) this.#answer({ id: job.id, picture, ms: clock.ms + performance.now() - clock.since });
      } catch (error) {
        if (this.#current === job) this.#answer({ id: job.id, ms: 0, error: String(error) });
      }
    }
    this.#current = null;
    this.#isWorking = false;
  }

  /** @param {any} info of another run, or nothing @returns {PictureMaker} */
  #makerOf(info) {
    if (!info) return /** @type {PictureMaker} */ (this.#maker);
    const key = JSON.stringify(info);
    // Of samples nothing is asked there: those of this run stand for them.
    if (this.#other?.key !== key) this.#other = { key, maker: new PictureMaker({ info, statics: { .../** @type {any} */ (this.#run).statics, sample_inputs: new Float32Array(0) } }) };
    return this.#other.maker;
  }

  /** A job's picture, or null if it was given up. @param {Job} job @param {{ms: number, since: number}} clock */
  async #picture(job, clock) {
    const steps = this.#makerOf(job.wants.of).steps(job.parameters, job.wants);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      const spent = performance.now() - clock.since;
      if (spent < SLICE_MS) continue;
      clock.ms += spent;
      await turn();
      clock.since = performance.now();
      if (this.#current !== job) return null;
    }
  }
}

/** A turn for messages; a timer would wait for 4 ms. @returns {Promise<void>} */
function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
