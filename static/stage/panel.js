/**
 * The frame every panel shares: a title in plain words, one sentence on how to read it, room for controls.
 */
import { element, icon } from './dom.js';

export class Panel {
  #open = false;
  #pinned = false;

  /**
   * @param {{id: string, title: string, about: string}} options
   */
  constructor({ id, title, about }) {
    this.title = element('h3', { class: 'nn-title', text: title });
    this.controls = element('div', { class: 'nn-controls' });
    this.body = element('div', { class: 'nn-body' });
    this.plot = element('div', { class: 'nn-plot' });
    this.tip = element('div', { class: 'nn-tip', id: `nnplay-about-${id}`, role: 'tooltip', text: about, hidden: true });
    this.info = element('button', { type: 'button', class: 'nn-info', 'aria-describedby': this.tip.id }, icon('info'));
    this.body.append(this.plot);
    const heading = element('div', { class: 'nn-heading' }, this.title, this.info);
    this.head = element('header', { class: 'nn-head' }, heading, this.controls, this.tip);
    this.root = element('section', { class: `nn-panel nn-panel-${id}`, 'data-testid': `panel-${id}` }, this.head, this.body);
    this.setTitle(title);
    this.#listen();
  }

  setTitle(title) {
    this.title.textContent = title;
    this.root.setAttribute('aria-label', title);
    this.info.setAttribute('aria-label', `About: ${title}`);
  }

  setAbout(about) {
    this.tip.textContent = about;
  }

  #listen() {
    const { info } = this;
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

  #onKey = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#close();
  };
}
