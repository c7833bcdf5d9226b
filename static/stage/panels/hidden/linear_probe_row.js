/**
 * The row that says how far a straight cut gets at each layer: the numbers rise from layer to layer as the network learns.
 */
import { element, setText } from '../../../kit/dom.js';
import { formatScore } from '../../../kit/text.js';

/** Above this a cut is as good as perfect, and the number stands out. */
const SOLVED = 0.995;

export class LinearProbeRow {
  #values = [];
  #isAccuracy = true;

  constructor() {
    this.root = element('p', { class: 'nn-straight', 'data-testid': 'straight' });
  }

  setRun({ info: { layers, task } }) {
    this.#isAccuracy = task !== 'regression';
    const label = this.#isAccuracy ? 'Straight lines get right:' : 'Straight-line fit, R²:';
    const names = ['inputs', ...layers.map((_, layer) => `${layer + 1}:`)];
    this.#values = names.map(() => element('b', { text: '–' }));
    const steps = names.map((name, k) => element('span', {}, `${k ? '→ ' : ''}${name} `, this.#values[k]));
    this.root.replaceChildren(element('span', { class: 'nn-straight-label', text: label }), ...steps);
  }

  /** @param {Float32Array} scores the frame's */
  show(scores) {
    this.#values.forEach((node, k) => {
      const score = scores[k];
      setText(node, this.#isAccuracy && !Number.isNaN(score) ? `${percent(score)} %` : formatScore(score, false));
      node.classList.toggle('nn-solved', score >= SOLVED);
    });
  }
}

/** Whole percents, but never 100 short of all. */
const percent = (score) => (score === 1 ? '100' : String(Math.min(99, Math.round(100 * score))));
