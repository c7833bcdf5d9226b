/** A step beside its stage: its words, its question, and in the end what was said against what happened. */
import { element, focusKey, focusedKey } from '../kit/dom.js';
import { nearEnough } from './guide.js';
import { beside, scenesIn } from './lecture.js';
import { QuestionCard } from './question_card.js';
import { button, explained, rich, shownNumber, withUnit } from './words.js';

/** Windows in which the stage lies below the words, as in lesson_page.css. */
const NARROW = '(max-width: 899.98px)';

/**
 * What the server tells of a step (nnplay/ui/lessons/told.py).
 * @typedef {{title: string, text: string, question: import('./guide.js').Question|null, epochs: number, run: string, why: string,
 *   next: {text: string, then: string, runs: boolean}|null, log_scale: boolean, notes: string, controls: string[], runs: string[]}} StepTold
 * @typedef {{lesson: {key: string, title: string, titles: string[], names: string[]}, index: number, step: StepTold, away: boolean, trying: boolean, races: boolean, scenes: string, scene_titles: Object<string, string>,
 *   following: {key: string, title: string}|null, ends: number, languages: string[], language: string, present: boolean}} Told
 */
/** @typedef {(act: {do: string, [name: string]: any}) => void} Act says something to the server */

export class StepView {
  /** @type {Told|null} */
  #told = null;
  #asked = '';
  /** @type {HTMLElement|null} */
  #resultBox = null;
  #phase = '';
  /** Whether what should have been found is unfolded. */
  #isThenOpen = false;
  /** Where one is on the way to, until the server has told of it: whoever presses twice goes two steps. @type {import('./lecture.js').Scene|null} */
  #goingTo = null;
  /** @type {IntersectionObserver} */
  #watcher;

  /**
   * @param {import('./guide.js').Guide} guide @param {import('./progress.js').Progress} progress @param {Act} act
   * @param {import('./sheets.js').Sheets} sheets @param {import('./lecture.js').Lecture} lecture
   */
  constructor(guide, progress, act, sheets, lecture) {
    this.sheets = sheets;
    this.lecture = lecture;
    this.guide = guide;
    this.progress = progress;
    this.act = act;
    this.head = element('header', { class: 'nn-lesson-head' });
    this.words = element('div', { class: 'nn-lesson-words' });
    this.card = new QuestionCard(guide);
    this.run = element('div', { class: 'nn-lesson-run' });
    this.foot = element('footer', { class: 'nn-lesson-foot' });
    /** In a narrow window the stage lies below the words: what comes next, when the picture is drawn and when the run is over. */
    this.jump = button('', () => (this.#resultBox ? this.#toResult() : this.#train()), { class: 'nn-lesson-button nn-primary nn-lesson-jump', hidden: true });
    this.#watcher = new IntersectionObserver(([{ isIntersecting }]) => {
      this.jump.hidden = isIntersecting;
      if (isIntersecting) this.#watcher.disconnect(); // seen: it is not called for again
    });
    this.nodes = [this.head, this.words, this.card.root, this.run, this.foot, this.jump];
  }

