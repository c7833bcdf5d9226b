/**
 * + and − for layers and units. What they make of the network is proposed to the server, which begins a new run.
 */
import { element, focusKey, focusedKey, icon, setAttribute, setText } from '../../../kit/dom.js';

/** Units of the first hidden layer, where there was none. */
const FIRST_UNITS = 4;
/** A proposal that came to nothing is forgotten after this long. */
const PATIENCE_MS = 3000;

export class Architecture {
  #info = null;
  #wanted = null;
  #timer = 0;
  #columns = [];

  /**
   * @param {HTMLElement} layersHost for the buttons of layers
   * @param {HTMLElement} unitsHost for each layer's buttons of units
   * @param {(values: Object) => () => boolean} propose
   */
  constructor(layersHost, unitsHost, propose) {
    this.propose = propose;
    this.unitsHost = unitsHost;
    this.layers = counter({
      names: ['Remove the last hidden layer', 'Add a hidden layer'],
      onStep: (step) => this.#stepLayers(step),
    });
    layersHost.append(element('span', { class: 'nn-counter-label', text: 'Layers' }), this.layers.root);
  }

  /** Units of each hidden layer, as wanted. */
  get #sizes() {
    return this.#wanted ?? this.#info.layers.map(({ units }) => units);
  }

  setRun(info) {
    this.#info = info;
    const sizes = info.layers.map(({ units }) => units);
    // While clicks are faster than the server, what they lead to counts, not what it has got to.
    if (!this.#wanted || sizes.join() === this.#wanted.join()) this.#forget();
    this.#build(sizes.length);
    this.#show();
  }

  setLayout({ xs }) {
    this.#columns.forEach(({ root }, k) => {
      root.style.left = `${xs[k + 1]}px`;
    });
  }

  #build(count) {
    if (count === this.#columns.length) return;
    const held = focusedKey(this.unitsHost);
    this.#columns = Array.from({ length: count }, (_, k) =>
      counter({
        names: [`Remove a unit from hidden layer ${k + 1}`, `Add a unit to hidden layer ${k + 1}`],
        onStep: (step) => this.#stepUnits(k, step),
        key: String(k),
      }),
    );
    this.unitsHost.replaceChildren(...this.#columns.map(({ root }) => root));
    focusKey(this.unitsHost, held);
  }

  #show() {
    const { max_layers: maxLayers, max_units: maxUnits } = this.#info.diagram;
    const fixed = this.#info.assignment?.why_no_layers ?? '';
    const sizes = this.#sizes;
    this.layers.show(sizes.length, [
      fixed || (sizes.length ? '' : 'There is no hidden layer to remove'),
      fixed || (sizes.length < maxLayers ? '' : `There can be at most ${maxLayers} hidden layers`),
    ]);
    this.#columns.forEach((column, k) => {
      const units = sizes[k] ?? this.#info.layers[k].units;
      column.show(units, [
        fixed || (units > 1 ? '' : 'A layer needs at least 1 unit. Remove the layer instead'),
        fixed || (units < maxUnits ? '' : `A layer can have at most ${maxUnits} units`),
      ]);
    });
  }

  #stepLayers(step) {
    const sizes = this.#sizes;
    this.#want(step > 0 ? [...sizes, sizes.at(-1) ?? FIRST_UNITS] : sizes.slice(0, -1));
  }

  #stepUnits(layer, step) {
    this.#want(this.#sizes.map((units, k) => (k === layer ? units + step : units)));
  }

  #want(sizes) {
    this.#wanted = sizes;
    this.#show();
    this.#expect(this.propose({ hidden_sizes: sizes }));
  }

  /** @param {() => boolean} isUnheard whether the server doesn't know yet what is wanted */
  #expect(isUnheard) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (isUnheard()) return this.#expect(isUnheard);
      this.#forget();
      this.#show();
    }, PATIENCE_MS);
  }

  #forget() {
    this.#wanted = null;
    clearTimeout(this.#timer);
  }
}

/** A number between − and +. A button that can do nothing says why. */
function counter({ names, onStep, key = 'layers' }) {
  const value = element('span', { class: 'nn-counter-value', 'aria-hidden': 'true' });
  /** @type {['minus', 'plus']} */
  const pictures = ['minus', 'plus'];
  const buttons = pictures.map((picture, k) => {
    const button = element('button', { type: 'button', class: 'nn-counter-button', 'aria-label': names[k] }, icon(picture));
    button.dataset.key = `${key}-${picture}`;
    button.addEventListener('click', () => button.getAttribute('aria-disabled') !== 'true' && onStep(k ? 1 : -1));
    return button;
  });
  const show = (number, reasons) => {
    setText(value, String(number));
    buttons.forEach((button, k) => {
      setAttribute(button, 'aria-disabled', String(reasons[k] !== ''));
      setAttribute(button, 'title', reasons[k] || names[k]);
      setAttribute(button, 'aria-description', reasons[k]);
    });
  };
  return { root: element('div', { class: 'nn-counter' }, buttons[0], value, buttons[1]), show };
}
