/**
 * Where a visitor is in a step: asked, about to train, training, or at the end, where prediction and result are held
 * against each other. Between the column with the words and the stage, which know nothing of one another. No DOM, so that node can
 * test it.
 */

/**
 * @typedef {{kind: 'choice', text: string, answers: {text: string, word: string}[], right: number}} Choice
 * @typedef {{kind: 'number', text: string, unit: string, value: number|null, tolerance: number}} NumberQuestion `value` null: it is measured
 * @typedef {{kind: 'boundary', text: string}} Boundary
 * @typedef {Choice|NumberQuestion|Boundary} Question
 * @typedef {{lesson: string, index: number, title: string, question: Question|null, epochs: number, free: boolean, controls: string[], logScale?: boolean}} Step
 *   `free`: something else is tried, nothing is asked; `logScale`: its losses are on a logarithmic axis
 */
/** @typedef {'asking'|'ready'|'running'|'done'} Phase */
/** @typedef {{play(): void, pause(): void, reset(): void, setPace(pace: Pace): void, run: string, playing: boolean, root: any}} Stage what of a stage is wanted here */

/** `epochs` a frame; each stays on screen for `stay` milliseconds at least. @typedef {{epochs: number, stay: number}} Pace */

/** A run is to take about so many frames: some ten seconds. */
const FRAMES = 400;
/** A short one is to take so long all the same, or nobody sees it; but no frame stays longer than this. */
const SHORTEST_MS = 4000;
const LONGEST_STAY_MS = 100;
const SPEEDS = [1, 2, 5, 10, 20, 50, 100];

export class Guide {
  /** @type {Step|null} */
  step = null;
  /** @type {Phase} */
  phase = 'asking';
  /** @type {import('./progress.js').StepKept} */
  kept = { of: '' };
  /** Whether somebody wanted to train before answering. */
  reminded = false;
  /** What was measured when the run was over, in the question's unit. @type {number|null} */
  measured = null;
  /** @type {Stage|null} */
  stage = null;
  /** Commands of keys, besides the stage's; one that returns false has nothing to do. @type {Object<string, () => boolean|void>} */
  commands = {};
  /** The run that was still on the stage when the step began: it says nothing of this one. */
  #stale = '';
  /** The run that was halted where it is to end: who lets it train on from there may. */
  #halted = '';
  /** Where one is with what is tried after a step. @type {Phase} */
  trial = 'ready';
  /** Whether what is tried has not been seen training yet. */
  isUntried = false;
  /** The run of it that has. */
  #trained = '';
  /** The run that is to be trained once more from its beginning, until that has come. */
  #again = '';
  /** Whether the step was done before, and nothing of its run has been seen in this visit. */
  isRevisited = false;
  #progress;
  #listeners = new Set();

  /** @param {import('./progress.js').Progress} progress */
  constructor(progress) {
    this.#progress = progress;
  }

  /** @param {() => void} listener is called whenever anything here has changed @returns {() => void} ends it */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Go to a step, or to none; the same one again changes nothing. @param {Step|null} step @param {string} run the step's, if it has begun */
  begin(step, run = '') {
    const isSame = JSON.stringify(step) === JSON.stringify(this.step);
    if (isSame) return;
    const shown = this.stage?.run ?? '';
    this.#stale = shown === run ? '' : shown;
    if (step && this.step && !isSameRun(step, this.step)) this.#stop(shown === run);
    this.step = step;
    this.#halted = '';
    this.reminded = false;
    this.measured = null;
    this.trial = 'ready';
    this.#again = '';
    this.#trained = '';
    this.isUntried = step?.free === true;
    if (step) {
      this.kept = this.#progress.step(step.lesson, step.index, step.title);
      this.#progress.visit(step.lesson, step.index);
      this.phase = this.kept.done ? 'done' : this.#isAnswered ? 'ready' : 'asking';
      this.isRevisited = this.phase === 'done' && !step.free;
      this.measured = this.kept.result?.measured ?? null;
      this.#fitSpeed();
    }
    this.#tell();
  }

  /** The stage that the step runs on. @param {Stage|null} stage */
  take(stage) {
    this.stage = stage;
    this.#fitSpeed();
    this.#tell();
  }

