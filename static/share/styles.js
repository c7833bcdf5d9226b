/** The dialogs' and the header's stylesheet, once for the page. */
import { element } from '../kit/dom.js';

const STYLES = new URL('./share.css', import.meta.url).href;

export function loadStyles() {
  if (document.querySelector(`link[href="${STYLES}"]`)) return;
  document.head.append(element('link', { rel: 'stylesheet', href: STYLES }));
}
