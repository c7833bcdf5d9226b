/**
 * The pad: a panel of the stage on which one draws a digit; the network of the frame shown answers, also while it learns.
 */
import { decode } from '../stage/decode.js';
import { element, icon, setText } from '../stage/dom.js';
import { frameNumber } from '../stage/frame.js';
import { Panel } from '../stage/panel.js';
import { Asker } from './asker.js';
import { Bars } from './bars.js';
import { Easel } from './easel.js';
import { Strokes } from './strokes.js';
import { Seen, Units } from './units.js';
import { listen, say, stopListening } from './wire.js';
import { moment, verdict } from './words.js';

const ABOUT =
  'Draw a digit with mouse, pen, finger or keys. It is centred and scaled like the images that the network learns from, ' +
  'and the network of the epoch on screen says what it takes it for. A square is a hidden unit, orange where it answers above 0, blue below.';
const TICK_MS = 50;
/** An answer is read out when it has stood this long. */
const SPEAK_MS = 700;

export class PadPanel {
  #run = null;
  #theme = null;
  #frame = 0;
  #state = null;
  /** What was asked about last: the drawing and the frame. */
  #asked = '';
  #answer = null;
  #taken = 0;
  #timer;
  #speaking;

  constructor() {
    this.panel = new Panel({ id: 'pad', title: 'Draw a digit', about: ABOUT });
    this.strokes = new Strokes();
    this.easel = new Easel(this.strokes, {
      onDraw: () => this.#drawn(),
      onUndo: () => this.#change(() => this.strokes.undo()),
      onClear: () => this.#change(() => this.strokes.clear()),
      onNear: () => this.#near(),
      onPen: (down) => setText(this.penState, down ? 'Pen down' : 'Pen lifted'),
    });
    this.bars = new Bars();
    this.seen = new Seen();
    this.units = new Units();
    this.asker = new Asker({ send: say, firstId: Date.now() });
    this.#build();
    listen(this.#take);
    this.#timer = setInterval(() => this.asker.tick(performance.now()), TICK_MS);
  }

  #build() {
    const button = (name, title, text, onClick) => {
      const node = element('button', { type: 'button', class: 'nn-pad-button', title }, icon(name), element('span', { text }));
      node.addEventListener('click', onClick);
      return node;
    };
    this.clear = button('clear', 'Bare paper again', 'Clear', () => this.#change(() => this.strokes.clear()));
    this.undo = button('undo', 'Take the last stroke back (Ctrl+Z on the pad)', 'Undo', () => this.#change(() => this.strokes.undo()));
    this.takeButton = button('pen', 'Put an image on the pad that the network never learned from', 'Take a test digit', () => this.#takeTestDigit());
    this.said = element('p', { class: 'nn-said', 'data-testid': 'pad-said' });
    this.moment = element('p', { class: 'nn-note', 'data-testid': 'pad-moment' });
    this.penState = element('span', { class: 'nn-unseen', role: 'status' });
    this.spoken = element('span', { class: 'nn-unseen', role: 'status' });
    const side = element('div', { class: 'nn-pad-side' }, this.undo, this.clear, this.takeButton, this.seen.root);
    const drawing = element('div', { class: 'nn-pad-draw' }, this.easel.root, side, this.penState, this.spoken);
    const answer = element('div', { class: 'nn-pad-answer' }, this.said, this.moment, this.bars.root);
    this.panel.plot.remove();
    this.panel.body.append(drawing, answer, this.units.root);
  }

  get root() {
    return this.panel.root;
  }

  get drawn() {
    return true;
  }

  attach() {}

  setRun(run) {
    this.#run = run;
    this.takeButton.hidden = !run.info.has_test;
    this.bars.setNames(run.info.class_names);
    this.asker.forget();
    this.#asked = '';
    this.#taken = 0;
    this.#answer = null;
    this.#show();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.easel.setTheme(theme);
    this.#show();
  }

  /** The frame on screen: what is on the pad is answered by its network. @param {import('../stage/run_state.js').RunState} state */
  showFrame(frame, state) {
    this.#frame = frameNumber(frame);
    this.#state = state;
    if (!this.strokes.isEmpty && this.#key !== this.#asked) this.asker.wishPatiently('read', () => this.#drawing(false), performance.now());
  }

  destroy() {
    clearInterval(this.#timer);
    clearTimeout(this.#speaking);
    stopListening(this.#take);
  }

  get #key() {
    return `${this.strokes.version} ${this.#frame}`;
  }

  #drawn() {
    this.panel.root.dataset.drawn = String(this.strokes.version);
    if (this.#run) this.asker.wish('read', () => this.#drawing(true), performance.now());
    this.#buttons();
  }

  /** @param {() => boolean} change of what is drawn */
  #change(change) {
    if (!change()) return;
    this.easel.paint();
    if (this.strokes.isEmpty) this.#answer = null;
    this.#drawn();
    this.#show();
  }

  /** A drawing may follow: the server is to have time for it. */
  #near() {
    if (this.#run && !this.asker.isBusy) this.asker.wish('near', () => this.#about({ haste: true }), performance.now());
  }

  #takeTestDigit() {
    if (this.#run) this.asker.wish('take', () => this.#about({ number: this.#taken++ }), performance.now());
  }

  /** The request that asks about what is on the pad now; null where that is nothing. @param {boolean} haste */
  #drawing(haste) {
    this.#asked = this.#key;
    const ink = this.easel.ink();
    return ink && this.#about({ frame: this.#frame, haste, drawn: this.strokes.version, ...ink });
  }

  /** A request about the run on screen. */
  #about(body) {
    return { run: this.#run.id, controls: this.#state?.controls, ...body };
  }

  #take = (bytes) => {
    const now = performance.now();
    try {
      const { header, statics } = decode(bytes);
      const request = this.asker.settle(header.reply, now);
      if (request && header.run === this.#run?.id) this.#takeAnswer(header, statics, request);
    } catch (error) {
      console.error('nnplay:', error);
    }
    this.asker.tick(now);
  };

  #takeAnswer(header, statics, request) {
    if (statics.image) {
      const [rows, columns] = header.shape;
      this.#answer = null;
      this.strokes.show({ rows, columns, pixels: statics.image, truth: header.truth });
      this.easel.paint();
      this.#drawn();
    } else if (statics.outputs && !this.strokes.isEmpty) {
      const layers = this.#run.info.layers.map((_, k) => statics[`activations_${k + 1}`]);
      this.#answer = { ...header, drawn: request.drawn, outputs: statics.outputs, seen: statics.seen, layers };
    }
    this.#show();
  }

  #buttons() {
    this.clear.disabled = this.undo.disabled = this.strokes.isEmpty;
  }

  #show() {
    this.#buttons();
    if (!this.#run || !this.#theme) return;
    const answer = this.#answer;
    const names = this.#run.info.class_names;
    const truth = this.strokes.picture && this.strokes.strokes.length === 0 ? this.strokes.picture.truth : null;
    this.bars.show(answer?.outputs ?? null, truth);
    this.seen.show(answer?.seen ?? null, answer?.shape ?? this.#run.info.image_shape, this.#theme);
    const { layers } = this.#run.info;
    this.units.show(
      answer?.layers ?? layers.map(({ units }) => new Float32Array(units)),
      layers.map(({ range }) => range),
      this.#theme,
    );
    setText(this.said, answer ? verdict(answer.outputs, names, truth === null ? null : names[truth]) : 'Draw, and the network answers.');
    setText(this.moment, answer ? moment(answer) : '');
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => setText(this.spoken, answer ? this.said.textContent : ''), SPEAK_MS);
    const { root } = this.panel;
    root.dataset.frame = answer ? String(answer.frame) : '';
    root.dataset.answered = answer ? String(answer.drawn) : '';
  }
}
