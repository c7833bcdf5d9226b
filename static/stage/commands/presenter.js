/**
 * Presenter mode: large type, strong contrast, nothing on the page but the stage and the settings above it.
 *
 * The page's own parts are hidden by presenter.css, which goes by an attribute of the document's root.
 */
import { element, icon } from '../../kit/dom.js';
import { isPresenting } from '../../kit/theme.js';

const HINT_MS = 5000;

/** Of a lesson's stage, which another one takes the place of from step to step: the newest; and whether a link has begun the mode. @type {Presenter|null} */
let ofLesson = null;
let hasBegun = false;

export class Presenter {
  #onChange;
  #timer = 0;
  #wasFull = document.fullscreenElement === document.documentElement;

  /** @param {{onChange: () => void, signal: AbortSignal, isOfLesson?: boolean}} options `isOfLesson`: the mode outlasts the stage */
  constructor({ onChange, signal, isOfLesson = false }) {
    this.#onChange = onChange;
    if (isOfLesson) ofLesson = this;
    this.isOfLesson = isOfLesson;
    const leave = element('button', { type: 'button', class: 'nn-button nn-leave', 'aria-label': 'Leave presenter mode', title: 'Leave presenter mode (Esc)' }, icon('close'));
    leave.addEventListener('click', () => this.leave());
    this.hint = element('p', { class: 'nn-present-hint', role: 'status' });
    this.root = element('div', { class: 'nn-presenter' }, this.hint, leave);
    document.addEventListener('fullscreenchange', () => this.#fullscreenChanged(), { signal });
  }

  /** Begin so if the link says so; without a gesture, not on the full screen. @param {string} search the address's query */
  beginAsLinked(search) {
    if (new URLSearchParams(search).get('present') !== 'true' || (this.isOfLesson && hasBegun)) return;
    hasBegun = true;
    this.#set(true);
  }

  toggle() {
    if (isPresenting()) this.leave();
    else this.enter();
  }

  enter() {
    this.#set(true);
    document.documentElement.requestFullscreen?.().catch(() => {}); // presents in the window, then
  }

  /** @returns {boolean} whether there was a mode to leave */
  leave() {
    if (!isPresenting()) return false;
    this.#set(false);
    if (document.fullscreenElement) document.exitFullscreen();
    return true;
  }

  destroy() {
    clearTimeout(this.#timer);
    const end = () => delete document.documentElement.dataset.nnPresent;
    if (!this.isOfLesson) end();
    // The next step's stage may be about to come.
    else setTimeout(() => ofLesson === this && end());
  }

  #set(presenting) {
    if (presenting) document.documentElement.dataset.nnPresent = 'true';
    else delete document.documentElement.dataset.nnPresent;
    clearTimeout(this.#timer);
    this.hint.textContent = presenting ? 'Escape leaves presenter mode, ? lists the keys.' : '';
    this.#timer = setTimeout(() => (this.hint.textContent = ''), HINT_MS);
    this.#onChange();
  }

  /** Escape leaves the full screen without a key press that the page could see. */
  #fullscreenChanged() {
    const full = document.fullscreenElement === document.documentElement;
    if (this.#wasFull && !document.fullscreenElement) this.leave();
    this.#wasFull = full;
  }
}
