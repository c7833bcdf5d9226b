/** Plotly, by far the largest file: asked for as soon as anything of the page begins, once for all of it. */
const PLOTLY = new URL('../vendor/plotly/plotly-basic.min.js', import.meta.url).href;

/** The library, which puts itself on `window`. @type {Promise<Object>} */
export const plotly = new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = PLOTLY;
  script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error('Plotly did not load')));
  script.onerror = () => reject(new Error(`could not load ${PLOTLY}`));
  document.head.append(script);
});
