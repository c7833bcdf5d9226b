/**
 * Chooses what the hidden-layer panel shows: the layer, and for more than two units the principal components or a pair
 * of units.
 */
import { element, select } from './dom.js';

let groups = 0;

export class HiddenControls {
  #layers = [];
  #view = null;

  /** @param {HTMLElement} host @param {(view: Object) => void} onChange */
  constructor(host, onChange) {
    this.host = host;
    this.onChange = onChange;
    this.group = `nnplay-layer-${++groups}`;
  }

  /** @param {{units: number}[]} layers @param {import('./run_state.js').View} view the one the server draws */
  update(layers, view) {
    if (layers === this.#layers && view.id === this.#view?.id) return;
    this.#layers = layers;
    this.#view = view;
    this.#build();
  }

  #choose(changes) {
    const next = { ...this.#view, ...changes };
    const { units } = this.#layers[next.layer];
    if (units <= 2) {
      next.projection = 'units';
      next.units = [0, units - 1];
    } else if ('layer' in changes) {
      if (this.#layers[this.#view.layer].units <= 2) next.projection = 'pca';
      if (next.units.some((unit) => unit >= units)) next.units = [0, 1];
    }
    this.#view = next;
    this.onChange(next);
    this.#build();
  }

  #build() {
    const layer = this.#layers[this.#view.layer];
    const held = this.host.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.host.replaceChildren();
    if (this.#layers.length > 1) this.host.append(this.#layerButtons());
    if (layer && layer.units > 2) this.host.append(...this.#projectionSelects(layer.units));
    if (held) this.host.querySelector(`[data-key="${held}"]`)?.focus();
  }

  #layerButtons() {
    const box = element('div', { class: 'nn-layers', role: 'radiogroup', 'aria-label': 'Hidden layer' });
    this.#layers.forEach((_, index) => {
      const chosen = index === this.#view.layer;
      const input = element('input', { type: 'radio', name: this.group, value: String(index), checked: chosen });
      input.setAttribute('aria-label', `Layer ${index + 1}`);
      input.dataset.key = chosen ? 'layer' : `layer-${index}`;
      input.addEventListener('change', () => {
        input.dataset.key = 'layer';
        this.#choose({ layer: index });
      });
      box.append(element('label', {}, input, element('span', { text: String(index + 1) })));
    });
    return box;
  }

  #projectionSelects(units) {
    const kinds = [
      { value: 'pca', text: 'Principal components' },
      { value: 'units', text: 'Two units' },
    ];
    const projection = select('Projection', kinds, this.#view.projection, (value) => this.#choose({ projection: value }));
    projection.dataset.key = 'projection';
    if (this.#view.projection !== 'units') return [projection];
    const numbers = Array.from({ length: units }, (_, unit) => ({ value: String(unit), text: String(unit + 1) }));
    const pair = [0, 1].map((end) => {
      const name = end ? 'Unit on the vertical axis' : 'Unit on the horizontal axis';
      const box = select(name, numbers, String(this.#view.units[end]), (value) => {
        const chosen = [...this.#view.units];
        chosen[end] = Number(value);
        this.#choose({ units: chosen });
      });
      box.dataset.key = `unit-${end}`;
      return box;
    });
    return [projection, ...pair];
  }
}
