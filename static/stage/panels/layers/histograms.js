/**
 * One small histogram for each layer, one under the other, all centred on 0: of its weights, or of their gradient.
 */
import { element, setAttribute, setText } from '../../../kit/dom.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { formatShort } from '../../../kit/text.js';
import { layerNames } from './layer_names.js';

export class LayerHistograms {
  #rows = [];
  #theme = null;

  constructor() {
    this.root = element('div', { class: 'nn-histograms' });
    this.observer = new ResizeObserver((entries) => this.#resized(entries));
  }

  build(info, theme) {
    this.observer.disconnect();
    this.#theme = theme;
    this.#rows = layerNames(info).map((name) => {
      const canvas = element('canvas', { class: 'nn-histogram', role: 'img' });
      const reach = element('span', { class: 'nn-reach' });
      const row = element('div', { class: 'nn-histogram-row' }, element('span', { class: 'nn-layer-name', text: name }), canvas, reach);
      this.observer.observe(canvas);
      return { name, canvas, reach, row, counts: null, ready: false };
    });
    this.root.replaceChildren(...this.#rows.map(({ row }) => row));
  }

  /** @param {Uint32Array} counts bins of each layer @param {Float64Array} reach of each layer @param {string} what in words */
  update(counts, reach, what) {
    const bins = counts.length / this.#rows.length;
    this.#rows.forEach((row, k) => {
      row.counts = counts.subarray(k * bins, (k + 1) * bins);
      row.what = `${row.name}: ${what} from −${formatShort(reach[k])} to ${formatShort(reach[k])}`;
      row.text = `±${formatShort(reach[k])}`;
    });
    this.paint();
  }

  /** Write the ends of the axes: less often than frames are painted. */
  showValues() {
    for (const { canvas, reach, what, text } of this.#rows) {
      if (!text) continue;
      setText(reach, text);
      setAttribute(canvas, 'aria-label', what);
    }
  }

  paint() {
    for (const { canvas, counts, ready } of this.#rows) if (counts && ready) paintHistogram(canvas, counts, this.#theme);
  }

  /** Sizes come from here alone, so that nothing reads layout while frames play. */
  #resized(entries) {
    const scale = pixelRatio();
    for (const { target, contentRect } of entries) {
      const row = this.#rows.find(({ canvas }) => canvas === target);
      if (!row) continue;
      target.width = Math.round(contentRect.width * scale);
      target.height = Math.round(contentRect.height * scale);
      row.ready = target.width > 0 && target.height > 0;
    }
    this.paint();
  }

  destroy() {
    this.observer.disconnect();
  }
}

function paintHistogram(canvas, counts, theme) {
  const scale = pixelRatio();
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  context.clearRect(0, 0, width, height);
  const most = Math.max(1, ...counts);
  const bar = width / counts.length;
  context.fillStyle = theme.primary;
  counts.forEach((count, bin) => {
    const top = Math.round((height - scale) * (1 - count / most));
    const left = Math.round(bin * bar);
    context.fillRect(left + scale / 2, top, Math.round((bin + 1) * bar) - left - scale, height - top);
  });
  context.fillStyle = theme.muted;
  context.fillRect(0, height - scale, width, scale);
  context.fillRect(Math.round(width / 2 - scale / 2), 0, scale, height);
}
