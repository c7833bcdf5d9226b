/** A step of a lesson that is about images. */
import { guide } from '../../lessons/here.js';
import digits from './digits.js';

/** @type {import('../panels/panel_set.js').Page} */
export default { ...digits, diagnoses: false, look: 'digits', guide };
