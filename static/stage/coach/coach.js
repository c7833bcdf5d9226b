/**
 * A line for newcomers: what this is, three things to do, and after a run what happened and what to try next. It leaves
 * after some use, or when it is sent away, and comes back from the page's header.
 */
import { showPlace } from '../../glossary/places.js';
import { element, icon } from '../../kit/dom.js';
import { wanted } from '../../lessons/here.js';
import { BEGINNING, END, isAsAtFirst, isSeen, isTheBeginning, Look, STEPS, wordsOf } from './guide.js';
import { isNew, remember, remembered } from './memory.js';
import { isLong, isSolved, tellsWhy, whatHappened, whatNext } from './outcome.js';

const WHAT_THIS_IS = 'Watch a small neural network learn to tell blue points from orange ones.';
/** On a page inside another page, and where a link chose what is there, nobody asked for it. */
const isWanted = (search) => !['hide', 'assignment'].some((name) => new URLSearchParams(search).has(name)) && new URLSearchParams(search).get('embed') !== 'true';

/** The first run of all is to be seen: each of its frames stays for so long at least, in milliseconds. */
const FIRST_PACE = { epochs: 1, stay: 35 };
const GOES_ON = ' It goes on until you press Pause.';
const AS_YOU_LEFT_IT = 'It begins anew here.';

export class Coach {
  #memory = remembered();
  #wasPlaying = false;
  /** Whether the frame on screen has been played to, in this visit. */
  #hasPlayed = false;
  /** The step of the guide, or null outside of it. @type {number|null} */
  #step = null;
  #before = null;
  #look = new Look();
  /** What the guide's card says now. */
  #words = '';
  /** Whether what the guide begins with took a run's place. */
  #hasReplaced = false;
  /** The player, and what is on the stage. @type {any} */
  #player = null;
  /** The run whose outcome was told. */
  #told = '';
  #showsOutcome = false;
  #run = '';
  /** Whether a run was paused, and nothing was said of it yet. */
  #owes = false;

