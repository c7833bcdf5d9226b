/**
 * What the components of the pages Compare and Step by step do to live in Streamlit's page: each is made once, moves over when Streamlit
 * replaces its element, says nothing for a page that the visitor leaves, and goes when its element is gone for good.
 */
import { sendInTurn } from './component_turns.js';
import { arrive, isLeaving } from './page_change.js';

/** How long a component without a place on the page waits for a new one. */
const GRACE_MS = 3000;

/**
 * A component's inside.
 * @typedef {Object} Inside
 * @property {(bytes: Uint8Array) => void} receive
 * @property {() => void} refresh the theme may have changed
 * @property {(host: HTMLElement) => void} moveTo
 * @property {() => void} destroy
 */
/** @typedef {(name: string) => (value: Object) => void} Triggers */
/** @typedef {{root: HTMLElement, component: any, inside: Inside, unsaid: Map<string, Object>, destroyed?: boolean}} Entry */

export class Mount {
  /** @type {WeakMap<Element, Entry>} */
  #mounted = new WeakMap();
  /** @type {Entry|null} */
  #latest = null;
  #name;
  #selector;
  #make;

  /**
   * @param {string} name whose turn it is to speak
   * @param {string} selector of the component's element
   * @param {(root: HTMLElement, trigger: Triggers) => Inside} make
   */
  constructor(name, selector, make) {
    this.#name = name;
    this.#selector = selector;
    this.#make = make;
  }

  /** What Streamlit calls on mount, and again on every data or theme change. @returns {() => void} cleanup */
  show(component) {
    const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(this.#selector));
    const entry = this.#mounted.get(root) ?? this.#place(root, component);
    entry.component = component;
    if (!isGone(entry)) this.#sayUnsaid(entry);
    entry.inside.refresh();
    const { data } = component;
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    if (bytes instanceof Uint8Array) entry.inside.receive(bytes);
    return () => setTimeout(() => !entry.root.isConnected && this.#destroy(entry), GRACE_MS);
  }

  #place(root, component) {
    const old = this.#latest;
    if (old && !old.root.isConnected) {
      this.#mounted.delete(old.root);
      old.root = root;
      old.inside.moveTo(root);
    } else {
      arrive();
      /** @type {Entry} */
      const entry = { root, component, inside: /** @type {any} */ (null), unsaid: new Map() };
      entry.inside = this.#make(root, (name) => (value) => {
        if (isGone(entry)) entry.unsaid.set(name, value);
        else sendInTurn(this.#name, () => entry.component.setTriggerValue(name, value));
      });
      this.#latest = entry;
    }
    const entry = /** @type {Entry} */ (this.#latest);
    this.#mounted.set(root, entry);
    return entry;
  }

  #sayUnsaid(entry) {
    for (const [name, value] of entry.unsaid) sendInTurn(this.#name, () => entry.component.setTriggerValue(name, value));
    entry.unsaid.clear();
  }

  #destroy(entry) {
    if (entry.destroyed) return;
    entry.destroyed = true;
    entry.inside.destroy();
    this.#mounted.delete(entry.root);
    if (this.#latest === entry) this.#latest = null;
  }
}

/** Whether what is said would be said for a page that the visitor has left, or is leaving. @param {Entry} entry */
const isGone = (entry) => entry.destroyed || !entry.root.isConnected || isLeaving();
