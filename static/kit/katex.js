/**
 * KaTeX, which sets formulas: asked for by the pages that have formulas alone, once. Until it is there a formula is on the page as its source.
 */
import { loadStyle } from './dom.js';

const FOLDER = new URL('../vendor/katex/', import.meta.url).href;

/** @type {Promise<any>|null} */
let loading = null;
/** @type {any} */
let katex = null;

/** @returns {Promise<any>} the library, which puts itself on `window` */
export function loadKatex() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${FOLDER}katex.min.js`;
    script.onload = () => {
      ({ katex } = /** @type {any} */ (window));
      if (katex) resolve(katex);
      else reject(new Error('KaTeX did not load'));
    };
    script.onerror = () => reject(new Error(`could not load ${script.src}`));
    loadStyle(`${FOLDER}katex.min.css`);
    document.head.append(script);
  });
  return loading;
}

/** What each element is to show. @type {WeakMap<HTMLElement, string>} */
const wanted = new WeakMap();

/** Set a formula in an element, now or once KaTeX is there. @param {HTMLElement} node @param {string} latex */
export function typeset(node, latex) {
  if (wanted.get(node) === latex && node.childNodes.length > 0) return;
  wanted.set(node, latex);
  node.dataset.latex = latex;
  if (katex) {
    katex.render(latex, node, { displayMode: true, throwOnError: false, strict: 'ignore' });
    return;
  }
  node.textContent = latex;
  loadKatex().then(() => wanted.get(node) === latex && katex.render(latex, node, { displayMode: true, throwOnError: false, strict: 'ignore' }), (error) => console.error('nnplay:', error));
}
