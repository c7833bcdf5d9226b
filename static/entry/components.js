/**
 * The page's components, each by its name, and their styles. The bundle is made of this module and what it imports
 * (tests/js/bundle); without it the browser loads the modules one by one.
 */
import { followLinks } from '../glossary/links.js';
import { loadStyle } from '../kit/dom.js';
import pickerComponent from '../picker/picker.js';
import answerComponent from '../share/answer.js';
import answerFilesComponent from '../share/answer_files.js';
import headerButtonsComponent from '../share/header_buttons.js';
import { putListAway } from '../share/pages_list.js';
import shareComponent from '../share/share.js';
import { makeStage } from '../stage/index.js';
import playground from '../stage/pages/playground.js';

/** @typedef {import('../stage/panels/panel_set.js').Page} Page */

const styles = loadStyle(new URL('./components.css', import.meta.url).href);

followLinks();
putListAway();

/** What other pages than the playground are made of, once it is asked for. @type {Promise<{pages: Object<string, Page>, components: Object<string, (component: any) => any>}>|null} */
let made = null;
function elsewhere() {
  made ??= import('./elsewhere.js').then(({ pages, makeComponents }) => ({ pages, components: makeComponents(styles) }));
  made.catch(readAnew);
  return made;
}

/** How long after a load another is no remedy. */
const JUST_LOADED_MS = 10_000;

/** The server has another version by now, and no longer has what belongs to this one: the page gets that. */
function readAnew() {
  made = null;
  if (performance.now() > JUST_LOADED_MS) window.location.reload();
}

/** A component that comes when it is called. @param {string} name */
const later = (name) => async (component) => (await elsewhere()).components[name](component);

/** Fetch what a page shows, before the stage itself is there. @param {string} name @returns {Promise<Page>} */
export const preparePage = async (name) => (name === 'playground' ? playground : (await elsewhere()).pages[name]);

export const stage = makeStage(styles, preparePage);
export const race = later('race');
export const sweep = later('sweep');
export const steps = later('steps');
export const bugLab = later('bugLab');
export const pad = later('pad');
export const picker = pickerComponent;
export const share = shareComponent;
export const lessons = later('lessons');
export const answer = answerComponent;
export const answerFiles = answerFilesComponent;
export const headerButtons = headerButtonsComponent;
export const takeAway = later('takeAway');
