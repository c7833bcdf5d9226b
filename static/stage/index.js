/**
 * The stage as a component of Streamlit's components.v2: called on mount, and again on every data or theme change.
 *
 * The stage is kept per root element; a cleanup may be called while the element is still mounted, so it only counts if
 * the element has left the page for good.
 */
import { sendInTurn } from '../messages/component_turns.js';
import { arrive, isLeaving } from '../messages/page_change.js';
import { isSomethingToLose, keepForReload, takeAfterReload } from './run/last_seen.js';
import { Stage } from './stage.js';

takeAfterReload();
// What a reload would lose for good is not left without a word. A slide that shows the app isn't to hold up its lecture.
window.addEventListener('beforeunload', (event) => {
  if (window.self === window.top && isSomethingToLose()) event.preventDefault();
});
window.addEventListener('pagehide', () => {
  const here = latest?.root.isConnected ? latest : null;
  here?.stage?.noteSeen(); // what was heard of a moment ago was perhaps not drawn yet
  keepForReload(here && pageName(here.root), here?.stage?.isOfItsAddress ?? false);
});

/** How long a stage without a place on the page waits for a new one. */
const GRACE_MS = 3000;

/**
 * `unsaid` is what the stage wanted to say while it had no place on the page.
 * @typedef {{root: HTMLElement, component: Object, stage: Object, unsaid: Map<string, Object>, destroyed?: boolean}} Entry
 */
/** @type {WeakMap<Element, Entry>} */
const mounted = new WeakMap();
/** The stage mounted last. @type {Entry|null} */
let latest = null;

/** Whether what a stage says would be said for a page that the visitor has left, or is leaving. @param {Entry} entry */
const isGone = (entry) => entry.destroyed || !entry.root.isConnected || isLeaving();

function sayUnsaid(entry) {
  for (const [name, value] of entry.unsaid) sendInTurn('stage', () => entry.component.setTriggerValue(name, value));
  entry.unsaid.clear();
}

function create(page, styles, root, component) {
  arrive();
  const entry = { root, component, stage: null, unsaid: new Map() };
  const trigger = (name) => (value) => {
    if (isGone(entry)) entry.unsaid.set(name, value);
    else sendInTurn('stage', () => entry.component.setTriggerValue(name, value));
  };
  entry.stage = new Stage(root, trigger('request'), trigger('proposal'), pageName(root), page);
  root.style.visibility = 'hidden';
  styles.then(() => root.style.removeProperty('visibility'));
  return entry;
}

/** Streamlit now and then replaces the component's element during a rerun: the stage moves over, and plays on. @param {HTMLElement} root */
function adopt(root) {
  if (!latest) return null;
  if (latest.root.dataset.page !== root.dataset.page) {
    destroy(latest); // the visitor went to another page of the app
    return null;
  }
  if (latest.root.isConnected) return null;
  mounted.delete(latest.root);
  latest.root = root;
  latest.stage.moveTo(root);
  return latest;
}

function mount(page, styles, root, component) {
  latest = adopt(root) ?? create(page, styles, root, component);
  mounted.set(root, latest);
  return latest;
}

const pageName = (root) => root.dataset.page ?? 'playground';

const asBytes = (data) => (data instanceof ArrayBuffer ? new Uint8Array(data) : data);

/**
 * @param {Promise<void>} styles
 * @param {(name: string) => Promise<import('./panels/panel_set.js').Page>} pageOf what a page of this name shows
 * @returns {(component: {data: Uint8Array|null, parentElement: Element, setTriggerValue: (name: string, value: Object) => void}) => Promise<() => void>}
 *   what is called with the component, and returns its cleanup
 */
export const makeStage = (styles, pageOf) => async (component) => {
  const root = component.parentElement.querySelector('.nnplay-stage');
  const page = await pageOf(pageName(root));
  const entry = mounted.get(root) ?? mount(page, styles, root, component);
  const { stage } = entry;
  entry.component = component;
  if (!isGone(entry)) sayUnsaid(entry);
  stage.refreshTheme();
  const bytes = asBytes(component.data);
  if (bytes instanceof Uint8Array) stage.receive(bytes);
  if (!stage.hasRun) stage.requestSync();
  return () => setTimeout(() => destroyIfGone(entry), GRACE_MS);
};

function destroyIfGone(entry) {
  if (!entry.root.isConnected && !entry.destroyed) destroy(entry);
}

function destroy(entry) {
  entry.destroyed = true;
  entry.stage.destroy();
  mounted.delete(entry.root);
  if (latest === entry) latest = null;
}
