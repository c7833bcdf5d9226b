/** An MP4, encoded by the browser (WebCodecs). */

/** Most players know the first one; the others are for browsers that can't write it. */
const CODECS = ['avc', 'vp9', 'av1'];
/** Seconds from one frame that needs no other to the next: that is how far a player may have to read to jump. */
const KEY_EVERY = 2;
/** Bits for each pixel of a second: flat colours need few, fine lines more. */
const BITS = 3.5;
const LEAST_BITS = 4e5;

/** Whether a browser may write videos at all. */
export const canEncode = () => typeof VideoEncoder !== 'undefined';

export class Mp4 {
  #output;
  #source;
  #fps;
  #n = 0;

  /** @param {any} library @param {HTMLCanvasElement} canvas @param {string} codec @param {number} fps */
  constructor(library, canvas, codec, fps) {
    const { BufferTarget, CanvasSource, Mp4OutputFormat, Output } = library;
    this.codec = codec;
    this.#fps = fps;
    this.#output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target: new BufferTarget() });
    const bitrate = Math.round(Math.max(LEAST_BITS, BITS * canvas.width * canvas.height));
    this.#source = new CanvasSource(canvas, { codec, bitrate, keyFrameInterval: KEY_EVERY, latencyMode: 'quality' });
    this.#output.addVideoTrack(this.#source, { frameRate: fps });
  }

  /** @param {HTMLCanvasElement} canvas @param {{fps: number, load: () => Promise<any>}} options `load`: gets Mediabunny @returns {Promise<Mp4|null>} null where the browser has no codec */
  static async begin(canvas, { fps, load }) {
    if (!canEncode()) return null;
    const library = await load();
    for (const codec of CODECS) {
      if (!(await library.canEncodeVideo(codec, { width: canvas.width, height: canvas.height, bitrate: 2e6 }))) continue;
      const made = new Mp4(library, canvas, codec, fps);
      await made.#output.start();
      return made;
    }
    return null;
  }

  /** What the canvas shows now is the next frame. */
  async add() {
    await this.#source.add(this.#n / this.#fps, 1 / this.#fps);
    this.#n++;
  }

  async end() {
    await this.#output.finalize();
    return new Blob([this.#output.target.buffer], { type: 'video/mp4' });
  }

  async stop() {
    await this.#output.cancel();
  }
}
