/** What the lines over the boundary are: the layers of creases, how many regions there are, the epochs of earlier boundaries. */
import { MOST_PIECES } from '../../../network/lines/fold_lines.js';
import { element, setText, svg, svgPath } from '../../../kit/dom.js';
import { N_LOOKS, lookOf } from './line_painter.js';

/** @param {{width: number, dash: number[], color: string, opacity?: number}} look */
function key({ width, dash, color, opacity = 1 }) {
  const stroke = { d: 'M1 5H29', fill: 'none', stroke: color, 'stroke-width': String(width), 'stroke-opacity': String(opacity) };
  return svg({ viewBox: '0 0 30 10', class: 'nn-line nn-crease-key', 'aria-hidden': 'true' }, svgPath(dash.length ? { ...stroke, 'stroke-dasharray': dash.join(' ') } : stroke));
}

/** Which layers are drawn like one of the first. @param {number} layer @param {number} n of them all */
export function layersText(layer, n) {
  const alike = Array.from({ length: Math.ceil((n - layer + 1) / N_LOOKS) }, (_, k) => layer + k * N_LOOKS);
  return `${alike.length > 1 ? 'layers' : 'layer'} ${alike.join(', ')}`;
}

/** @param {number} regions Infinity where they are too many to count, NaN where they aren't known @param {boolean} single input */
export function regionsText(regions, single) {
  const what = single ? 'straight piece' : 'linear region';
  if (regions === Infinity) return `more than ${MOST_PIECES.toLocaleString('en-US')} ${what}s in sight`;
  return Number.isFinite(regions) ? `${regions} ${what}${regions === 1 ? '' : 's'} in sight` : '';
}

export class LineLegend {
  #regions = element('span', { class: 'nn-regions' });
  #epochs = element('span', {});

  constructor() {
    this.root = element('ul', { class: 'nn-legend nn-line-legend', hidden: true });
  }

  /**
   * @param {any} info of the run @param {import('../../../kit/theme.js').Theme} theme
   * @param {{creases: boolean, earlier: boolean}} shows
   */
  build(info, theme, { creases, earlier }) {
    const looks = creases ? Math.min(N_LOOKS, info.layers.length) : 0;
    const single = info.input_names.length === 1;
    const items = Array.from({ length: looks }, (_, k) => element('li', {}, key(lookOf(k + 1, theme.dark)), element('span', { text: layersText(k + 1, info.layers.length) })));
    if (creases) items.push(element('li', { class: 'nn-regions-item' }, this.#regions));
    if (earlier) {
      const look = { width: 2, dash: [], color: single ? theme.primary : theme.text, opacity: 0.5 };
      items.push(element('li', {}, key(look), this.#epochs));
    }
    this.root.replaceChildren(...items);
    this.root.hidden = items.length === 0;
    this.single = single;
  }

  /** @param {number} regions as regionsText has them @param {number[]|null} epochs of the earlier boundaries, the newest first */
  showValues(regions, epochs) {
    const text = regionsText(regions, this.single);
    setText(this.#regions, text);
    if (this.#regions.parentElement) this.#regions.parentElement.hidden = text === '';
    if (epochs) setText(this.#epochs, epochs.length ? `earlier, at epochs ${epochs.map((epoch) => Number(epoch.toFixed(1)).toLocaleString('en-US')).join(', ')}` : 'earlier: no frames yet');
  }
}
