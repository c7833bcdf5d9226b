/**
 * Which panels a page's stage has. A page is an object with
 *   `panels`, all of them; `nodes`, what stands in the grid; `groups`, what a link may hide, by name; `rows`, how those
 *   stand in a wide window where some are hidden (hide.js);
 *   `setRun(run, views)`; `draw({frame, isNew, readable, now, timeline, state, playing})`, called for every new frame and
 *   whenever something else that is visible has changed; `destroy()`.
 */
import { DigitsPage } from './page_digits.js';
import { PlaygroundPage } from './page_playground.js';
import { TabularPage } from './page_tabular.js';

const PAGES = { playground: PlaygroundPage, digits: DigitsPage, tabular: TabularPage };

/**
 * @param {string} name
 * @param {{player: import('./player.js').Player, propose: (values: Object) => void, choose: (view: Object) => void,
 *   redraw: () => void}} services what panels may ask for: other values of the configuration, another view, to be drawn anew
 */
export function makePage(name, services) {
  return new PAGES[name](services);
}
