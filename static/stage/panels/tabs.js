/**
 * A tab strip over several panels in one place: only the chosen panel is on screen.
 *
 * Follows the WAI-ARIA pattern for tabs: one tab stop, arrow keys, Home and End choose. The choice is kept for the
 * browser tab. The strip lies where the panels' titles would be, so that it costs no height.
 */
import { element, setAttribute } from '../../kit/dom.js';
import { hasAllControls, keepPreference, preference } from '../../kit/preferences.js';

export class Tabs {
  #tabs;
  #chosen;
  #panels;
  #preference;
  #onChange;
  #forExperts;

  /**
   * @param {{id: string, label: string, panels: import('./panel.js').Panel[], forExperts?: import('./panel.js').Panel[], onChange: () => void}} options
   *   `forExperts`: those whose tabs are only there while all controls are in sight
   */
  constructor({ id, label, panels, forExperts = [], onChange }) {
    this.#panels = panels;
    this.#forExperts = new Set(forExperts);
    this.#preference = `tab.${id}`;
    this.#onChange = onChange;
    this.strip = element('div', { class: 'nn-tabs', role: 'tablist', 'aria-label': label });
    this.#tabs = panels.map(({ id: name, root, box }) => {
      const tab = element('button', { type: 'button', role: 'tab', class: 'nn-tab', id: `nnplay-tab-${name}`, text: box.title.textContent });
      root.id = `nnplay-tabpanel-${name}`;
      setAttribute(root, 'role', 'tabpanel');
      setAttribute(tab, 'aria-controls', root.id);
      tab.addEventListener('click', () => this.choose(name));
      tab.addEventListener('keydown', (event) => this.#onKey(event));
      this.strip.append(tab);
      return tab;
    });
    this.root = element('div', { class: `nn-slot nn-slot-${id}` }, this.strip, ...panels.map(({ root }) => root));
    this.observer = new ResizeObserver(() => this.root.style.setProperty('--nn-tabs-width', `${this.strip.offsetWidth}px`));
    this.observer.observe(this.strip);
    this.#hideTabs();
    const kept = preference(this.#preference, panels[0].id);
    this.#show(this.#offered.some((panel) => panel.id === kept) ? kept : panels[0].id);
  }

  /** Panels whose tabs are there. */
  get #offered() {
    return this.#panels.filter((_, k) => !this.#tabs[k].hidden);
  }

  #hideTabs() {
    const all = this.#forExperts.size === 0 || hasAllControls();
    this.#panels.forEach((panel, k) => {
      this.#tabs[k].hidden = !all && this.#forExperts.has(panel);
    });
  }

  /** Take note of which controls the visitor has in sight now. */
  update() {
    this.#hideTabs();
    if (!this.#offered.some(({ id }) => id === this.#chosen)) this.choose(this.#panels[0].id);
  }

  /** The panel on screen. */
  get panel() {
    return this.#panels.find(({ id }) => id === this.#chosen);
  }

  choose(id) {
    if (id === this.#chosen) return;
    const { large } = this.panel.box;
    this.#show(id);
    if (large) this.panel.box.setLarge(true);
    keepPreference(this.#preference, id);
    this.#onChange();
  }

  destroy() {
    this.observer.disconnect();
  }

  #show(id) {
    this.#chosen = id;
    this.#panels.forEach((panel, k) => {
      const chosen = panel.id === id;
      setAttribute(this.#tabs[k], 'aria-selected', String(chosen));
      this.#tabs[k].tabIndex = chosen ? 0 : -1;
      panel.root.hidden = !chosen;
    });
  }

  #onKey(event) {
    const offered = this.#offered;
    const last = offered.length - 1;
    const at = offered.findIndex(({ id }) => id === this.#chosen);
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(offered[next].id);
    this.#tabs[this.#panels.indexOf(offered[next])].focus();
  }
}
