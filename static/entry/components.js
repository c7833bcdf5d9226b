/**
 * The page's components, each by its name, and their styles. The bundle is made of this module and what it imports
 * (tests/js/bundle); without it the browser loads the modules one by one.
 */
import { makeRace } from '../compare/race/index.js';
import { makeSweep } from '../compare/sweep/index.js';
import { followLinks } from '../glossary/links.js';
import { loadStyle } from '../kit/dom.js';
import lessonsComponent from '../lessons/index.js';
import padComponent from '../pad/index.js';
import pickerComponent from '../picker/picker.js';
import answerComponent from '../share/answer.js';
import answerFilesComponent from '../share/answer_files.js';
import headerButtonsComponent from '../share/header_buttons.js';
import { putListAway } from '../share/pages_list.js';
import shareComponent from '../share/share.js';
import { makeStage, preparePage } from '../stage/index.js';
import { makeSteps } from '../steps/index.js';
import { makeBugLab } from '../steps/lab/index.js';

const styles = loadStyle(new URL('./components.css', import.meta.url).href);

followLinks();
putListAway();

export const stage = makeStage(styles);
export const race = makeRace(styles);
export const sweep = makeSweep(styles);
export const steps = makeSteps(styles);
export const bugLab = makeBugLab(styles);
export const pad = padComponent;
export const picker = pickerComponent;
export const share = shareComponent;
export const lessons = lessonsComponent;
export const answer = answerComponent;
export const answerFiles = answerFilesComponent;
export const headerButtons = headerButtonsComponent;
export { preparePage };
