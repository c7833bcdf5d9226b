/** The guide of this page, and what the visitor has done so far: of each there is one, as there is one stage. */
import { Guide } from './guide.js';
import { browserProgress } from './progress.js';

export const progress = browserProgress();
export const guide = new Guide(progress);
