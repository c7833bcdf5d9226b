/** The guide of this page, what the visitor has done so far, and the lecture: of each there is one, as there is one stage. */
import { Guide } from './guide.js';
import { Lecture } from './lecture.js';
import { Progress } from './progress.js';

/** The browser's memory, where it lets one have it. */
function memory() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export const progress = new Progress(memory());
export const lecture = new Lecture(memory());
export const guide = new Guide(progress);

/** Whether whoever comes to the list wants to go on to the first lesson: from elsewhere on the page, where its name isn't known. */
export const wanted = { first: false };
