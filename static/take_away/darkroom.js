/**
 * A page of its own, unseen, in which a picture or a video is made: as large as that is to be, so that the stage's own layout holds,
 * and apart from the page, so that nothing on that one changes. It is there only as long as it is needed.
 */
import { element } from '../kit/dom.js';

const FILM = new URL('./film.js', import.meta.url).href;
const STYLES = '/components.css';
/** What of Streamlit's theme the stage looks at. */
const VARIABLES = ['background-color', 'secondary-background-color', 'text-color', 'primary-color', 'font'];

/** The page's style sheets that are ours. */
const ourStyles = () => [...document.querySelectorAll('link[rel="stylesheet"]')].map((link) => /** @type {HTMLLinkElement} */ (link).href).filter((href) => href.endsWith(STYLES));

/** Every font that the page has. */
function fontRules() {
  const rules = [];
  for (const sheet of document.styleSheets) {
    try {
      for (const rule of sheet.cssRules) {
        if (!(rule instanceof CSSFontFaceRule)) continue;
        const base = sheet.href ?? document.baseURI;
        rules.push(rule.cssText.replace(/url\("([^")]+)"\)/g, (_, address) => `url("${new URL(address, base).href}")`));
      }
    } catch {
      // somebody else's sheet, which can't be read
    }
  }
  return rules.join('\n');
}

/**
 * @param {{width: number, height: number, root: HTMLElement, signal: AbortSignal}} options size in CSS pixels; an element whose theme holds
 * @returns {Promise<{film: any, close: () => void}>}
 */
export async function openDarkroom({ width, height, root, signal }) {
  const frame = element('iframe', { class: 'nn-darkroom', title: 'Where pictures are made', 'aria-hidden': 'true', tabindex: '-1', inert: true, srcdoc: '<!doctype html><html><head></head><body></body></html>' });
  Object.assign(frame.style, { position: 'fixed', left: '0', top: '0', width: `${width}px`, height: `${height}px`, border: '0', opacity: '0', pointerEvents: 'none', zIndex: '-1' });
  const close = () => frame.remove();
  signal.addEventListener('abort', close, { once: true });
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  signal.throwIfAborted();
  const inside = /** @type {Document} */ (frame.contentDocument);
  const style = getComputedStyle(root);
  for (const name of VARIABLES) inside.documentElement.style.setProperty(`--st-${name}`, style.getPropertyValue(`--st-${name}`));
  inside.body.style.margin = '0';
  inside.body.style.font = getComputedStyle(document.body).font;
  const sheet = inside.createElement('style');
  sheet.textContent = fontRules();
  inside.head.append(sheet);
  await Promise.all(ourStyles().map((href) => added(inside.head, inside.createElement('link'), { rel: 'stylesheet', href })));
  await added(inside.head, inside.createElement('script'), { type: 'module', src: FILM });
  signal.throwIfAborted();
  return { film: /** @type {any} */ (frame.contentWindow).nnplayFilm, close };
}

/** @param {HTMLElement} head @param {HTMLElement} node @param {Object<string, string>} attributes @returns {Promise<void>} when it is there */
function added(head, node, attributes) {
  return new Promise((resolve, reject) => {
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.addEventListener('load', () => resolve(), { once: true });
    node.addEventListener('error', () => reject(new Error(`could not load ${attributes.src ?? attributes.href}`)), { once: true });
    head.append(node);
  });
}
