/**
 * The pad: a panel of the stage on which one draws a digit; the network of the frame shown answers, also while it learns.
 * The server sends that network, and what is drawn is read right here, at the next display tick.
 */
import { element, icon, setText } from '../../../kit/dom.js';
import { decode } from '../../../messages/decode.js';
import { frameNumber } from '../../../messages/frame.js';
import { Bars } from '../../../pad/bars.js';
import { listen, say, stopListening } from '../../../pad/component_link.js';
import { Easel } from '../../../pad/easel.js';
import { read, readerOf } from '../../../pad/reading.js';
import { RequestQueue } from '../../../pad/request_queue.js';
import { Strokes } from '../../../pad/strokes.js';
import { Seen, Units } from '../../../pad/units.js';
import { answerInWords, ranking, snapshotInWords } from '../../../pad/words.js';
import { Panel } from '../panel.js';

const ABOUT =
  'Draw a digit with mouse, pen, finger or keys. It is centred and scaled like the training images, ' +
  'and the network on screen says what it reads. Each square is a hidden unit: orange above 0, blue below.';
const TICK_MS = 50;
/** An answer is read out when it has stood this long. */
const SPEAK_MS = 700;

export class PadPanel extends Panel {
  #run = null;
  #theme = null;
  #state = null;
  /** The frame on screen, and the one whose network was asked for last: its number may come again with another network. */
  #frame = null;
  #askedFor = null;
  /** The network at hand. @type {import('../../../pad/reading.js').Reader|null} */
  #reader = null;
  #answer = null;
  /** The display tick at which what changed will be seen; 0 for none. */
  #awaited = 0;
  #taken = 0;
  #timer;
  #speaking;
  /** What was last going to be read out: which drawing, as which digit. */
  #spokenOf = '';

