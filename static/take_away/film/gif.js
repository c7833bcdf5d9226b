/** A GIF, written in a worker while the next frames are drawn. */
/** Frames that may wait for the worker: each is as large as the picture. */
const MOST_WAITING = 3;

export class Gif {
  #worker;
  #waiting = 0;
  #wake = () => {};
  /** @type {Error|null} */
  #error = null;
  /** @type {Uint8Array|null} */
  #bytes = null;
  #context;
  #size;
  /** A frame that is written once it is known how long it stays. @type {{pixels: ArrayBuffer, delay: number}|null} */
  #held = null;

  /** @param {CanvasRenderingContext2D} context @param {{fps: number, worker: Worker}} options */
  constructor(context, { fps, worker }) {
    this.#worker = worker;
    this.#context = context;
    this.#size = { width: context.canvas.width, height: context.canvas.height };
    this.delay = 1000 / fps;
    this.#worker.onmessage = ({ data: { bytes, error } }) => {
      this.#waiting--;
      if (error) this.#error = new Error(error);
      if (bytes) this.#bytes = bytes;
      this.#wake();
    };
    this.#worker.onerror = () => {
      this.#error = new Error('The GIF could not be written.');
      this.#wake();
    };
  }

  /** Frames that are drawn before all others, for their colours. @param {number[]} order of the frames */
  static samplesOf(order) {
    return [...new Set([0, 0.15, 0.5, 1].map((share) => order[Math.round(share * (order.length - 1))]))];
  }

  /** Take note of what the canvas shows. @returns {ArrayBuffer} */
  sample() {
    return this.#context.getImageData(0, 0, this.#size.width, this.#size.height).data.buffer;
  }

  /** @param {ArrayBuffer[]} samples */
  begin(samples) {
    this.#send({ begin: { ...this.#size, samples } }, samples);
  }

  /** What the canvas shows now is the next frame. @param {boolean} isSame whether it is as before */
  async add(isSame) {
    if (isSame && this.#held) {
      this.#held.delay += this.delay;
      return;
    }
    this.#flush();
    this.#held = { pixels: this.sample(), delay: this.delay };
    while (this.#waiting >= MOST_WAITING) await this.#turn();
  }

  async end() {
    this.#flush();
    this.#send({ end: true }, []);
    while (!this.#bytes) await this.#turn();
    this.stop();
    return new Blob([/** @type {any} */ (this.#bytes)], { type: 'image/gif' });
  }

  stop() {
    this.#worker.terminate();
  }

  #flush() {
    const frame = this.#held;
    this.#held = null;
    if (frame) this.#send({ frame }, [frame.pixels]);
  }

  /** @param {Object} message @param {Transferable[]} buffers */
  #send(message, buffers) {
    this.#waiting++;
    this.#worker.postMessage(message, buffers);
  }

  async #turn() {
    if (!this.#error) {
      await new Promise((resolve) => {
        this.#wake = () => resolve(undefined);
      });
    }
    if (this.#error) throw this.#error;
  }
}
