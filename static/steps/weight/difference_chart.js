/**
 * How far the finite difference is from the gradient, over ε: both axes logarithmic. Too small an ε and it is rounding; too
 * large and it is a chord across the curve.
 */
import { element, setText } from '../../kit/dom.js';
import { draw } from '../drawing/svg.js';

const WIDTH = 300, HEIGHT = 150;
const AROUND = { left: 40, right: 10, top: 8, bottom: 30 };
/** What is below is drawn at the lower end. */
const LOWEST = 1e-16;

const log = (/** @type {number} */ value) => Math.log10(Math.max(value, LOWEST));

export class DifferenceChart {
  constructor() {
    this.line = draw('path', { class: 'nn-dc-line' });
    this.noise = draw('path', { class: 'nn-dc-noise' });
    this.mark = draw('circle', { r: 5, class: 'nn-dc-mark' });
    this.axes = draw('g', { class: 'nn-dc-axes' });
    this.svg = draw('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'nn-dc', role: 'img' });
    this.svg.append(this.axes, this.noise, this.line, this.mark);
    this.caption = element('p', { class: 'nn-dc-caption' });
    this.root = element('figure', { class: 'nn-dc-figure' }, this.caption);
    this.root.prepend(this.svg);
  }

  /** @param {import('../ledger/differences.js').Differences} differences @param {number} chosen place of an ε */
  show(differences, chosen) {
    const { epsilons, errors } = differences;
    const low = -16, high = Math.max(0, ...[...errors].filter(Number.isFinite).map(log));
    const [first, last] = [log(epsilons[0]), log(epsilons[epsilons.length - 1])];
    const x = (/** @type {number} */ epsilon) => AROUND.left + ((log(epsilon) - first) / (last - first)) * (WIDTH - AROUND.left - AROUND.right);
    const y = (/** @type {number} */ value) => AROUND.top + ((high - log(value)) / (high - low)) * (HEIGHT - AROUND.top - AROUND.bottom);
    const path = (/** @type {ArrayLike<number>} */ values) => [...epsilons].map((epsilon, k) => (Number.isFinite(values[k]) ? `${x(epsilon).toFixed(1)} ${y(values[k]).toFixed(1)}` : null)).reduce((text, point, k, all) => (point === null ? text : `${text}${k === 0 || all[k - 1] === null ? 'M' : 'L'}${point}`), '');
    this.line.setAttribute('d', path(errors));
    this.noise.setAttribute('d', path(differences.noise));
    this.mark.setAttribute('cx', x(epsilons[chosen]).toFixed(1));
    this.mark.setAttribute('cy', y(errors[chosen]).toFixed(1));
    this.axes.replaceChildren(...axis([-14, -10, -6, -2], (power) => ({ x: x(10 ** power), y: HEIGHT - 16 }), 'middle'), ...axis([0, -4, -8, -12, -16], (power) => ({ x: AROUND.left - 5, y: y(10 ** power) + 4 }), 'end'),
      draw('path', { class: 'nn-dc-frame', d: `M${AROUND.left} ${AROUND.top}V${HEIGHT - AROUND.bottom}H${WIDTH - AROUND.right}` }),
      draw('text', { x: WIDTH - AROUND.right, y: HEIGHT - 3, class: 'nn-dc-name', 'text-anchor': 'end' }, 'ε'));
    this.svg.setAttribute('aria-label', 'Relative error of the finite difference over ε');
    setText(this.caption, 'Relative error over ε. Grey: what rounding alone can do.');
  }
}

/** @param {number[]} powers @param {(power: number) => {x: number, y: number}} place @param {string} anchor */
function axis(powers, place, anchor) {
  return powers.map((power) => draw('text', { ...place(power), class: 'nn-dc-tick', 'text-anchor': anchor }, power === 0 ? '1' : '10', ...(power === 0 ? [] : [draw('tspan', { dy: -4, class: 'nn-dc-power' }, String(power).replace('-', '−'))])));
}
