/**
 * The diagram of a step: every unit and every edge with its number of the stage that is looked at. What is not worked out
 * yet is a dot; what is being worked out stands out.
 */
import { element, setAttribute, setText } from '../../kit/dom.js';
import { BOX, edge, firstZoom, layOut, placeLabels } from './layout.js';
import { formatNumber } from '../ledger/numbers.js';
import { isKnown } from '../ledger/places.js';
import { draw } from './svg.js';

/** @typedef {import('../ledger/step.js').Step} Step */
/** @typedef {import('../ledger/step.js').Weight} Weight */
/** @typedef {import('../ledger/places.js').Place} Place */
/** @typedef {{unit: number[], from: number, sample: number|null}} Choice the unit of each column, the input of a weight, and the sample */

const NOT_YET = '·';
/** That fit into a unit's box. */
const MOST_LETTERS = 13;
/** Lines of edges, thinnest and thickest. */
const STROKE = { least: 0.7, most: 4.5 };
const ZOOM = { least: 0.4, most: 3, factor: 1.25 };

export class Diagram {
  /** @type {Step|null} */
  #step = null;
  /** @type {import('./layout.js').Layout|null} */
  #layout = null;
  #key = '';
  #zoom = 1;
  #fits = true;
  #scale = 1;
  /** @type {{box: Element, main: Element, second: Element, bias: Element|null, column: number, unit: number}[]} */
  #units = [];
  /** @type {{line: Element, label: Element, group: Element, weight: Weight}[]} */
  #edges = [];
  #chooseUnit;
  #chooseWeight;
  #resize;

