/** A step of a lesson that is about a table. */
import { guide } from '../../lessons/here.js';
import tabular from './tabular.js';

/** @type {import('../panels/panel_set.js').Page} */
export default { ...tabular, diagnoses: false, look: 'tabular', guide };
