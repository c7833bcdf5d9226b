/** The question of a step, asked before its run: chosen, typed, or drawn on the boundary. */
import { element, setText } from '../kit/dom.js';
import { numberOf } from './guide.js';
import { button, rich } from './words.js';

/** So much is to be typed. */
const LONGEST = 20;

export class QuestionCard {
  /** @param {import('./guide.js').Guide} guide */
  constructor(guide) {
    this.guide = guide;
    this.root = element('section', { class: 'nn-lesson-question', 'aria-label': 'Question' });
    this.said = element('p', { class: 'nn-lesson-said', role: 'status' });
    this.skip = button('Skip the question', () => guide.skip(), { class: 'nn-lesson-link', 'data-key': 'skip' });
  }

  /** Ask the present step's question. */
  build() {
    const { question } = /** @type {import('./guide.js').Step} */ (this.guide.step);
    if (!question) return;
    const body = { choice: () => this.#choice(question), number: () => this.#number(question), boundary: () => this.#boundary(question) }[question.kind]();
    this.root.replaceChildren(...body, this.said, this.skip);
    this.update();
  }

  /** Say how it stands. */
  update() {
    const { guide } = this;
    const { phase, kept, reminded } = guide;
    this.root.dataset.reminded = String(reminded);
    this.skip.hidden = phase !== 'asking';
    // Chosen by its number, too.
    for (const input of this.root.querySelectorAll('input[type=radio]')) /** @type {HTMLInputElement} */ (input).checked = kept.answer === Number(/** @type {HTMLInputElement} */ (input).value);
    if (reminded) setText(this.said, 'Answer first, or skip the question. Then train.');
    else if (kept.skipped) setText(this.said, 'Skipped. You can still answer before the run begins.');
    else if (guide.step?.question?.kind === 'boundary' && phase === 'asking') setText(this.said, this.sketchSays || '');
    else setText(this.said, '');
  }

  /** What is to be said of what is drawn so far. */
  sketchSays = '';

  #choice(question) {
    const options = question.answers.map(({ text }, k) => {
      const input = element('input', { type: 'radio', name: 'nnplay-lesson-answer', value: String(k), 'data-key': `answer-${k}`, checked: this.guide.kept.answer === k });
      input.addEventListener('change', () => this.guide.answer(k));
      return element('label', {}, input, rich('span', text));
    });
    return [element('fieldset', {}, rich('legend', question.text), ...options)];
  }

  #number(question) {
    const { answer } = this.guide.kept;
    const input = element('input', { type: 'text', inputmode: 'decimal', maxlength: String(LONGEST), 'data-key': 'number', autocomplete: 'off', value: answer === undefined ? '' : String(answer) });
    input.addEventListener('input', () => {
      const value = numberOf(input.value);
      input.setAttribute('aria-invalid', String(value === null && input.value.trim() !== ''));
      this.guide.answer(value ?? undefined);
      if (value === null && input.value.trim() !== '') setText(this.said, 'This must be a number, such as 0.8.');
    });
    // Typed: what comes next is the run, by the keys that are everywhere the same.
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing && this.guide.phase === 'ready') input.blur();
    });
    const unit = question.unit ? [element('span', { class: 'nn-lesson-unit', text: question.unit })] : [];
    return [element('label', { class: 'nn-lesson-number' }, rich('span', question.text), element('span', { class: 'nn-lesson-field' }, input, ...unit))];
  }

  /** Where one draws. */
  toPicture() {
    const pad = this.guide.stage?.root.querySelector('.nn-sketch');
    pad?.closest('section')?.scrollIntoView({ block: 'start' });
    pad?.focus({ preventScroll: true });
  }

  /** In a narrow window the picture is far below. */
  #boundary(question) {
    return [rich('p', question.text), button('Go to the picture', () => this.toPicture(), { class: 'nn-lesson-button nn-lesson-narrow', 'data-key': 'picture' })];
  }
}
