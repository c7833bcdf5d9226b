/**
 * Plotly, by far the largest file: asked for when the first picture is on screen, once for all of the page. Axes, zoom and
 * what the pointer finds come with it; nothing that is drawn or played waits for it.
 */
const address = () => new URL('../vendor/plotly/plotly-basic.min.js', import.meta.url).href;

/** @type {Promise<Object>|null} */
let loading = null;

/** @returns {Promise<Object>} the library, which puts itself on `window` */
let bring = () => new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = address();
  script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error('Plotly did not load')));
  script.onerror = () => reject(new Error(`could not load ${script.src}`));
  document.head.append(script);
});

/** A page that loads nothing has it already. @param {() => Promise<Object>} other brings it */
export function plotlyComesBy(other) {
  bring = other;
}

/** @returns {Promise<Object>} the library */
export function loadPlotly() {
  loading ??= bring();
  return loading;
}

/**
 * Give Plotly to the charts of a stage that has drawn its first picture: one after another, so that frames may play meanwhile.
 * @param {HTMLElement} root says that they are there, by `data-charts`
 * @param {{attach: (Plotly: Object) => void}[]} panels
 * @param {AbortSignal} signal when the stage goes
 */
export async function attachPlotly(root, panels, signal) {
  try {
    const Plotly = await loadPlotly();
    for (const panel of panels) {
      if (signal.aborted) return;
      panel.attach(Plotly);
      await new Promise((resolve) => setTimeout(resolve));
    }
    root.dataset.charts = 'true';
  } catch (error) {
    console.error('nnplay:', error);
  }
}