  /** @param {{chooseUnit: (layer: number, unit: number) => void, chooseWeight: (weight: Weight) => void}} options */
  constructor({ chooseUnit, chooseWeight }) {
    this.#chooseUnit = chooseUnit;
    this.#chooseWeight = chooseWeight;
    this.svg = draw('svg', { class: 'nn-sd', role: 'img' });
    this.box = element('div', { class: 'nn-sd-box', tabindex: '0', role: 'group', 'aria-label': 'Diagram of the network' });
    this.box.append(this.svg);
    const zoom = (/** @type {string} */ name, /** @type {string} */ text, /** @type {() => void} */ act) => {
      const button = element('button', { type: 'button', class: 'nn-text-button nn-sd-zoom', title: name, 'aria-label': name, text });
      button.addEventListener('click', act);
      return button;
    };
    this.zooms = element('div', { class: 'nn-sd-zooms', role: 'group', 'aria-label': 'Size of the diagram' },
      zoom('Smaller', '−', () => this.#zoomTo(this.#zoom / ZOOM.factor)),
      zoom('Fit into its place', 'Fit', () => this.#fit()),
      zoom('Larger', '+', () => this.#zoomTo(this.#zoom * ZOOM.factor)));
    this.root = element('div', { class: 'nn-sd-panel' }, this.box);
    this.#resize = new ResizeObserver(() => this.#resized());
    this.#resize.observe(this.box);
  }

  destroy() {
    this.#resize.disconnect();
  }

  /** How much larger than usual everything is written: on a projector. @param {number} scale */
  setScale(scale) {
    if (scale === this.#scale) return;
    this.#scale = scale;
    this.#placed();
  }

  /** @param {Step} step @param {Place} place @param {Choice} choice */
  show(step, place, choice) {
    const key = JSON.stringify([step.sizes, step.layers.map(({ activation }) => activation), step.info.inputs, step.info.outputs, choice.unit.map((unit, column) => Math.floor(unit / 8) * Number(step.sizes[column] > 8))]);
    this.#step = step;
    this.#choice = choice;
    this.#place = place;
    if (key !== this.#key) {
      this.#key = key;
      this.#build(step, choice);
    }
    this.#write(step, place, choice);
    this.#look(place);
  }

  #builtFor = 0;
  /** @type {Place|null} */
  #place = null;
  /** @type {Choice} */
  #choice = { unit: [], from: 0, sample: null };

  #build(/** @type {Step} */ step, /** @type {Choice} */ choice) {
    this.#builtFor = this.#room;
    this.#layout = layOut(step.sizes, choice.unit, this.#room);
    const layout = this.#layout;
    this.#units = [];
    this.#edges = [];
    const heads = draw('g', { class: 'nn-sd-heads' });
    const lines = draw('g', { class: 'nn-sd-lines' });
    const labels = draw('g', { class: 'nn-sd-labels' });
    const units = draw('g', { class: 'nn-sd-units' });
    layout.units.forEach((shown, column) => {
      heads.append(...this.#heading(step, column, shown));
      shown.forEach((unit, k) => units.append(this.#unit(step, column, unit, layout.xs[column], layout.ys[column][k])));
      if (column === 0) return;
      const places = placeLabels(layout, column - 1);
      layout.units[column - 1].forEach((from, i) => shown.forEach((unit, k) => {
        const { x1, y1, x2, y2 } = edge(layout, column - 1, i, k);
        const weight = { layer: column - 1, from, unit };
        const line = draw('line', { x1, y1, x2, y2, class: 'nn-sd-line' });
        const hit = draw('line', { x1, y1, x2, y2, class: 'nn-sd-hit' });
        const label = draw('text', { x: places[i][k].x, y: places[i][k].y + 4, class: 'nn-sd-number' });
        const name = step.weightName(weight);
        const group = draw('g', { class: 'nn-sd-edge', 'data-weight': `${weight.layer}-${from}-${unit}` }, line, hit);
        label.setAttribute('data-weight', `${weight.layer}-${from}-${unit}`);
        hit.append(draw('title', {}, name));
        for (const node of [hit, label]) node.addEventListener('click', () => this.#chooseWeight(weight));
        lines.append(group);
        labels.append(label);
        this.#edges.push({ line, label, group, weight });
      }));
    });
    this.svg.replaceChildren(lines, heads, labels, units);
    setAttribute(this.svg, 'viewBox', `0 0 ${layout.width} ${layout.height}`);
    this.#placed();
  }

  #heading(/** @type {Step} */ step, column, shown) {
    const layout = /** @type {import('./layout.js').Layout} */ (this.#layout);
    const x = layout.xs[column] + BOX.width / 2;
    const name = column === 0 ? 'Inputs' : step.layerName(column - 1);
    const below = column === 0 ? '' : step.layers[column - 1].activation.split('(')[0].replaceAll('_', ' ');
    const count = step.sizes[column];
    const part = shown.length < count ? `${shown[0] + 1}–${shown[shown.length - 1] + 1} of ${count}` : '';
    const lines = [draw('text', { x, y: 15, class: 'nn-sd-head' }, name)];
    const second = [below, part].filter(Boolean).join(' · ');
    if (second) lines.push(draw('text', { x, y: 30, class: 'nn-sd-head nn-sd-muted' }, second));
    return lines;
  }

  #unit(/** @type {Step} */ step, column, unit, x, y) {
    const top = y - BOX.height / 2;
    const box = draw('rect', { x, y: top, width: BOX.width, height: BOX.height, rx: 8, class: 'nn-sd-unit-box' });
    const main = draw('text', { x: x + BOX.width / 2, y: top + 17, class: 'nn-sd-main' });
    const second = draw('text', { x: x + BOX.width / 2, y: top + 32, class: 'nn-sd-second' });
    const group = draw('g', { class: 'nn-sd-unit', 'data-column': column, 'data-unit': unit }, box, main, second);
    const name = column === 0 ? step.inputName(unit) : `${step.layerName(column - 1)}, ${step.unitName(column - 1, unit)}`;
    group.append(draw('title', {}, name));
    let bias = null;
    if (column > 0) {
      group.addEventListener('click', () => this.#chooseUnit(column - 1, unit));
      if (step.info.has_bias) {
        const weight = { layer: column - 1, from: step.sizes[column - 1], unit };
        bias = draw('text', { x: x + BOX.width / 2, y: top + BOX.height + 12, class: 'nn-sd-bias', 'data-weight': `${weight.layer}-${weight.from}-${unit}` });
        bias.addEventListener('click', (event) => {
          event.stopPropagation();
          this.#chooseWeight(weight);
        });
        group.append(bias);
      }
    }
    this.#units.push({ box, main, second, bias, column, unit });
    return group;
  }

  // -- numbers -------------------------------------------------------------------------------------------------------

  #write(step, place, choice) {
    const { sample } = choice;
    const largest = step.layers.map(() => 0);
    const values = this.#edges.map(({ weight }) => this.#edgeValue(step, place, weight, sample));
    this.#edges.forEach(({ weight }, k) => {
      const size = Math.abs(values[k] ?? 0);
      if (size > largest[weight.layer]) largest[weight.layer] = size;
    });
    this.#edges.forEach(({ line, label, group, weight }, k) => {
      const value = values[k];
      setText(label, value === null ? '' : formatNumber(value));
      const share = value === null || largest[weight.layer] === 0 ? 0 : Math.abs(value) / largest[weight.layer];
      const width = STROKE.least + share * (STROKE.most - STROKE.least);
      setAttribute(line, 'stroke-width', width.toFixed(2));
      const sign = value === null || value === 0 ? 'none' : value < 0 ? 'negative' : 'positive';
      const isChosen = this.#isChosen(step, place, weight, choice);
      const isLit = this.#isLit(place, weight.layer);
      for (const node of [group, label]) {
        setAttribute(node, 'data-sign', sign);
        setAttribute(node, 'data-lit', String(isLit));
        setAttribute(node, 'data-chosen', String(isChosen));
      }
    });
    for (const unit of this.#units) this.#writeUnit(step, place, choice, unit);
    setAttribute(this.svg, 'aria-label', `The network with the numbers of the stage ${place.stage}`);
  }

  #isLit({ stage, layer: at }, layer) {
    return stage !== 'loss' && layer === at;
  }

  #isChosen(step, place, { layer, from, unit }, choice) {
    return place.stage !== 'loss' && layer === place.layer && unit === choice.unit[layer + 1] && (place.stage === 'forward' || from === choice.from);
  }

  /** @returns {number|null} null where it isn't known yet */
  #edgeValue(step, place, weight, sample) {
    if (place.stage === 'forward' || place.stage === 'loss') return step.weight(weight);
    if (!isKnown(place, weight.layer)) return null;
    if (place.stage === 'update') return step.change(weight);
    return sample === null ? step.gradient(weight) : step.share(weight, sample);
  }

  #writeUnit(step, place, { sample, unit: chosen }, { box, main, second, bias, column, unit }) {
    const layer = column - 1;
    const { stage } = place;
    let first = '', below = '';
    if (column === 0) [first, below] = [formatNumber(step.input(0, unit, sample)), step.inputName(unit)];
    else if (stage === 'backward' && column === place.layer) [first, below] = [formatNumber(step.input(place.layer, unit, sample)), sample === null ? 'mean input' : 'input'];
    else if (!isKnown(place, layer)) [first, below] = [NOT_YET, ''];
    else if (stage === 'forward') [first, below] = [formatNumber(step.a(layer, unit, sample)), `z ${formatNumber(step.z(layer, unit, sample))}`];
    else if (stage === 'loss') [first, below] = [formatNumber(step.a(layer, unit, sample)), layer === step.last ? targetText(formatNumber(step.target(unit, sample))) : ''];
    else if (stage === 'backward') [first, below] = [formatNumber(step.error(layer, unit, sample)), sample === null ? 'sum of errors' : 'error'];
    else [first, below] = [step.unitName(layer, unit).startsWith('unit') ? `unit ${unit + 1}` : 'output', ''];
    setText(main, first);
    setText(second, column === 0 && below.length > MOST_LETTERS ? `${below.slice(0, MOST_LETTERS - 1)}…` : below);
    const group = /** @type {Element} */ (box.parentNode);
    const isOff = layer >= 0 && sample !== null && step.mask(layer, unit, sample) === 0;
    setAttribute(group, 'data-off', String(isOff));
    setAttribute(group, 'data-lit', String(stage === 'loss' ? layer === step.last : layer === place.layer || (stage !== 'update' && column === place.layer)));
    setAttribute(group, 'data-chosen', String(layer === place.layer && chosen[column] === unit));
    if (!bias) return;
    const weight = { layer, from: step.sizes[layer], unit };
    const value = this.#edgeValue(step, place, weight, sample);
    const sign = { backward: '∂b', update: 'Δb' }[stage] ?? 'b';
    setText(bias, value === null ? '' : `${sign} ${formatNumber(value)}`);
  }

