/** What the first epochs' batches are made of, and what each of them does to the loss. */
import { element, setText } from '../../kit/dom.js';
import { classColor, curveColors } from '../../kit/palette.js';
import { LineChart } from './line_chart.js';

export class BatchesPanel {
  constructor() {
    this.note = element('p', { class: 'nn-lab-note' });
    this.strips = element('div', { class: 'nn-lab-strips' });
    this.chart = new LineChart();
    this.chartNote = element('p', { class: 'nn-lab-note', text: 'The loss of all training points after each step. A line stands where an epoch begins.' });
    this.root = element('section', { class: 'nn-lab-panel nn-lab-batches', 'aria-label': 'The batches' }, element('h3', { text: 'The batches' }), this.note, this.strips, this.chartNote, this.chart.root);
  }

  /** @param {import('./evidence.js').Evidence} evidence @param {import('../../kit/theme.js').Theme} theme */
  show(evidence, theme) {
    const { batches } = evidence;
    const isOne = batches[0].length === 1;
    setText(this.note, isOne ? 'One batch has all training points, so an epoch is one step.'
      : `The ${batches[0].length} batches of the first ${batches.length} epochs, in their order. Each bar shows how many points of it are of class 0 and of class 1.`);
    this.strips.hidden = this.chart.root.hidden = this.chartNote.hidden = isOne;
    if (isOne) return;
    this.strips.replaceChildren(...batches.map((shares, epoch) => element('div', { class: 'nn-lab-strip' },
      element('span', { text: `epoch ${epoch + 1}` }),
      element('div', { class: 'nn-lab-bars', role: 'img', 'aria-label': `Epoch ${epoch + 1}, share of class 1 in each batch: ${shares.map((share) => `${Math.round(100 * share)} %`).join(', ')}` },
        ...shares.map((share) => bar(share, theme.dark))))));
    const losses = [...evidence.arrays.step_losses];
    const [color] = curveColors(theme.dark);
    const dividers = batches.map((_, epoch) => epoch * batches[0].length);
    const ticks = dividers.map((at) => ({ at, text: String(at) })).concat([{ at: losses.length - 1, text: String(losses.length - 1) }]);
    const rises = losses.filter((loss, k) => k > 0 && loss > losses[k - 1]).length;
    this.chart.show({ x: losses.map((_, k) => k), lines: [{ values: losses, color }], ticks, dividers, label: `The loss over ${losses.length - 1} steps: it rises in ${rises} of them`, xTitle: 'Step' }, theme.scale);
  }

  destroy() {
    this.chart.destroy();
  }
}

/** A batch: below class 0, above it class 1. */
function bar(/** @type {number} */ share, /** @type {boolean} */ dark) {
  const part = (/** @type {number} */ of, /** @type {number} */ label) => element('span', { style: `flex: ${of} 0 0; background: ${classColor(label, dark)}` });
  return element('span', { class: 'nn-lab-bar' }, ...(share > 0 ? [part(share, 1)] : []), ...(share < 1 ? [part(1 - share, 0)] : []));
}
