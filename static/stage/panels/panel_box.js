/**
 * The box around every panel: a title in plain words, one sentence on how to read it, room for controls, and a button
 * that gives it the place of all panels.
 */
import { isInCard } from '../../glossary/card.js';
import { partsOf } from '../../glossary/find_terms.js';
import { setMarked } from '../../glossary/marked.js';
import { element, icon } from '../../kit/dom.js';

/** For so long the tip stays when the pointer has left what opens it. */
const LEAVE_MS = 250;
/** Pixels between it and the screen's edge, and its least height. */
const [EDGE, LEAST_HEIGHT] = [6, 120];

/** The panel that is large now: there is room for one. @type {PanelBox|null} */
let largePanel = null;

export class PanelBox {
  #open = false;
  #pinned = false;
  #about = '';
  #leaving = 0;
  #onLarge;

  /**
   * @param {{id: string, title: string, about: string, onLarge?: (large: boolean) => void}} options
   */
  constructor({ id, title, about, onLarge = () => {} }) {
    this.#onLarge = onLarge;
    this.title = element('h3', { class: 'nn-title', text: title });
    this.controls = element('div', { class: 'nn-controls' });
    this.body = element('div', { class: 'nn-body' });
    this.plot = element('div', { class: 'nn-plot' });
    this.tip = element('div', { class: 'nn-tip', id: `nnplay-about-${id}`, role: 'note', hidden: true });
    this.setAbout(about);
    this.info = element('button', { type: 'button', class: 'nn-info', 'aria-describedby': this.tip.id }, icon('info'));
    this.body.append(this.plot);
    this.enlarge = element('button', { type: 'button', class: 'nn-info nn-enlarge', 'aria-pressed': 'false' }, icon('enlarge'));
    // The words of the tip are in reach of Tab right after what opens it.
    const heading = element('div', { class: 'nn-heading' }, this.title, this.info, this.tip, this.enlarge);
    this.head = element('header', { class: 'nn-head' }, heading, this.controls);
    this.root = element('section', { class: `nn-panel nn-panel-${id}`, 'data-testid': `panel-${id}` }, this.head, this.body);
    this.setTitle(title);
    this.#listen();
  }

  setTitle(title) {
    this.title.textContent = title;
    this.#write();
    this.root.setAttribute('aria-label', title);
    this.info.setAttribute('aria-label', `About: ${title}`);
    this.enlarge.setAttribute('aria-label', `Enlarge: ${title}`);
  }

  setAbout(about) {
    this.#about = about;
    this.#write();
  }

  /** One that is too long for the room below begins as high as it can, right below its title, and scrolls. */
  #fit() {
    const { style } = this.tip;
    [style.marginTop, style.maxHeight] = ['0', 'none'];
    const { top, bottom } = this.tip.getBoundingClientRect();
    const room = window.innerHeight - EDGE;
    if (bottom <= room) return;
    const up = Math.min(bottom - room, top - this.info.getBoundingClientRect().bottom - EDGE);
    [style.marginTop, style.maxHeight] = [`${-up}px`, `${Math.max(LEAST_HEIGHT, room - top + up)}px`];
  }

  /** The explanation; then the words of the title that aren't in it. */
  #write() {
    const known = partsOf(this.#about).flatMap(({ term }) => term ?? []);
    const others = partsOf(this.title.textContent ?? '', known).flatMap(({ term }) => term?.name ?? []);
    setMarked(this.tip, others.length ? `${this.#about} Also in the glossary: ${others.join(', ')}.` : this.#about);
  }

  get large() {
    return largePanel === this;
  }

  /** Give the panel the place of all panels, or back its own. */
  setLarge(large) {
    if (large === this.large) return;
    if (large) largePanel?.setLarge(false);
    largePanel = large ? this : null;
    this.root.classList.toggle('nn-large', large);
    this.enlarge.setAttribute('aria-pressed', String(large));
    this.enlarge.title = large ? 'Back to normal size (Escape)' : 'Enlarge';
    this.enlarge.replaceChildren(icon(large ? 'shrink' : 'enlarge'));
    // What lies underneath is out of reach of the keyboard, too.
    const others = /** @type {Iterable<HTMLElement>} */ (this.root.closest('.nn-panels')?.children ?? []);
    for (const other of others) other.inert = large && !other.contains(this.root);
    document[large ? 'addEventListener' : 'removeEventListener']('keydown', this.#onEscape);
    if (large || this.root.contains(document.activeElement)) this.enlarge.focus({ preventScroll: true });
    this.#onLarge(large);
  }

  destroy() {
    this.setLarge(false);
  }

  #listen() {
    const { info } = this;
    this.enlarge.title = 'Enlarge';
    this.enlarge.addEventListener('click', () => this.setLarge(!this.large));
    info.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && this.#show(true));
    for (const node of /** @type {HTMLElement[]} */ ([info, this.tip])) {
      node.addEventListener('pointerenter', () => clearTimeout(this.#leaving));
      node.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#leave());
      node.addEventListener('focusout', ({ relatedTarget }) => this.#isOfTip(relatedTarget) || this.#close());
    }
    info.addEventListener('focus', () => info.matches(':focus-visible') && this.#show(true));
    // A press on its words, not on a term, takes the focus from what opened it: it stays.
    this.tip.addEventListener('pointerdown', (event) => event.target instanceof Element && !event.target.closest('button') && event.preventDefault());
    info.addEventListener('click', () => {
      this.#pinned = !this.#pinned;
      this.#show(this.#pinned);
    });
  }

  /** For the pointer to get to its words. */
  #leave() {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.#isOfTip(document.activeElement) || this.#show(this.#pinned), LEAVE_MS);
  }

  /** Whether something belongs to the tip: its words, or the card that one of them opened. @param {EventTarget|null} target */
  #isOfTip(target) {
    return target instanceof Node && (this.tip.contains(target) || isInCard(target));
  }

  #close() {
    this.#pinned = false;
    this.#show(false);
  }

  #show(open) {
    if (open === this.#open) return;
    this.#open = open;
    this.tip.hidden = !open;
    if (open) this.#fit();
    document[open ? 'addEventListener' : 'removeEventListener']('keydown', this.#onKey, true);
  }

  #onEscape = (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    this.setLarge(false);
  };

  #onKey = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#close();
  };
}
