/** A step of a lesson: the playground, and over its boundary the one that was expected. */
import { guide } from '../../lessons/here.js';
import { Sketch } from '../../lessons/drawing/sketch.js';
import playground from './playground.js';

/** @type {import('../panels/panel_set.js').Page} */
export default { ...playground, coachesNewcomers: false, diagnoses: false, look: 'playground', guide, overBoundary: (box, plot) => new Sketch(box, plot, guide) };
