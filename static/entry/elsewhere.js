/**
 * What pages other than the playground are made of, and what is seldom asked for. It comes when one of them is opened: the
 * playground, with which most visits begin, does without.
 */
import { makeRace } from '../compare/race/index.js';
import { makeSweep } from '../compare/sweep/index.js';
import lessons from '../lessons/index.js';
import pad from '../pad/index.js';
import digits from '../stage/pages/digits.js';
import lessonsPage from '../stage/pages/lessons.js';
import lessonsDigits from '../stage/pages/lessons_digits.js';
import lessonsTabular from '../stage/pages/lessons_tabular.js';
import luck from '../stage/pages/luck.js';
import tabular from '../stage/pages/tabular.js';
import { makeSteps } from '../steps/index.js';
import { makeBugLab } from '../steps/lab/index.js';
import takeAway from '../take_away/index.js';

/** What a stage shows, by its page's name. @type {Object<string, import('../stage/panels/panel_set.js').Page>} */
export const pages = { digits, tabular, luck, lessons: lessonsPage, 'lessons-digits': lessonsDigits, 'lessons-tabular': lessonsTabular };

/** The components, each by its name. @param {Promise<void>} styles @returns {Object<string, (component: any) => any>} */
export const makeComponents = (styles) => ({
  race: makeRace(styles),
  sweep: makeSweep(styles),
  steps: makeSteps(styles),
  bugLab: makeBugLab(styles),
  pad,
  lessons,
  takeAway,
});
