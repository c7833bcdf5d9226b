/**
 * What of the hidden layers is looked at, where the browser draws them itself: nobody else need know of it. Pure, so that
 * node can test it.
 */

/** @typedef {{layer: number, projection: 'units'|'pca'|'straight', units: number[], mode: '2d'|'3d'|'morph', fit: number}} Look */

/** Networks with these in common have the same hidden layers to look at. */
const layersOf = ({ network: { layer_sizes: sizes } }) => String(sizes.slice(0, -1));

/** Whether there are such a layer and units. */
const fits = (look, layers) => Boolean(look && layers[look.layer] && look.units.every((unit) => unit < layers[look.layer].units));

export class HiddenView {
  /** Views that are alike have the same number. @type {Map<string, number>} */
  #ids = new Map();
  /** Which layers it is a view of. */
  #layers = '';
  /** What is looked at now; null before the first run. @type {(Look & {id: number, hidden: number})|null} */
  now = null;

  /**
   * A run is shown as the one before it was, where its layers are alike; the first one as the link says; or its last layer.
   * @param {Object} info of the run @param {HiddenView|null} [before] as the run was looked at when it was last on the stage
   * @param {Partial<Look>|null} [linked] what the page's address says
   */
  start(info, before = null, linked = null) {
    /** @type {Look} */
    const fresh = { layer: Math.max(0, info.layers.length - 1), projection: 'straight', units: [0, 1], mode: '2d', fit: 0 };
    const layers = layersOf(info);
    const seen = [before, this].find((view) => view?.now && view.#layers === layers)?.now;
    this.look(seen ?? { ...fresh, ...(this.now === null && fits(linked, info.layers) ? linked : {}) });
    this.#layers = layers;
  }

  /** @param {Partial<Look>} change */
  look(change) {
    const { layer, projection, units, mode, fit } = /** @type {Look} */ ({ ...this.now, ...change });
    const key = JSON.stringify([layer, projection, units, mode, fit]);
    const id = this.#ids.get(key) ?? this.#ids.size + 1;
    this.#ids.set(key, id);
    this.now = { id, hidden: id, layer, projection, units, mode, fit };
  }

  /** For the tab's memory. */
  toJSON() {
    return { layers: this.#layers, now: this.now };
  }

  /** What the tab's memory has of one. @param {{layers: string, now: (Look & {id: number, hidden: number})|null}} kept */
  static from({ layers, now }) {
    const view = new HiddenView();
    view.#layers = layers;
    view.now = now;
    return view;
  }

  /** As it is now, to be gone back to. */
  copy() {
    const copy = new HiddenView();
    copy.#layers = this.#layers;
    copy.now = this.now;
    return copy;
  }
}
