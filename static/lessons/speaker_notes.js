/**
 * The speaker's notes in a window of their own, for the screen that the audience doesn't see. It is written from here, so the
 * server has no part in it.
 */
import { element } from '../kit/dom.js';
import { rich, withUnit } from './words.js';

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0; padding: 1.2rem 1.5rem; font: 18px/1.5 system-ui, sans-serif; }
  h1 { margin: 0 0 0.6rem; font-size: 1.4rem; }
  h2 { margin: 1.2rem 0 0.2rem; font-size: 1rem; opacity: 0.75; }
  p { margin: 0 0 0.5rem; white-space: pre-line; }
  .notes { font-size: 1.25rem; }
  button { font: inherit; min-height: 44px; padding: 0 1rem; margin-right: 0.5rem; }
  nav { position: sticky; bottom: 0; padding: 0.8rem 0; background: Canvas; }
`;
const TICK_MS = 1000;

/** Give a key that was pressed in the notes to the page. @param {Event} pressed */
function passKey(pressed) {
  const { key, code, shiftKey, repeat, type, ctrlKey, altKey, metaKey } = /** @type {KeyboardEvent} */ (pressed);
  if (ctrlKey || altKey || metaKey || key === 'Tab' || key === 'Enter' || key === 'Escape') return; // the notes' own
  const given = new KeyboardEvent(type, { key, code, shiftKey, repeat, bubbles: true, cancelable: true });
  document.body.dispatchEvent(given);
  if (given.defaultPrevented) pressed.preventDefault();
}

export class SpeakerNotes {
  /** @type {Window|null} */
  #window = null;
  #began = 0;
  #timer = 0;

  /** @param {{next: () => void, previous: () => void}} turn */
  constructor(turn) {
    this.turn = turn;
  }

  /** Open the window, or bring it to the front. @param {import('./step_view.js').Told} told @param {string} next what comes next */
  open(told, next) {
    this.#window = window.open('', 'nnplay-notes', 'popup,width=560,height=720');
    if (!this.#window) return;
    if (!this.#began) this.#began = Date.now();
    this.#window.focus();
    // It has the focus now; the keys of the lecture work in it all the same.
    for (const kind of ['keydown', 'keyup']) this.#window.addEventListener(kind, passKey);
    this.update(told, next);
    window.clearInterval(this.#timer);
    this.#timer = window.setInterval(() => this.#tick(), TICK_MS);
  }

  /** Show another step, if the window is open. @param {import('./step_view.js').Told} told @param {string} next */
  update(told, next) {
    if (!this.#window || this.#window.closed) return;
    const { document: page } = this.#window;
    const { lesson, index, step } = told;
    page.title = `Notes: ${lesson.title}`;
    page.documentElement.lang = told.language;
    const section = (/** @type {string} */ title, /** @type {string} */ text, name = '') => (text ? [element('h2', { text: title }), rich('p', text, name ? { class: name } : {})] : []);
    const { question } = step;
    const right = question?.kind === 'choice' ? question.answers[question.right].text : question?.kind === 'number' && question.value !== null ? `${question.value} ${question.unit}` : '';
    const { measured } = /** @type {{measured?: {of: string, value: number|'never'}|null}} */ (told);
    const found = question?.kind === 'number' && measured?.of === `${lesson.key}.${index}` ? withUnit(measured.value === 'never' ? Infinity : measured.value, question.unit) : '';
    const key = (/** @type {string} */ text, /** @type {() => void} */ go) => {
      const button = element('button', { type: 'button', text });
      button.addEventListener('click', go);
      return button;
    };
    this.clock = element('span', { class: 'clock' });
    page.head.replaceChildren(element('style', { text: STYLE }));
    page.body.replaceChildren(
      rich('p', `${lesson.title}, step ${index + 1} of ${lesson.titles.length}`),
      element('h1', { text: step.title }),
      ...section('Notes', step.notes || 'This step has no notes.', 'notes'),
      ...section('Question', question?.text ?? ''),
      ...section('Answer', right),
      ...section('Measured', found),
      ...section('Why', step.why),
      ...section('Next', next),
      element('nav', {}, key('Previous step', this.turn.previous), key('Next step', this.turn.next), this.clock),
    );
    this.#tick();
  }

  #tick() {
    if (!this.#window || this.#window.closed) {
      window.clearInterval(this.#timer);
      return;
    }
    const seconds = Math.floor((Date.now() - this.#began) / 1000);
    if (this.clock) this.clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} since the notes were opened`;
  }
}