  #toResult() {
    const result = this.#resultBox;
    result?.scrollIntoView({ block: 'start' });
    result?.focus({ preventScroll: true });
  }

  /** @param {Told} told */
  show(told) {
    const moved = this.#told && (this.#told.lesson.key !== told.lesson.key || this.#told.index !== told.index || this.#told.trying !== told.trying);
    this.#told = told;
    if (moved) this.#isThenOpen = false;
    const { lesson, step } = this.#goingTo ?? {};
    if (lesson === told.lesson.key && step === told.index) this.#goingTo = null;
    this.#asked = '';
    this.update();
    if (moved) this.#toBegin();
  }

  /** Another step begins at its title. */
  #toBegin() {
    this.head.querySelector('h2')?.focus({ preventScroll: true });
    this.head.closest('.st-key-lesson-column')?.scrollTo({ top: 0 });
    if (window.matchMedia(NARROW).matches) this.head.scrollIntoView({ block: 'start' });
  }

  /** The guide, or what was told, has changed. */
  update() {
    const told = this.#told;
    if (!told) return;
    const host = this.head.parentElement;
    const focused = host && focusedKey(host);
    this.#drawHead(told);
    this.#drawWords(told);
    this.#drawQuestion(told);
    this.#watcher.disconnect();
    this.jump.hidden = true;
    this.#resultBox = null;
    this.run.replaceChildren(...this.#runNodes(told));
    const result = /** @type {HTMLElement|null} */ (this.#resultBox);
    const train = this.guide.phase === 'ready' && this.guide.step?.question?.kind === 'boundary' ? this.run.querySelector('[data-key=train]') : null;
    this.jump.textContent = result ? 'See the result' : (train?.textContent ?? '');
    if (result ?? train) this.#watcher.observe(/** @type {Element} */ (result ?? train));
    // Beside the stage it may lie below the column's end; in a narrow window one is to see the stage first.
    if (result && this.#phase === 'running' && !window.matchMedia(NARROW).matches) result.scrollIntoView({ block: 'nearest' });
    this.#phase = this.guide.phase;
    this.#drawFoot(told);
    if (host && focused && focusedKey(host) === null) focusKey(host, focused);
  }

  #drawHead({ lesson, index, step, scene_titles: titles }) {
    const back = button('All lessons', () => this.act({ do: 'list' }), { class: 'nn-lesson-link nn-lesson-back', 'data-key': 'list' });
    const { done } = this.progress.of(lesson.key, lesson.names);
    const scenes = this.#scenes;
    const what = scenes.length > 0 ? 'Scene' : 'Step';
    const places = scenes.length > 0
      ? scenes.map((scene) => ({ ...scene, title: this.lecture.titleOf(scene, titles), done: false }))
      : lesson.titles.map((title, k) => ({ lesson: lesson.key, step: k, title, done: done[k] }));
    const at = places.findIndex((place) => place.lesson === lesson.key && place.step === index);
    const dots = places.map((place, k) => {
      const here = k === at;
      const name = `${what} ${k + 1}: ${place.title}${place.done ? ', done' : ''}`;
      return button(place.done && !here ? '✓' : String(k + 1), () => this.#goTo(place), { class: 'nn-lesson-dot', title: name, 'aria-label': name, 'data-key': `step-${k}`, 'data-done': String(place.done), ...(here ? { 'aria-current': 'step' } : {}) });
    });
    const name = rich('p', lesson.title, { class: 'nn-lesson-name' });
    const count = element('p', { class: 'nn-lesson-count', text: `${what} ${at + 1} of ${places.length}` });
    this.head.replaceChildren(back, name, element('nav', { class: 'nn-lesson-steps', 'aria-label': `${what}s` }, ...dots, count), rich('h2', step.title, { tabindex: '-1' }));
  }

  /** Those of the lecture that this step is a scene of; none where it is no lecture. */
  get #scenes() {
    const told = this.#told;
    const scenes = told ? scenesIn(told.scenes) : [];
    return scenes.some((scene) => told && scene.lesson === told.lesson.key && scene.step === told.index) ? scenes : [];
  }

  /** What comes after this step, or before it. @param {1|-1} by @returns {import('./lecture.js').Scene|null} */
  beside(by) {
    const told = this.#told;
    if (!told) return null;
    const { lesson, index } = told;
    const here = this.#goingTo ?? { lesson: lesson.key, step: index };
    const scenes = this.#scenes;
    if (scenes.length > 0) return beside(scenes, here, by);
    const step = here.step + by;
    return step >= 0 && step < lesson.titles.length ? { lesson: lesson.key, step } : null;
  }

  /** @param {import('./lecture.js').Scene} place */
  #goTo({ lesson, step }) {
    this.#goingTo = { lesson, step };
    this.guide.leave();
    this.act({ do: 'open', lesson, step });
  }

  #drawWords({ step, trying, language }) {
    const names = step.runs.map((run, k) => element('li', {}, element('strong', { text: 'ABCD'[k] }), ' ', rich('span', run)));
    const lanes = names.length > 0 && !trying ? [element('ul', { class: 'nn-lesson-lanes' }, ...names)] : [];
    this.words.replaceChildren(explained(step.text, language), ...lanes);
    this.words.hidden = trying;
  }

  #drawQuestion({ lesson, index, step, trying }) {
    const asks = this.guide.isOpen && !trying;
    this.card.root.hidden = !asks;
    if (!asks) {
      this.#asked = '';
      return;
    }
    const key = JSON.stringify([lesson.key, index, step.question]);
    if (key !== this.#asked) {
      this.#asked = key;
      this.card.build();
    } else this.card.update();
  }

  /** @param {Told} told @returns {Node[]} */
  #runNodes(told) {
    const { step, trying } = told;
    const { phase } = this.guide;
    if (trying) return this.#tryingNodes(told);
    const back = told.away ? [element('p', { class: 'nn-lesson-away' }, 'You have changed the settings. ', button('Back to the step', () => this.act({ do: 'back' }), { class: 'nn-lesson-link', 'data-key': 'back' }))] : [];
    if (phase === 'asking') return back;
    if (phase === 'ready') {
      const train = button(`Train ${step.epochs.toLocaleString('en-US')} epochs`, () => this.#train(), { class: 'nn-lesson-button nn-primary', 'data-key': 'train' });
      return [...(step.run ? [explained(step.run, told.language)] : []), train, ...back];
    }
    if (phase === 'running') return [...(step.run ? [explained(step.run, told.language)] : []), element('p', { class: 'nn-lesson-said', role: 'status', text: `It trains up to epoch ${step.epochs.toLocaleString('en-US')}.` }), ...back];
    return [this.#result(told), ...back];
  }

  /** Let it train; where the stage is out of sight, show it. */
  #train(begin = () => this.guide.stage?.play()) {
    const { stage } = this.guide;
    if (window.matchMedia(NARROW).matches) stage?.root.scrollIntoView({ block: 'start' });
    begin();
  }

  /** Prediction and result, the reason, and what is next. @param {Told} told */
  #result({ step, language }) {
    const { guide } = this;
    const box = element('section', { class: 'nn-lesson-result', 'aria-label': 'Result', tabindex: '-1' });
    this.#resultBox = box;
    if (guide.isRevisited) box.append(element('p', { class: 'nn-lesson-said', text: 'Press Play to see it again.' }));
    if (step.question && step.question.kind !== 'boundary') box.append(rich('p', step.question.text));
    box.append(...this.#against(step), explained(step.why, language, { class: 'nn-lesson-why' }));
    if (step.next) {
      const words = explained(step.next.text, language);
      words.prepend(element('strong', { text: 'Now you: ' }));
      box.append(words, ...(step.next.runs ? [] : this.#then(step.next, language)));
    }
    const last = this.beside(1) === null;
    const attempt = step.next?.runs ? [button('Try it', () => this.act({ do: 'try' }), { 'data-key': 'try' })] : [];
    const next = last ? this.#onwards() : [button('Next step', () => this.turn(1), { class: 'nn-lesson-button nn-primary', 'data-key': 'next' })];
    box.append(element('div', { class: 'nn-lesson-buttons' }, ...next, ...attempt));
    if (step.question) box.append(button('Answer again', () => guide.askAgain(), { class: 'nn-lesson-link', 'data-key': 'again' }));
    return box;
  }

  /** After the last step: the lesson that comes next, and the way to all of them. @returns {Node[]} */
  #onwards() {
    const following = this.#scenes.length === 0 ? this.#told?.following : null; // a lecture ends where it ends
    const all = (/** @type {string} */ look) => button('All lessons', () => this.act({ do: 'list' }), { class: `nn-lesson-button ${look}`, 'data-key': 'all' });
    if (!following) return [all('nn-primary')];
    return [button(`Next: ${following.title}`, () => this.#goTo({ lesson: following.key, step: 0 }), { class: 'nn-lesson-button nn-primary', 'data-key': 'next' }), all('')];
  }

  /** @param {StepTold} step @returns {Node[]} */
  #against({ question }) {
    const { guide } = this;
    const { right, said } = guide.verdict;
    if (!question) return [];
    if (question.kind === 'boundary') {
      const share = guide.kept.result?.agreement;
      if (said === undefined || share === undefined) return [];
      const words = `Your boundary and the network’s agree on ${Math.round(100 * share)} % of the square.`;
      return [element('p', { class: 'nn-lesson-verdict' }, words, share < 0.995 ? ' Where they don’t, it is hatched.' : '')];
    }
    const row = (/** @type {string} */ name, /** @type {Node} */ value) => [element('dt', { text: name }), element('dd', {}, value)];
    if (question.kind === 'choice') {
      const rows = [
        ...(said === undefined ? [] : row('You said', rich('span', question.answers[said]?.text ?? ''))),
        ...(right ? [] : row('Right is', rich('span', question.answers[question.right].text))),
      ];
      const word = right === false ? question.answers[said]?.word : '';
      return [element('dl', { class: 'nn-lesson-against', 'data-right': String(right) }, ...rows), ...verdictWords(right), ...(word ? [rich('p', word)] : [])];
    }
    const truth = question.value ?? guide.measured;
    const text = (/** @type {number} */ value) => element('span', { text: withUnit(value, question.unit) });
    const rows = [...(said === undefined ? [] : row('You said', text(said))), ...(truth === null ? [] : row(question.value === null ? 'Measured' : 'Right is', text(truth)))];
    const near = truth === null ? '' : nearEnough(question, truth, shownNumber);
    const counts = near ? ` Near enough is ${near}.` : '';
    const words = right ? (said === truth ? undefined : `Near enough.${question.value === null ? '' : counts}`) : `Not quite.${counts}`;
    return [element('dl', { class: 'nn-lesson-against', 'data-right': String(right) }, ...rows), ...verdictWords(right, words)];
  }

  /** What should have been found: folded away, to be read after the try. @param {{then: string}} next @param {string} language @returns {Node[]} */
  #then({ then }, language) {
    if (!then) return [];
    const fold = element('details', { class: 'nn-lesson-then', open: this.#isThenOpen }, element('summary', { text: 'Then look', 'data-key': 'then' }), explained(then, language));
    fold.addEventListener('toggle', () => { this.#isThenOpen = fold.open; });
    return [fold];
  }

  /** @param {Told} told @returns {Node[]} */
  #tryingNodes({ step, ends, language }) {
    /** @type {Node[]} */
    const words = [explained(step.next?.text ?? '', language)];
    const epochs = ends.toLocaleString('en-US');
    const { trial } = this.guide;
    if (trial === 'ready') words.push(button(`Train ${epochs} epochs`, () => this.#train(), { class: 'nn-lesson-button nn-primary', 'data-key': 'train' }));
    else if (trial === 'running') words.push(element('p', { class: 'nn-lesson-said', role: 'status', text: `It trains up to epoch ${epochs}.` }));
    else words.push(button('Train again', () => this.#train(() => this.guide.trainAgain()), { 'data-key': 'train' }));
    if (step.next) words.push(...this.#then(step.next, language));
    const last = this.beside(1) === null;
    const back = button('Back to the step', () => this.act({ do: 'back' }), { 'data-key': 'back' });
    const next = last ? this.#onwards() : [button('Next step', () => this.turn(1), { class: 'nn-lesson-button nn-primary', 'data-key': 'next' })];
    return [...words, element('div', { class: 'nn-lesson-buttons' }, ...next, back)];
  }

  /** @param {Told} told */
  #drawFoot(told) {
    const { languages, language } = told;
    const open = this.foot.querySelector('details')?.open ?? false;
    const link = (/** @type {string} */ key, /** @type {string} */ text, /** @type {() => void} */ act) => button(text, act, { class: 'nn-lesson-link', 'data-key': key });
    const sheet = (/** @type {string} */ of) => () => this.sheets.open(of);
    const teaching = element('details', { class: 'nn-lesson-teaching', open }, element('summary', { text: 'For teachers', 'data-key': 'teaching' }));
    const { lesson, index, step } = told;
    const scene = { lesson: lesson.key, step: index, title: `${lesson.title}: ${step.title}` };
    const isScene = this.lecture.has(scene);
    const toggle = () => {
      this.lecture.toggle(scene);
      this.update();
    };
    const scenes = this.#scenes;
    const take = () => {
      this.lecture.take(scenes.map((each) => ({ ...each, title: this.lecture.titleOf(each, told.scene_titles) })));
      this.update();
    };
    // A lecture that came as a link can be changed, once it is one's own.
    if (scenes.length > 0 && !this.lecture.is(scenes)) teaching.append(link('take', 'Make this lecture mine', take));
    teaching.append(link('scene', isScene ? 'Take out of my lecture' : 'Add to my lecture', toggle), link('worksheet', 'Worksheet', sheet('worksheet')), link('key', 'Teacher’s key', sheet('key')), link('notes', 'Speaker’s notes (N)', () => this.guide.commands.notes?.()));
    const leave = () => this.act({ do: 'leave', frame: Number(this.guide.stage?.root.dataset.frame ?? 0) });
    const links = [link('leave', told.races ? 'Open in Compare' : 'Open in the playground', leave)];
    if (languages.length > 1) {
      const choice = element('select', { 'aria-label': 'Language', class: 'nn-select', 'data-key': 'language' });
      for (const each of languages) choice.append(element('option', { value: each, text: nameOf(each), selected: each === language }));
      choice.addEventListener('change', () => this.act({ do: 'language', language: choice.value }));
      links.push(/** @type {any} */ (choice));
    }
    this.foot.replaceChildren(...links, teaching);
  }

  /** Go to the next step or the one before, of the lesson or of the lecture; there may be none. @param {1|-1} by */
  turn(by) {
    const place = this.beside(by);
    if (place) this.#goTo(place);
  }

  /** Go to where the question is answered. @returns {boolean} whether it is asked */
  toQuestion() {
    const { guide, card } = this;
    if (!guide.isOpen || this.#told?.trying) return false;
    if (guide.step?.question?.kind === 'boundary') card.toPicture();
    else /** @type {HTMLElement|null} */ (card.root.querySelector('input:checked, input'))?.focus();
    return true;
  }

  /** Show what is below, or above, in the column. @param {1|-1} by @returns {boolean} whether there is more */
  scroll(by) {
    const column = this.head.closest('.st-key-lesson-column');
    if (!column || column.scrollHeight <= column.clientHeight) return false;
    column.scrollBy({ top: by * 0.6 * column.clientHeight, behavior: 'smooth' });
    return true;
  }

  /** Try the step's transfer, or go back to the step. */
  attempt() {
    const told = this.#told;
    if (told?.trying || told?.step.next?.runs) this.act({ do: told.trying ? 'back' : 'try' });
  }
}

/** A language's name in itself. @param {string} language */
function nameOf(language) {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  } catch {
    return language;
  }
}

/** @param {boolean|null} right @param {string} words */
const verdictWords = (right, words = right ? 'That is right.' : 'Not quite.') => (right === null ? [] : [element('p', { class: 'nn-lesson-verdict', 'data-right': String(right), text: words })]);