  // -- size and place ------------------------------------------------------------------------------------------------

  get #room() {
    return Math.max(0, this.box.clientWidth - 2) / this.#scale;
  }

  /** Columns that had room to spare take what there is now. */
  #resized() {
    const step = this.#step;
    if (step && this.#place && Math.abs(this.#room - this.#builtFor) > 8) {
      this.#key = '';
      this.show(step, this.#place, this.#choice);
    } else this.#placed();
  }

  #placed() {
    const layout = this.#layout;
    if (!layout || this.box.clientWidth === 0) return;
    if (this.#fits) this.#zoom = firstZoom(layout, this.box.clientWidth, this.box.clientHeight, this.#scale);
    this.svg.style.width = `${layout.width * this.#zoom}px`;
    this.svg.style.height = `${layout.height * this.#zoom}px`;
  }

  /** Show all of it, however small that makes its numbers. */
  #fit() {
    const layout = this.#layout;
    if (!layout) return;
    this.#zoomTo(Math.min(this.box.clientWidth / layout.width, this.box.clientHeight / layout.height));
  }

  #zoomTo(zoom) {
    this.#fits = false;
    this.#zoom = Math.max(ZOOM.least, Math.min(ZOOM.most, zoom));
    this.#placed();
  }

  /** Bring what is worked out into sight. @param {Place} place */
  #look({ layer }) {
    const layout = this.#layout;
    if (!layout || this.box.clientWidth === 0) return;
    const [left, right] = [layout.xs[layer], layout.xs[layer + 1] + BOX.width].map((x) => x * this.#zoom);
    const row = layout.units[layer + 1].indexOf(this.#choice.unit[layer + 1]);
    const middle = layout.ys[layer + 1][Math.max(0, row)] * this.#zoom;
    const behavior = window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    const { clientWidth, clientHeight, scrollTop } = this.box;
    const isInSight = middle > scrollTop + 40 && middle < scrollTop + clientHeight - 60;
    this.box.scrollTo({ left: (left + right - clientWidth) / 2, ...(isInSight ? {} : { top: middle - clientHeight / 2 }), behavior });
  }
}

/** What an output is to be; by the formulas' letter where the word doesn't fit. @param {string} number */
const targetText = (number) => (number.length + 7 > MOST_LETTERS ? `y ${number}` : `target ${number}`);
