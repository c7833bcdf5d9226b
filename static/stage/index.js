/**
 * Entry point for Streamlit's components.v2: called on mount, and again on every data or theme change.
 *
 * The stage is kept per root element; a cleanup may be called while the element is still mounted, so it only counts if
 * the element has left the page.
 */
import { Stage } from './stage.js';

const PLOTLY = new URL('../vendor/plotly/plotly-basic.min.js', import.meta.url).href;
const STYLES = new URL('./stage.css', import.meta.url).href;

/** @type {WeakMap<Element, {stage: Stage, component: Object}>} */
const mounted = new WeakMap();
let plotly = null;
let styles = null;

/** Load Plotly once per page. @returns {Promise<Object>} */
function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = PLOTLY;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error('Plotly did not load')));
    script.onerror = () => reject(new Error(`could not load ${PLOTLY}`));
    document.head.append(script);
  });
  return plotly;
}

/** Load the stylesheet once per page. @returns {Promise<void>} */
function loadStyles() {
  styles ??= new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = STYLES;
    link.onload = link.onerror = () => resolve();
    document.head.append(link);
  });
  return styles;
}

function mount(root, component) {
  const entry = { component, stage: null };
  entry.stage = new Stage(root, (request) => entry.component.setTriggerValue('request', request));
  mounted.set(root, entry);
  root.style.visibility = 'hidden';
  loadStyles().then(() => root.style.removeProperty('visibility'));
  loadPlotly().then(
    (Plotly) => entry.stage.attach(Plotly),
    (error) => console.error('nnplay:', error),
  );
  return entry;
}

const asBytes = (data) => (data instanceof ArrayBuffer ? new Uint8Array(data) : data);

/**
 * @param {{data: Uint8Array|null, parentElement: Element, setTriggerValue: (name: string, value: Object) => void}} component
 * @returns {() => void} cleanup
 */
export default function nnplayStage(component) {
  const root = component.parentElement.querySelector('.nnplay-stage');
  const known = mounted.get(root);
  const entry = known ?? mount(root, component);
  const { stage } = entry;
  entry.component = component;
  stage.refreshTheme();
  const bytes = asBytes(component.data);
  const synced = bytes instanceof Uint8Array && stage.receive(bytes);
  if (!known && !synced) stage.requestSync();
  return () =>
    setTimeout(() => {
      if (root.isConnected || mounted.get(root) !== entry) return;
      stage.destroy();
      mounted.delete(root);
    }, 0);
}
