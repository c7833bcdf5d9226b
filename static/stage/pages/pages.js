/**
 * Which panels a page's stage has. A page is an object with
 *   `panels`, all of them; `nodes`, what stands in the grid; `groups`, what a link may hide, by name; `rows`, how those
 *   stand in a wide window where some are hidden (page/link_hiding.js);
 *   `setRun(run, views)`; `draw({frame, isNew, readable, now, timeline, state, playing})`, called for every new frame and
 *   whenever something else that is visible has changed; `destroy()`.
 */
/** @typedef {{player: import('../player/player.js').Player, propose: (values: Object) => void, choose: (view: Object) => void,
 *   redraw: () => void}} Services what panels may ask for: other values of the configuration, another view, to be drawn anew */

/** Each is loaded by the visitors of its page alone. */
const PAGES = {
  playground: async () => (await import('./playground.js')).PlaygroundPage,
  digits: async () => (await import('./digits.js')).DigitsPage,
  tabular: async () => (await import('./tabular.js')).TabularPage,
};

/** @param {string} name @returns {Promise<new (services: Services) => Object>} the page's class */
export function loadPage(name) {
  return PAGES[name]();
}
