/**
 * Chooses what the hidden-layer panel shows: a layer or the morph through all of them; and for more than two units the
 * straight cut, the principal components or some of the units, flat or in three dimensions.
 */
import { element, focusKey, focusedKey, icon, select } from '../../../kit/dom.js';

const KINDS = [
  { value: 'straight 2d', text: 'Straight line' },
  { value: 'pca 2d', text: 'Components' },
  { value: 'units 2d', text: '2 units' },
  { value: 'straight 3d', text: 'Straight line 3-D' },
  { value: 'pca 3d', text: 'Components 3-D' },
  { value: 'units 3d', text: '3 units 3-D' },
];
const AXES = {
  '2d': ['Unit on the horizontal axis', 'Unit on the vertical axis'],
  '3d': ['Unit on the first axis', 'Unit on the second axis', 'Unit on the vertical axis'],
};
const FIT = 'Fit the components again, to the layer as it is now';

let groups = 0;

export class ViewChoice {
  #layers = [];
  #view = null;
  /** How a layer was looked at before the morph. */
  #modeOfLayers = '2d';

  /** @param {HTMLElement} host @param {(view: Object) => void} onChange */
  constructor(host, onChange) {
    this.host = host;
    this.onChange = onChange;
    this.group = `nnplay-layer-${++groups}`;
  }

  /** @param {{units: number}[]} layers @param {import('../../run/run_state.js').View} view the one the server draws */
  update(layers, view) {
    if (layers === this.#layers && view.id === this.#view?.id) return;
    this.#layers = layers;
    this.#view = { mode: '2d', fit: 0, ...view };
    if (view.mode === '3d') this.#modeOfLayers = '3d';
    this.#build();
  }

  #choose(changes) {
    const { layer, projection, units, mode, fit, id } = { ...this.#view, ...changes };
    if (mode !== 'morph') this.#modeOfLayers = mode;
    this.#view = { id, ...fitting({ layer, projection, units, mode, fit }, this.#layers[layer].units) };
    const { id: _, ...wanted } = this.#view;
    this.onChange(wanted);
    this.#build();
  }

  #build() {
    const layer = this.#layers[this.#view.layer];
    const held = focusedKey(this.host);
    this.host.replaceChildren();
    const morph = this.#view.mode === 'morph';
    if (layer) this.host.append(this.#layerButtons());
    if (layer?.units > 2 && !morph) this.host.append(...this.#projectionSelects(layer.units));
    if (this.#usesComponents(layer, morph)) this.host.append(this.#fitButton());
    focusKey(this.host, held);
  }

  #usesComponents(layer, morph) {
    if (morph) return this.#view.projection !== 'straight' && this.#layers.some(({ units }) => units > 2);
    return layer?.units > 2 && this.#view.projection === 'pca';
  }

  #layerButtons() {
    const box = element('div', { class: 'nn-layers', role: 'radiogroup', 'aria-label': 'Hidden layer' });
    const morph = this.#view.mode === 'morph';
    this.#layers.forEach((_, index) => {
      const chosen = index === this.#view.layer && !morph;
      box.append(this.#radio(`Layer ${index + 1}`, String(index + 1), chosen, `layer-${index}`, { layer: index, mode: this.#modeOfLayers }));
    });
    box.append(this.#radio('Morph through all layers', 'Morph', morph, 'morph', { mode: 'morph' }));
    return box;
  }

  #radio(name, text, chosen, key, changes) {
    const input = element('input', { type: 'radio', name: this.group, value: key, checked: chosen, 'aria-label': name });
    input.dataset.key = chosen ? 'layer' : key;
    input.addEventListener('change', () => {
      input.dataset.key = 'layer';
      this.#choose(changes);
    });
    return element('label', {}, input, element('span', { text }));
  }

  #projectionSelects(units) {
    const { projection: kind, mode, units: shown } = this.#view;
    const projection = select('Projection', KINDS, `${kind} ${mode}`, (value) => {
      const [nextKind, nextMode] = value.split(' ');
      this.#choose({ projection: nextKind, mode: nextMode });
    });
    projection.dataset.key = 'projection';
    if (kind !== 'units') return [projection];
    const numbers = Array.from({ length: units }, (_, unit) => ({ value: String(unit), text: String(unit + 1) }));
    const boxes = AXES[mode].map((name, end) => {
      const box = select(name, numbers, String(shown[end]), (value) => {
        this.#choose({ units: shown.map((unit, k) => (k === end ? Number(value) : unit)) });
      });
      box.dataset.key = `unit-${end}`;
      return box;
    });
    return [projection, ...boxes];
  }

  #fitButton() {
    const button = element('button', { type: 'button', class: 'nn-button nn-fit', title: FIT, 'aria-label': FIT }, icon('fit'));
    button.dataset.key = 'fit';
    button.addEventListener('click', () => this.#choose({ fit: this.#view.fit + 1 }));
    return button;
  }
}

/** A view made to fit a layer of so many units. */
function fitting(view, n) {
  if (n <= 2) return { ...view, mode: view.mode === 'morph' ? 'morph' : '2d', units: [0, n - 1] };
  const axes = view.mode === '3d' ? 3 : 2;
  const inside = view.units.filter((unit) => unit < n);
  const unused = Array.from({ length: n }, (_, unit) => unit).filter((unit) => !inside.includes(unit));
  return { ...view, units: [...inside, ...unused].slice(0, axes) };
}
