/**
 * A line for newcomers: what this is, three things to do, and after a run what happened and what to try next. It leaves
 * after some use, or when it is sent away, and comes back from the page's header.
 */
import { element, icon } from '../../kit/dom.js';
import { wanted } from '../../lessons/here.js';
import { END, Look, STEPS } from './guide.js';
import { isNew, remember, remembered } from './memory.js';
import { isLong, isSolved, whatHappened, whatNext } from './outcome.js';

const WHAT_THIS_IS = 'Watch a small neural network learn to tell blue points from orange ones.';
/** On a page inside another page, and where a link chose what is there, nobody asked for it. */
const isWanted = (search) => !['hide', 'assignment'].some((name) => new URLSearchParams(search).has(name)) && new URLSearchParams(search).get('embed') !== 'true';

export class Coach {
  #memory = remembered();
  #wasPlaying = false;
  /** Whether the frame on screen has been played to, in this visit. */
  #hasPlayed = false;
  /** The step of the guide, or null outside of it. @type {number|null} */
  #step = null;
  #before = null;
  #look = new Look();
  /** The run whose outcome was told. */
  #told = '';
  #showsOutcome = false;
  #run = '';

  /** @param {(values: Object) => void} propose @param {string} search the address's query */
  constructor(propose, search) {
    this.propose = propose;
    this.root = element('div', { class: 'nn-coach', role: 'status' });
    this.isWanted = isWanted(search);
    if (this.isWanted && isNew(this.#memory) && this.#memory.plays === 0) this.#introduce();
  }

  /** Begin the guide, by the header's button or by the line's own. */
  start() {
    this.#memory = { plays: 0, closed: false };
    remember(this.#memory);
    this.#hasPlayed = false;
    this.#goTo(0);
  }

  close() {
    this.#step = null;
    this.root.replaceChildren();
    this.#memory.closed = true;
    remember(this.#memory);
  }

  /** @param {import('../player/player.js').Player} player @param {number} now in milliseconds */
  update(player, now) {
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
    if (!this.#hasPlayed) return;
    if (this.#step !== null) {
      if (this.#look.isOver && STEPS[this.#step].isDone({ info, frame }, this.#before)) this.#goTo(this.#step + 1, info);
    } else if (this.isWanted && isNew(this.#memory) && this.#told !== state.id) {
      if (isSolved(info, frame) || (ended && isLong(frame))) this.#tell(state.id, info, frame);
    }
  }

  /** Where another run takes the place of one that plays, it plays on. */
  #startRun(id, info, playing) {
    this.#run = id;
    this.#hasPlayed = playing;
    this.#look.begin();
    this.#before ??= info;
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
    this.#step = step < STEPS.length ? step : null;
    this.#look.begin();
    if (step < STEPS.length) this.#show(element('strong', { text: `${step + 1} of ${STEPS.length}` }), element('span', { text: STEPS[step].text }));
    else this.#end();
  }

  #end() {
    this.#memory.closed = true;
    remember(this.#memory);
    this.#show(element('span', { text: END }), ...firstLesson());
  }

  #tell(id, info, frame) {
    this.#told = id;
    const next = whatNext(info, frame).map(({ label, values }) => button(label, () => this.propose(values)));
    this.#show(element('span', { class: 'nn-coach-told', text: whatHappened(info, frame) }), ...next);
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