  /**
   * @param {(values: Object) => void} propose values for the run's settings @param {string} search the address's query
   * @param {{about(frame: *, now: number): Object[]|null, open(): void}|null} doctor says why a run hasn't learned; null until it knows
   */
  constructor(propose, search, doctor = null) {
    this.propose = propose;
    this.doctor = doctor;
    this.root = element('div', { class: 'nn-coach', role: 'status' });
    this.isWanted = isWanted(search);
    if (this.isWanted && isNew(this.#memory) && this.#memory.plays === 0) this.#introduce();
  }

  /** Begin the guide, by the header's button or by the line's own. */
  start() {
    this.#memory = { plays: 0, closed: false };
    remember(this.#memory);
    this.#hasPlayed = false;
    this.#hasReplaced = false;
    this.#beginAnew();
    this.#goTo(0);
  }

  /** Whatever was left on the stage is kept, and its place is taken by what the guide begins with. */
  #beginAnew() {
    const player = this.#player;
    const frame = player?.timeline.shownFrame;
    if (!player?.state.run || !frame) return;
    const { info } = player.state.run;
    const now = performance.now();
    player.pause(now);
    player.pace = FIRST_PACE;
    if (isTheBeginning({ info, frame })) return;
    this.#hasReplaced = player.timeline.furthest > 0;
    if (isAsAtFirst(info)) player.reset(now);
    else this.propose(BEGINNING);
  }

  close() {
    this.#leaveGuide();
    this.root.replaceChildren();
    this.#memory.closed = true;
    remember(this.#memory);
  }

  /** @param {import('../player/player.js').Player} player @param {number} now in milliseconds */
  update(player, now) {
    this.#player = player;
    const { state, timeline, playing } = player;
    const frame = timeline.shownFrame;
    if (!state.run || !frame) return;
    const { info } = state.run;
    if (state.id !== this.#run) this.#startRun(state.id, info, playing);
    const began = playing && !this.#wasPlaying;
    const ended = !playing && this.#wasPlaying;
    this.#wasPlaying = playing;
    this.#look.tick(now, playing);
    if (began) this.#notePlay();
    if (this.#step !== null) {
      this.#follow({ info, frame }, playing);
      return;
    }
    if (!this.#hasPlayed) return;
    if (this.isWanted && isNew(this.#memory) && this.#told !== state.id) {
      if (began) this.#owes = false;
      if (ended) this.#owes = isLong(frame);
      if (!isSolved(info, frame) && !this.#owes) return;
      const findings = this.doctor ? this.doctor.about(frame, now) : [];
      if (findings) this.#tell(state.id, info, frame, findings);
    }
  }

  /** Say at once what there is to do next, or to watch. @param {import('./guide.js').Shown} shown @param {boolean} playing */
  #follow(shown, playing) {
    const step = STEPS[/** @type {number} */ (this.#step)];
    const isDone = this.#hasPlayed && isSeen(step, shown, this.#before);
    if (isDone && this.#look.isOver) {
      this.#goTo(/** @type {number} */ (this.#step) + 1, shown.info);
      return;
    }
    const words = wordsOf(step, shown.info, this.#before ?? shown.info, playing);
    if (`${words} ${isDone}` === this.#words) return;
    if (words === step.watch && !this.#words.startsWith(words)) this.#look.begin();
    this.#sayStep(words, isDone);
  }

  /** @param {string} words @param {boolean} isDone whether one may go on */
  #sayStep(words, isDone) {
    const step = /** @type {number} */ (this.#step);
    const next = isDone ? [button('Next', () => this.#goTo(step + 1, this.#player.state.run.info), 'nn-coach-primary')] : [];
    const back = this.#hasReplaced && step === 0 ? [element('span', { text: AS_YOU_LEFT_IT }), button('Bring my run back', () => this.#bringBack())] : [];
    const way = words === STEPS[step].set ? wayTo(STEPS[step].where) : [];
    this.#show(element('strong', { text: `${step + 1} of ${STEPS.length}` }), element('span', { text: words }), ...way, ...next, ...back);
    this.#words = `${words} ${isDone}`;
  }

  #bringBack() {
    this.#player.changeRun('undo', performance.now());
    this.close();
  }

  #leaveGuide() {
    this.#step = null;
    this.root.removeAttribute('data-guides');
  }

  /** Where another run takes the place of one that plays, it plays on. */
  #startRun(id, info, playing) {
    this.#run = id;
    this.#hasPlayed = playing;
    this.#look.begin();
    this.#before ??= info;
    const isFirst = this.#step !== null || (this.isWanted && isNew(this.#memory) && this.#memory.plays === 0);
    if (isFirst) this.#player.pace = FIRST_PACE;
    else if (this.#player.pace === FIRST_PACE) this.#player.pace = { epochs: 0, stay: 0 };
    if (this.#showsOutcome) this.#show();
  }

  #notePlay() {
    this.#hasPlayed = true;
    this.#memory.plays += 1;
    remember(this.#memory);
    if (this.#step === null) this.#show();
  }

  #introduce() {
    this.#show(element('span', { text: WHAT_THIS_IS }), button('Start here', () => this.start(), 'nn-coach-primary'));
  }

  #goTo(step, info = null) {
    this.#before = info;
    this.#look.begin();
    this.#words = '';
    if (step >= STEPS.length) {
      this.#leaveGuide();
      this.root.setAttribute('data-guides', 'end');
      this.#end();
      return;
    }
    this.#step = step;
    this.root.setAttribute('data-guides', String(step + 1));
    this.#sayStep(STEPS[step].set || STEPS[step].play, false);
  }

  #end() {
    this.#memory.closed = true;
    remember(this.#memory);
    this.#show(element('span', { text: END }), ...firstLesson());
  }

  /** What was found says why a run hasn't learned, and what to try: then nothing else is suggested. */
  #tell(id, info, frame, findings) {
    this.#told = id;
    this.#owes = false;
    const next = tellsWhy(info, frame, findings)
      ? [button('See why', () => this.doctor?.open())]
      : whatNext(info, frame).map(({ label, values }) => button(label, () => this.propose(values)));
    this.#show(element('span', { class: 'nn-coach-told', text: `${whatHappened(info, frame, findings)}${this.#wasPlaying ? GOES_ON : ''}` }), ...next);
    this.#showsOutcome = true;
  }

  /** Say something, or nothing. @param {...Node} parts */
  #show(...parts) {
    this.#showsOutcome = false;
    if (parts.length === 0) {
      this.root.replaceChildren();
      return;
    }
    const close = element('button', { type: 'button', class: 'nn-coach-close', 'aria-label': 'Close' }, icon('close'));
    close.addEventListener('click', () => this.close());
    this.root.replaceChildren(element('p', {}, ...parts.flatMap((part) => [part, ' '])), close);
  }
}

/** The way to a control that is out of sight, as on a phone. @param {string} [where] @returns {HTMLElement[]} */
function wayTo(where) {
  const control = /** @type {HTMLElement|null} */ (where ? document.querySelector(where) : null);
  if (!control || !(control.checkVisibility?.() ?? true)) return [];
  const { top, bottom } = control.getBoundingClientRect();
  if (top >= 0 && bottom <= window.innerHeight) return [];
  return [button('Where?', () => showPlace(control), 'nn-coach-primary')];
}

/** The way to the lessons, where the page's menu has one. @returns {HTMLElement[]} */
function firstLesson() {
  /** @type {HTMLElement|null} */
  const link = document.querySelector('a[href$="/lessons"]');
  const open = () => {
    wanted.first = true;
    link?.click();
  };
  return link ? [button('First lesson', open, 'nn-coach-primary')] : [];
}

function button(text, onClick, className = '') {
  const node = element('button', { type: 'button', class: `nn-text-button ${className}`, text });
  node.addEventListener('click', onClick);
  return node;
}
