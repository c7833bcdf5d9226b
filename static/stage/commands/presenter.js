/**
 * Presenter mode: large type, strong contrast, nothing on the page but the stage and the settings above it.
 *
 * The page's own parts are hidden by presenter.css, which goes by an attribute of the document's root.
 */
import { element, icon, setAttribute } from '../../kit/dom.js';
import { isPresenting } from '../../kit/theme.js';
import { done } from './take_back.js';

const HINT_MS = 5000;
const HINT = 'Escape leaves presenter mode, D shows the data, U takes back, ? lists the keys.';
const LESSON_HINT = 'Page down is the next step, A answers, D shows the data, U takes back, ? lists the keys.';
const SIDEBAR = '.stSidebar';
const PICKER = '.nnplay-picker';
/** Where the page's controls are, and the keys that change them. */
const CONTROLS = '.stSidebar, .st-key-bar, .st-key-lesson-column';
const CHANGING = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'Enter']);

/** Of a lesson's stage, which another one takes the place of from step to step: the newest; and whether a link has begun the mode. @type {Presenter|null} */
let ofLesson = null;
let hasBegun = false;
/** Until then, a page that comes begins in the mode, and one that goes leaves it on. */
let carriedUntil = -Infinity;
const CARRIED_MS = 10_000;

/** One goes on elsewhere with what is presented here: the page that comes is to be in the same mode. */
export function carryPresenting() {
  if (isPresenting()) carriedUntil = performance.now() + CARRIED_MS;
}

export class Presenter {
  #onChange;
  #timer = 0;
  #hint;
  #wasFull = document.fullscreenElement === document.documentElement;

  /** @param {{onChange: () => void, signal: AbortSignal, isOfLesson?: boolean, hint?: string}} options `isOfLesson`: the mode outlasts the stage */
  constructor({ onChange, signal, isOfLesson = false, hint = isOfLesson ? LESSON_HINT : HINT }) {
    this.#hint = hint;
    this.#onChange = onChange;
    if (isOfLesson) ofLesson = this;
    this.isOfLesson = isOfLesson;
    const leave = element('button', { type: 'button', class: 'nn-button nn-leave', 'aria-label': 'Leave presenter mode', title: 'Leave presenter mode (Esc)' }, icon('close'));
    leave.addEventListener('click', () => this.leave());
    this.hint = element('p', { class: 'nn-present-hint', role: 'status' });
    this.data = element('button', { type: 'button', class: 'nn-button nn-show-data', 'aria-pressed': 'false', title: 'Data, noise and points (D)' }, element('span', { text: 'Data' }));
    this.data.hidden = isOfLesson; // a step has its controls beside its words
    this.data.addEventListener('click', () => this.toggleData());
    this.root = element('div', { class: 'nn-presenter' }, this.hint, this.data, leave);
    document.addEventListener('fullscreenchange', () => this.#fullscreenChanged(), { signal });
    const touched = (/** @type {Event} */ event) => {
      const changes = event instanceof KeyboardEvent ? CHANGING.has(event.key) : true;
      if (changes && event.target instanceof Element && event.target.closest(CONTROLS)) done.touch(performance.now());
    };
    for (const kind of ['keydown', 'pointerup']) document.addEventListener(kind, touched, { signal, capture: true });
    // On the full screen, or on the projector, there may be room for larger type.
    window.addEventListener('resize', () => isPresenting() && this.#onChange(), { signal });
  }

  /** Begin so if the link says so; without a gesture, not on the full screen. @param {string} search the address's query */
  beginAsLinked(search) {
    if (performance.now() < carriedUntil) {
      this.#set(true);
      return;
    }
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

  /** Show the page's sidebar beside the stage, with the focus on the data set that is chosen, or put it away. @returns {boolean} whether it can be */
  toggleData() {
    const sidebar = document.querySelector(SIDEBAR);
    if (!isPresenting() || !sidebar) return false;
    const { dataset } = document.documentElement;
    if (dataset.nnPresentData) {
      this.#hideData();
      return true;
    }
    dataset.nnPresentData = 'true';
    setAttribute(this.data, 'aria-pressed', 'true');
    if (sidebar.getAttribute('data-collapsed') === 'true') this.#press("[data-testid='stExpandSidebarButton']");
    // Noise and the number of points are for who wants all controls.
    if (sidebar.querySelector(PICKER) && document.querySelector('.st-key-controls-switch') && !sidebar.querySelector('[data-testid=stSlider]')) this.#press('.st-key-controls-switch button');
    const first = sidebar.querySelector(`${PICKER} [role=radio][aria-checked=true]`) ?? sidebar.querySelector('button, input, [role=slider]');
    requestAnimationFrame(() => /** @type {HTMLElement|null} */ (first)?.focus());
    this.#onChange();
    return true;
  }

  /** Draw new data of the kind that is chosen. @returns {boolean} whether it can be */
  drawData() {
    const isDrawn = isPresenting() && this.#press(`${PICKER} .nn-picker-die:not([hidden])`);
    if (isDrawn) done.touch(performance.now());
    return isDrawn;
  }

  #press(/** @type {string} */ selector) {
    const button = /** @type {HTMLElement|null} */ (document.querySelector(selector));
    button?.click();
    return button !== null;
  }

  #hideData() {
    const sidebar = document.querySelector(SIDEBAR);
    delete document.documentElement.dataset.nnPresentData;
    setAttribute(this.data, 'aria-pressed', 'false');
    if (sidebar?.contains(document.activeElement)) /** @type {HTMLElement} */ (document.activeElement).blur();
    this.#onChange();
  }

  destroy() {
    clearTimeout(this.#timer);
    if (performance.now() < carriedUntil) return;
    const end = () => {
      delete document.documentElement.dataset.nnPresent;
      delete document.documentElement.dataset.nnPresentData;
    };
    if (!this.isOfLesson) end();
    // The next step's stage may be about to come.
    else setTimeout(() => ofLesson === this && end());
  }

  #set(presenting) {
    if (presenting) document.documentElement.dataset.nnPresent = 'true';
    else {
      delete document.documentElement.dataset.nnPresent;
      delete document.documentElement.dataset.nnPresentData;
      setAttribute(this.data, 'aria-pressed', 'false');
    }
    clearTimeout(this.#timer);
    this.hint.textContent = presenting ? this.#hint : '';
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
