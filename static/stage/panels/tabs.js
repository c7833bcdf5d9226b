/**
 * A tab strip over several panels in one place: only the chosen panel is on screen.
 *
 * Follows the WAI-ARIA pattern for tabs: one tab stop, arrow keys, Home and End choose. The choice is kept for the
 * browser tab. The strip lies where the panels' titles would be, so that it costs no height.
 */
import { element, setAttribute } from '../../kit/dom.js';
import { keepPreference, preference } from '../../kit/preferences.js';

export class Tabs {
  #tabs;
  #chosen;
  #items;
  #preference;
  #onChange;

  /**
   * @param {{id: string, label: string, items: {id: string, title: string, panel: Object}[], onChange: () => void}} options
   */
  constructor({ id, label, items, onChange }) {
    this.#items = items;
    this.#preference = `tab.${id}`;
    this.#onChange = onChange;
    this.strip = element('div', { class: 'nn-tabs', role: 'tablist', 'aria-label': label });
    this.#tabs = items.map(({ id: item, title, panel }) => {
      const tab = element('button', { type: 'button', role: 'tab', class: 'nn-tab', id: `nnplay-tab-${item}`, text: title });
      panel.root.id = `nnplay-tabpanel-${item}`;
      setAttribute(panel.root, 'role', 'tabpanel');
      setAttribute(tab, 'aria-controls', panel.root.id);
      tab.addEventListener('click', () => this.choose(item));
      tab.addEventListener('keydown', (event) => this.#onKey(event));
      this.strip.append(tab);
      return tab;
    });
    this.root = element('div', { class: `nn-slot nn-slot-${id}` }, this.strip, ...items.map(({ panel }) => panel.root));
    this.observer = new ResizeObserver(([{ target }]) => this.root.style.setProperty('--nn-tabs-width', `${target.offsetWidth}px`));
    this.observer.observe(this.strip);
    const kept = preference(this.#preference, items[0].id);
    this.#show(items.some((item) => item.id === kept) ? kept : items[0].id);
  }

  /** The panel on screen. */
  get panel() {
    return this.#items.find(({ id }) => id === this.#chosen).panel;
  }

  choose(id) {
    if (id === this.#chosen) return;
    const { large } = this.panel.panel;
    this.#show(id);
    if (large) this.panel.panel.setLarge(true);
    keepPreference(this.#preference, id);
    this.#onChange();
  }

  destroy() {
    this.observer.disconnect();
  }

  #show(id) {
    this.#chosen = id;
    this.#items.forEach((item, k) => {
      const chosen = item.id === id;
      setAttribute(this.#tabs[k], 'aria-selected', String(chosen));
      this.#tabs[k].tabIndex = chosen ? 0 : -1;
      item.panel.root.hidden = !chosen;
    });
  }

  #onKey(event) {
    const last = this.#items.length - 1;
    const at = this.#items.findIndex(({ id }) => id === this.#chosen);
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(this.#items[next].id);
    this.#tabs[next].focus();
  }
}
