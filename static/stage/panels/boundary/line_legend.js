/** What the lines over the boundary are: the layers of creases, how many regions there are, the epochs of earlier boundaries. */
import { element, setText, svg, svgPath } from '../../../kit/dom.js';
import { lookOf } from './line_painter.js';

/** More layers than this are not listed one by one. */
const MOST_LAYERS = 4;

/** @param {{width: number, dash: number[], color: string, opacity?: number}} look */
function key({ width, dash, color, opacity = 1 }) {
  const stroke = { d: 'M1 5H29', fill: 'none', stroke: color, 'stroke-width': String(width), 'stroke-opacity': String(opacity) };
  return svg({ viewBox: '0 0 30 10', class: 'nn-line nn-crease-key', 'aria-hidden': 'true' }, svgPath(dash.length ? { ...stroke, 'stroke-dasharray': dash.join(' ') } : stroke));
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
    const layers = creases ? info.layers.slice(0, MOST_LAYERS) : [];
    const single = info.input_names.length === 1;
    const items = layers.map((_, k) => {
      const more = k === MOST_LAYERS - 1 && info.layers.length > MOST_LAYERS ? ' …' : '';
      return element('li', {}, key(lookOf(k + 1, theme.dark)), element('span', { text: `layer ${k + 1}${more}` }));
    });
    if (creases) items.push(element('li', { class: 'nn-regions-item' }, this.#regions));
    if (earlier) {
      const look = { width: 2, dash: [], color: single ? theme.primary : theme.text, opacity: 0.5 };
      items.push(element('li', {}, key(look), this.#epochs));
    }
    this.root.replaceChildren(...items);
    this.root.hidden = items.length === 0;
    this.single = single;
  }

  /** @param {number} regions NaN where they aren't known @param {number[]|null} epochs of the earlier boundaries, the newest first */
  showValues(regions, epochs) {
    const what = this.single ? 'straight piece' : 'linear region';
    const text = Number.isFinite(regions) ? `${regions} ${what}${regions === 1 ? '' : 's'} in sight` : '';
    setText(this.#regions, text);
    if (this.#regions.parentElement) this.#regions.parentElement.hidden = text === '';
    if (epochs) setText(this.#epochs, epochs.length ? `earlier, at epochs ${epochs.map((epoch) => Number(epoch.toFixed(1)).toLocaleString('en-US')).join(', ')}` : 'earlier: no frames yet');
  }
}
