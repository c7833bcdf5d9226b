/**
 * Ticks under the timeline, where a setting was changed; the pointer on one says what.
 */
import { element } from '../../kit/dom.js';

export class TimelineMarks {
  #drawn = '';

  constructor() {
    this.root = element('div', { class: 'nn-marks' });
  }

  /** @param {import('../run/run_state.js').RunState} state @param {number} furthest the frame at the timeline's end */
  update({ marks }, furthest) {
    const max = Math.max(1, furthest);
    const key = marks.length ? JSON.stringify([marks, max]) : '';
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.root.replaceChildren(
      ...marks.filter(({ frame }) => frame <= furthest).map(({ frame, text }) => {
        const tick = element('span', { class: 'nn-mark', title: `From here on: ${text}` });
        tick.style.setProperty('--nn-at', String(frame / max));
        return tick;
      }),
    );
  }
}