  get #isAnswered() {
    return !this.step?.question || this.step.free || this.kept.skipped === true || this.kept.answer !== undefined;
  }

  /** Whether the answer may still be another one. */
  get isOpen() {
    return Boolean(this.step?.question) && !this.step?.free && (this.phase === 'asking' || this.phase === 'ready');
  }

  /** Answer, or take an answer back: undefined. @param {any} answer */
  answer(answer) {
    if (!this.isOpen) return;
    const { skipped, ...kept } = this.kept;
    this.#keep({ ...kept, answer });
    this.phase = this.#isAnswered ? 'ready' : 'asking';
    this.reminded = false;
    this.#tell();
  }

  /** Choose one of the answers, if that is asked and not done yet. @param {number} index @returns {boolean} whether it was */
  choose(index) {
    const question = this.step?.question;
    if (this.phase !== 'asking' || !this.isOpen || question?.kind !== 'choice' || index >= question.answers.length) return false;
    this.answer(index);
    return true;
  }

  skip() {
    if (!this.isOpen) return;
    this.#keep({ of: this.kept.of, skipped: true });
    this.phase = 'ready';
    this.reminded = false;
    this.#tell();
  }

  /** Whether the stage may train; if not, whoever wanted it is told why. */
  mayTrain() {
    if (!this.step || this.phase !== 'asking' || this.step.free) return true;
    this.reminded = true;
    this.#tell();
    return false;
  }

  /** Answer the step's question once more: its run begins again. */
  askAgain() {
    if (!this.step) return;
    this.#keep({ of: this.step.title });
    this.phase = this.#isAnswered ? 'ready' : 'asking';
    this.measured = null;
    this.stage?.reset();
    this.#tell();
  }

  /** Train what is tried once more, from its beginning: with other settings, perhaps. */
  trainAgain() {
    this.#again = this.stage?.run ?? '';
    this.stage?.reset();
  }

  /**
   * What the stage shows.
   * @param {{run: string, epoch: number, playing: boolean, ended: boolean, message: string}} shown
   *   `ended`: training doesn't go on; `message` says why, if it came to no good end
   */
  see({ run, epoch, playing, ended, message }) {
    const { step } = this;
    if (!step || run === this.#stale) return;
    if (this.isRevisited && epoch > 0) {
      this.isRevisited = false;
      this.#tell();
    }
    if (epoch < step.epochs) this.#halted = '';
    else this.#halt(run, playing);
    if (this.#again && run !== this.#again) {
      this.#again = '';
      this.stage?.play();
    }
    if (step.free) {
      if (epoch > 0 || playing) this.#trained = run;
      const isUntried = run !== this.#trained;
      const trial = epoch >= step.epochs || (ended && epoch > 0) ? 'done' : playing ? 'running' : 'ready';
      if (trial !== this.trial || isUntried !== this.isUntried) {
        this.trial = trial;
        this.isUntried = isUntried;
        this.#tell();
      }
      return;
    }
    if (this.phase === 'ready' && playing) this.#goTo('running');
    if (this.phase !== 'running' && this.phase !== 'ready') return;
    const isOver = ended && (epoch > 0 || message !== ''); // a run that diverged may be back at its very beginning
    if (!isOver && epoch < step.epochs) return;
    this.stage?.pause();
    this.#keep({ ...this.kept, done: true });
    this.#goTo('done');
  }

  /** Something was measured of the run that is over: by the server, or on the picture. @param {Object<string, any>} result */
  note(result) {
    this.measured = result.measured ?? this.measured;
    this.#keep({ ...this.kept, result: { ...this.kept.result, ...result } });
    this.#tell();
  }

  /** @returns {{right: boolean|null, said: any}} whether the answer was right; null where there is none, or none is wrong */
  get verdict() {
    const question = this.step?.question;
    const { answer } = this.kept;
    if (!question || answer === undefined || question.kind === 'boundary') return { right: null, said: answer };
    if (question.kind === 'choice') return { right: answer === question.right, said: answer };
    const truth = question.value ?? this.measured;
    return { right: truth === null ? null : Math.abs(answer - truth) <= question.tolerance + 1e-9, said: answer };
  }

  /** Once for each run: whoever presses Play there wants to see more. @param {string} run @param {boolean} playing */
  #halt(run, playing) {
    if (this.#halted === run) return;
    this.#halted = run;
    if (playing) this.stage?.pause();
  }

  /** Another step begins: a run that takes the place of one that plays would play on. @param {boolean} isThere whether it has come already */
  #stop(isThere) {
    if (!this.stage?.playing) return;
    this.stage.pause();
    if (isThere) this.stage.reset();
  }

  /** Going to another step: what is on the stage plays no further. */
  leave() {
    this.stage?.pause();
  }

  /** @param {Phase} phase */
  #goTo(phase) {
    this.phase = phase;
    this.#tell();
  }

  #fitSpeed() {
    if (this.step && this.stage) this.stage.setPace(paceFor(this.step.epochs));
  }

  #keep(kept) {
    this.kept = kept;
    if (this.step && !this.step.free) this.#progress.keep(this.step.lesson, this.step.index, kept);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

/** Whether two steps are the same one, in another language perhaps. @param {Step} one @param {Step} other */
const isSameRun = (one, other) => one.lesson === other.lesson && one.index === other.index && one.free === other.free;

/** How a run takes its time but not more, and ends where it is to. @param {number} epochs @returns {Pace} */
export function paceFor(epochs) {
  const fitting = SPEEDS.filter((speed) => epochs % speed === 0);
  const speed = fitting.findLast((each) => each <= Math.max(1, epochs / FRAMES)) ?? 1;
  return { epochs: speed, stay: Math.min(LONGEST_STAY_MS, (SHORTEST_MS * speed) / epochs) };
}

/**
 * Between which numbers an answer is near enough, in words; nothing where it must be exact.
 * @param {NumberQuestion} question @param {number} truth @param {(value: number) => string} shown
 */
export function nearEnough({ tolerance, unit }, truth, shown) {
  if (!(tolerance > 0) || !Number.isFinite(truth)) return '';
  const isPercent = unit.trim() === '%';
  const low = truth >= 0 ? Math.max(0, truth - tolerance) : truth - tolerance;
  const high = isPercent && truth <= 100 ? Math.min(100, truth + tolerance) : truth + tolerance;
  return `${shown(low)} to ${shown(high)}${unit ? ` ${unit}` : ''}`;
}

/** A number as people write it; null where it is none. @param {string} text */
export function numberOf(text) {
  const plain = text.trim().replace(/\s*%$/, '').replace('−', '-').replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}
