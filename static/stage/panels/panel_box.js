/**
 * The box around every panel: a title in plain words, one sentence on how to read it, room for controls, and a button
 * that gives it the place of all panels.
 */
import { element, icon } from '../../kit/dom.js';

/** The panel that is large now: there is room for one. @type {PanelBox|null} */
let largePanel = null;

export class PanelBox {
  #open = false;
  #pinned = false;
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
    this.tip = element('div', { class: 'nn-tip', id: `nnplay-about-${id}`, role: 'tooltip', text: about, hidden: true });
    this.info = element('button', { type: 'button', class: 'nn-info', 'aria-describedby': this.tip.id }, icon('info'));
    this.body.append(this.plot);
    this.enlarge = element('button', { type: 'button', class: 'nn-info nn-enlarge', 'aria-pressed': 'false' }, icon('enlarge'));
    const heading = element('div', { class: 'nn-heading' }, this.title, this.info, this.enlarge);
    this.head = element('header', { class: 'nn-head' }, heading, this.controls, this.tip);
    this.root = element('section', { class: `nn-panel nn-panel-${id}`, 'data-testid': `panel-${id}` }, this.head, this.body);
    this.setTitle(title);
    this.#listen();
  }

  setTitle(title) {
    this.title.textContent = title;
    this.root.setAttribute('aria-label', title);
    this.info.setAttribute('aria-label', `About: ${title}`);
    this.enlarge.setAttribute('aria-label', `Enlarge: ${title}`);
  }

  setAbout(about) {
    this.tip.textContent = about;
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
    info.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#show(this.#pinned));
    info.addEventListener('focus', () => info.matches(':focus-visible') && this.#show(true));
    info.addEventListener('blur', () => this.#close());
    info.addEventListener('click', () => {
      this.#pinned = !this.#pinned;
      this.#show(this.#pinned);
    });
  }

  #close() {
    this.#pinned = false;
    this.#show(false);
  }

  #show(open) {
    if (open === this.#open) return;
    this.#open = open;
    this.tip.hidden = !open;
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
