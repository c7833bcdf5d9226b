/** Plotly, for the axes of charts: loaded once, and not at all where another page of the app has brought it. */
const PLOTLY = new URL('../../vendor/plotly/plotly-basic.min.js', import.meta.url).href;

/** @type {Promise<Object>|null} */
let loading = null;

/** @returns {Promise<Object>} the library, which puts itself on `window` */
export function loadPlotly() {
  loading ??= window.Plotly ? Promise.resolve(window.Plotly) : new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = PLOTLY;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error('Plotly did not load')));
    script.onerror = () => reject(new Error(`could not load ${PLOTLY}`));
    document.head.append(script);
  });
  return loading;
}