  constructor() {
    super({ id: 'pad', title: 'Draw a digit', about: ABOUT });
    this.strokes = new Strokes();
    this.easel = new Easel(this.strokes, {
      onDraw: () => this.#drawn(),
      onUndo: () => this.#change(() => this.strokes.undo()),
      onClear: () => this.#change(() => this.strokes.clear()),
      onPen: (down) => setText(this.penState, down ? 'Pen down' : 'Pen up'),
    });
    this.bars = new Bars();
    this.seen = new Seen();
    this.units = new Units();
    this.requests = new RequestQueue({ send: say, firstId: Date.now() });
    this.#build();
    listen(this.#take);
    this.#timer = setInterval(() => this.requests.tick(performance.now()), TICK_MS);
  }

  #build() {
    const button = (name, title, text, onClick) => {
      const node = element('button', { type: 'button', class: 'nn-pad-button', title }, icon(name), element('span', { text }));
      node.addEventListener('click', onClick);
      return node;
    };
    this.clear = button('clear', 'Clear the drawing', 'Clear', () => this.#change(() => this.strokes.clear()));
    this.undo = button('undo', 'Undo the last stroke (Ctrl+Z on the pad)', 'Undo', () => this.#change(() => this.strokes.undo()));
    this.takeButton = button('pen', 'Put a test digit on the pad: the network never trained on it', 'Test digit', () => this.#takeTestDigit());
    this.said = element('p', { class: 'nn-said', 'data-testid': 'pad-said' });
    this.snapshot = element('p', { class: 'nn-note', 'data-testid': 'pad-moment' });
    this.penState = element('span', { class: 'nn-unseen', role: 'status' });
    this.spoken = element('span', { class: 'nn-unseen', role: 'status' });
    const side = element('div', { class: 'nn-pad-side' }, this.undo, this.clear, this.takeButton, this.seen.root);
    const drawing = element('div', { class: 'nn-pad-draw' }, this.easel.root, side, this.penState, this.spoken);
    // Something may be drawn soon: the network is to be there by then.
    for (const name of ['pointerenter', 'focusin']) drawing.addEventListener(name, () => this.#wantNetwork({ patiently: false }));
    const answer = element('div', { class: 'nn-pad-answer' }, this.said, this.snapshot, this.bars.root);
    this.box.plot.remove();
    this.box.body.append(drawing, answer, this.units.root);
  }

  get isFilmed() {
    return false;
  }

  get drawn() {
    return true;
  }

  setRun(run) {
    this.#run = run;
    this.takeButton.hidden = !run.info.has_test;
    this.bars.setNames(run.info.class_names);
    this.requests.forget();
    this.#frame = this.#askedFor = this.#reader = this.#answer = null;
    this.#taken = 0;
    this.#show();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.easel.setTheme(theme);
    this.#show();
  }

  /** What is on the pad is answered by the network of the frame on screen. */
  draw({ frame, isNew, state }) {
    if (!isNew) return;
    this.#frame = frame;
    this.#state = state;
    if (!this.strokes.isEmpty) this.#wantNetwork({ patiently: true });
  }

  destroy() {
    super.destroy();
    clearInterval(this.#timer);
    clearTimeout(this.#speaking);
    cancelAnimationFrame(this.#awaited);
    stopListening(this.#take);
  }

  #drawn() {
    this.root.dataset.drawn = String(this.strokes.version);
    if (!this.strokes.isEmpty) this.#wantNetwork({ patiently: this.#answer !== null });
    this.#readSoon();
  }

  /** @param {() => boolean} change of what is drawn */
  #change(change) {
    if (change()) this.#drawn();
  }

  /** Paint and read once a display tick, however often the hand moves. */
  #readSoon() {
    this.#awaited ||= requestAnimationFrame(() => {
      this.#awaited = 0;
      this.easel.paint();
      this.#read();
      this.#show();
    });
  }

  #read() {
    const ink = this.#reader && this.easel.ink();
    this.#answer = ink ? { ...read(this.#reader, ink), snapshot: this.#reader.snapshot, drawn: this.strokes.version } : null;
  }

  /** Ask for the network of the frame on screen, unless that was done. */
  #wantNetwork({ patiently }) {
    if (!this.#run || !this.#frame || this.#askedFor === this.#frame) return;
    const request = () => {
      this.#askedFor = this.#frame;
      return this.#about({ frame: frameNumber(this.#frame) });
    };
    if (patiently) this.requests.askPatiently('network', () => (this.strokes.isEmpty ? null : request()), performance.now());
    else this.requests.ask('network', request, performance.now());
  }

  #takeTestDigit() {
    if (this.#run) this.requests.ask('take', () => this.#about({ number: this.#taken++ }), performance.now());
  }

  /** A request about the run on screen. */
  #about(body) {
    return { run: this.#run.id, controls: this.#state?.controls, ...body };
  }

  #take = (bytes) => {
    const now = performance.now();
    try {
      const { header, statics } = decode(bytes);
      const request = this.requests.settle(header.reply, now);
      if (request && header.run === this.#run?.id) this.#takeAnswer(request.kind, header, statics);
    } catch (error) {
      console.error('nnplay:', error);
    }
    this.requests.tick(now);
  };

  #takeAnswer(kind, header, statics) {
    if (statics.image) {
      const [rows, columns] = header.shape;
      this.strokes.show({ rows, columns, pixels: statics.image, truth: header.truth });
      this.#drawn();
    } else if (statics.weights_1) {
      this.#reader = readerOf(header, statics);
      this.#readSoon();
    } else if (kind === 'network') this.#askedFor = null;
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
    this.seen.show(answer?.seen ?? null, this.#run.info.image_shape, this.#theme);
    const { layers } = this.#run.info;
    this.units.show(
      answer?.layers ?? layers.map(({ units }) => new Float32Array(units)),
      layers.map(({ range }) => range),
      this.#theme,
    );
    const nothing = this.strokes.isEmpty ? 'Draw, and the network answers.' : 'Waiting for the network.';
    setText(this.said, answer ? answerInWords(answer.outputs, names, truth === null ? null : names[truth]) : nothing);
    setText(this.snapshot, answer ? snapshotInWords(answer.snapshot) : '');
    this.#speakSoon();
    const { root } = this;
    root.dataset.frame = answer ? String(answer.snapshot.frame) : '';
    root.dataset.answered = answer ? String(answer.drawn) : '';
  }

  /** Say aloud what is read, once it stays: while the network learns, the percentages never do. */
  #speakSoon() {
    const answer = this.#answer;
    const read = answer ? `${answer.drawn} ${ranking(answer.outputs)[0]}` : '';
    if (read === this.#spokenOf) return;
    this.#spokenOf = read;
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => setText(this.spoken, this.#answer ? this.said.textContent : ''), SPEAK_MS);
  }
}
