/** The run of a case: its loss, the moment that is looked at, and the boundary there. */
import { element, lineKey, setAttribute, setText } from '../../kit/dom.js';
import { classColor, curveColors, probabilityTable } from '../../kit/palette.js';
import { pixelRatio } from '../../kit/pixel_ratio.js';
import { forward, networkFrom } from '../../network/forward.js';
import { formatNumber } from '../ledger/numbers.js';
import { LineChart } from './line_chart.js';

/** Points along each side of the picture that the network is asked at. */
const GRID = 72;
const MARGIN = 0.12;

export class RunPanel {
  /** @type {import('./evidence.js').Evidence|null} */
  #evidence = null;
  /** @type {import('../../kit/theme.js').Theme|null} */
  #theme = null;

  /** @param {(moment: number) => void} choose a moment of the run */
  constructor(choose) {
    this.chart = new LineChart((x) => this.#evidence && choose(nearest(this.#positions, x)));
    this.slider = element('input', { type: 'range', min: '0', step: '1', class: 'nn-lab-slider', 'aria-label': 'Moment of the run' });
    this.slider.addEventListener('input', () => choose(Number(this.slider.value)));
    this.when = element('span', { class: 'nn-lab-when' });
    this.canvas = element('canvas', { class: 'nn-lab-boundary', role: 'img' });
    this.figures = element('dl', { class: 'nn-lab-figures' });
    this.keys = element('p', { class: 'nn-lab-keys' });
    this.root = element('section', { class: 'nn-lab-panel nn-lab-run', 'aria-label': 'The run' },
      element('h3', { text: 'The run' }),
      element('p', { class: 'nn-lab-note', text: 'The loss by epochs, and the boundary at the moment chosen. Does it fall as it should?' }),
      this.keys, this.chart.root,
      element('label', { class: 'nn-lab-moment' }, element('span', { text: 'Epoch' }), this.slider, this.when),
      element('div', { class: 'nn-lab-there' }, this.canvas, this.figures));
  }

  /** @param {import('./evidence.js').Evidence} evidence @param {import('../../kit/theme.js').Theme} theme @param {number} moment */
  show(evidence, theme, moment) {
    this.#evidence = evidence;
    this.#theme = theme;
    const [train, test] = curveColors(theme.dark);
    const x = this.#positions;
    const lines = [
      { values: evidence.curve('losses', 0) ?? [], color: train },
      { values: evidence.curve('losses', 1) ?? [], color: test, dashed: true },
    ];
    const healthy = evidence.told !== null && evidence.told !== 'none' ? evidence.curve('healthy_losses', 0) : null;
    if (healthy) lines.unshift({ values: healthy, color: theme.muted });
    const ticks = [0, 1, 10, 100, 1000].filter((epoch) => epoch <= evidence.epoch(evidence.nMoments - 1)).map((epoch) => ({ at: position(epoch), text: epoch.toLocaleString('en') }));
    this.chart.show({ x, lines, ticks, label: `Loss by epochs: ${formatNumber(lines[0].values[0])} at first, ${formatNumber(lines[0].values.at(-1) ?? NaN)} at the end`, xTitle: 'Epoch' }, theme.scale);
    this.slider.max = String(evidence.nMoments - 1);
    const key = (/** @type {string} */ text, /** @type {string} */ color, /** @type {boolean} */ dashed) => element('span', { class: 'nn-lab-key', style: `color: ${color}` }, lineKey(dashed), element('span', { text }));
    this.keys.replaceChildren(key('training loss', train, false), key('test loss', test, true), ...(healthy ? [key('training loss without the fault', theme.muted, false)] : []));
    this.at(moment);
  }

  /** @param {number} moment */
  at(moment) {
    const evidence = this.#evidence;
    if (!evidence || !this.#theme) return;
    const epoch = evidence.epoch(moment).toLocaleString('en');
    this.slider.value = String(moment);
    setAttribute(this.slider, 'aria-valuetext', `epoch ${epoch}`);
    setText(this.when, epoch);
    this.chart.mark(this.#positions[moment]);
    const { losses, scores } = evidence.arrays;
    const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
    const figures = [
      ['Training loss', formatNumber(losses[2 * moment])], ['Test loss', formatNumber(losses[2 * moment + 1])],
      ['Training accuracy', percent(scores[2 * moment])], ['Test accuracy', percent(scores[2 * moment + 1])],
    ];
    this.figures.replaceChildren(...figures.flatMap(([name, value]) => [element('dt', { text: name }), element('dd', { text: value })]));
    setAttribute(this.canvas, 'aria-label', `The decision boundary at epoch ${epoch}; test accuracy ${figures[3][1]}`);
    this.#paint(evidence.parameters(moment));
  }

  destroy() {
    this.chart.destroy();
  }

  get #positions() {
    return this.#evidence ? [...this.#evidence.arrays.epochs].map(position) : [];
  }

  #paint(/** @type {Float32Array} */ parameters) {
    const { header, arrays } = /** @type {import('./evidence.js').Evidence} */ (this.#evidence);
    const { dark } = /** @type {import('../../kit/theme.js').Theme} */ (this.#theme);
    const network = networkFrom({ layer_sizes: header.layer_sizes, activations: header.activations, output: header.output, has_bias: true }, parameters);
    const [across, up] = [rangeOf(arrays.X, 0), rangeOf(arrays.X, 1)];
    const image = new ImageData(GRID, GRID);
    const pixels = new Uint32Array(image.data.buffer);
    const table = probabilityTable(dark);
    for (let row = 0; row < GRID; row++) {
      for (let column = 0; column < GRID; column++) {
        const point = [across[0] + ((column + 0.5) / GRID) * (across[1] - across[0]), up[1] - ((row + 0.5) / GRID) * (up[1] - up[0])];
        pixels[row * GRID + column] = table[Math.round(255 * forward(network, point).outputs[0])];
      }
    }
    const small = document.createElement('canvas');
    small.width = small.height = GRID;
    /** @type {CanvasRenderingContext2D} */ (small.getContext('2d')).putImageData(image, 0, 0);
    const side = Math.round((this.canvas.clientWidth || 200) * pixelRatio());
    this.canvas.width = this.canvas.height = side;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    context.drawImage(small, 0, 0, side, side);
    for (let k = 0; k < arrays.y.length; k++) {
      const x = ((arrays.X[2 * k] - across[0]) / (across[1] - across[0])) * side;
      const y = ((up[1] - arrays.X[2 * k + 1]) / (up[1] - up[0])) * side;
      drawPoint(context, x, y, arrays.y[k], Math.max(1.6, side / 130), dark);
    }
  }
}

/** Classes by shape, too: a disc and a square. */
function drawPoint(context, x, y, label, radius, dark) {
  context.fillStyle = classColor(label, dark);
  context.beginPath();
  if (label === 0) context.arc(x, y, radius, 0, 2 * Math.PI);
  else context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  context.fill();
}

/** Where an epoch lies along the chart: the first ones need room, too. */
const position = (/** @type {number} */ epoch) => Math.log10(1 + epoch);

/** @param {number[]} values @param {number} x */
const nearest = (values, x) => values.reduce((best, value, k) => (Math.abs(value - x) < Math.abs(values[best] - x) ? k : best), 0);

/** @param {Float64Array} points @param {number} axis */
function rangeOf(points, axis) {
  let [low, high] = [Infinity, -Infinity];
  for (let k = axis; k < points.length; k += 2) [low, high] = [Math.min(low, points[k]), Math.max(high, points[k])];
  const margin = MARGIN * (high - low);
  return [low - margin, high + margin];
}
