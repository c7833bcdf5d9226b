/**
 * A box that scrolls where its content doesn't fit, and then is a tab stop, so that the keyboard can scroll it.
 */
import { element } from './dom.js';

export class ScrollBox {
  /** @param {string} label what is in it @param {...Element} children */
  constructor(label, ...children) {
    this.root = element('div', { class: 'nn-tables', role: 'group', 'aria-label': label }, ...children);
    this.observer = new ResizeObserver(() => this.#update());
    this.observer.observe(this.root);
    for (const child of children) this.observer.observe(child);
  }

  destroy() {
    this.observer.disconnect();
  }

  #update() {
    const { scrollHeight, clientHeight, scrollWidth, clientWidth } = this.root;
    if (scrollHeight > clientHeight || scrollWidth > clientWidth) this.root.tabIndex = 0;
    else this.root.removeAttribute('tabindex');
  }
}
