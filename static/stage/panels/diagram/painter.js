/**
 * Paints the diagram: edges on one canvas, units with their biases on another above it, each only when it has changed.
 */
import { classColor, divergingColor } from '../../../kit/palette.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { css, mix, parseColor } from '../../../kit/theme.js';
import { UnitMaps, mapTables } from '../../../network/unit_map.js';
import { LEVELS, strength, updateLevels } from './edge_levels.js';

/** Widths of the weakest and the strongest edges, and how opaque they are. */
const WIDTHS = [0.5, 5.5];
const OPACITIES = [0.35, 0.95];
/** Share of their opacity that is left to edges other than those of the chosen unit. */
const FADED = 0.22;
/** A bias's dot: its radius as a share of its unit, and its distance from the unit's sides. */
const DOT = { share: 0.14, least: 2.5, inset: 1.5 };

export class DiagramPainter {
  #shape = null;
  #layout = null;
  #theme = null;
  #levels = [];
  #chosen = null;
  #stale = true;

  constructor(edges, units) {
    this.edges = edges;
    this.units = units;
  }

  setRun(run, shape) {
    const { info } = run;
    this.#shape = shape;
    this.info = info;
    this.#levels = shape.sizes.slice(1).map((units, k) => new Int8Array(units * shape.sizes[k]));
    const isCurve = info.input_names.length === 1;
    this.inputs = new UnitMaps(shape.inputs.length, isCurve);
    this.maps = new UnitMaps(shape.map(shape.last, shape.outputs.length), isCurve);
    this.#makeTables();
  }

  setTheme(theme) {
    this.#theme = theme;
    const text = parseColor(theme.text);
    const ground = parseColor(theme.background);
    this.curveColors = { line: theme.text, ground: theme.background, zero: css(mix(text, ground, 0.75)) };
    this.signColors = [classColor(0, theme.dark), classColor(1, theme.dark)];
    this.#makeTables();
  }

  /** @param {import('./layout.js').Layout} layout */
  setLayout(layout) {
    this.#layout = layout;
    this.scale = pixelRatio();
    for (const canvas of [this.edges, this.units]) {
      canvas.width = Math.round(layout.width * this.scale);
      canvas.height = Math.round(layout.height * this.scale);
      canvas.style.width = `${layout.width}px`;
      canvas.style.height = `${layout.height}px`;
    }
    this.#stale = true;
  }

  /** Draw the edges of others paler than those into this unit. @param {{layer: number, unit: number}|null} unit */
  choose(unit) {
    this.#chosen = unit && unit.layer > 0 ? unit : null;
    this.#stale = true;
  }

  /** @param {import('../../pictures/pictures.js').Drawn} frame */
  paint(frame) {
    if (!this.#layout || !this.#theme || !this.#shape) return;
    // What the inputs are of each place stays as it is, but for the pixels.
    if (this.#stale || frame.input_maps.length !== this.inputs.bytes.length) {
      this.inputs.load(frame.input_maps, () => this.tables(0, 0));
      this.#stale = true;
    }
    this.maps.load(frame.unit_maps, this.tableOfMap);
    let changed = this.#stale;
    this.#levels.forEach((levels, k) => {
      changed = updateLevels(frame.parameters, this.#shape.starts[k + 1], levels) || changed;
    });
    if (changed) this.#paintEdges();
    this.#paintUnits(frame.parameters);
    this.#stale = false;
  }

  #makeTables() {
    if (!this.#theme || !this.#shape) return;
    const shape = this.#shape;
    const tables = mapTables(this.info, shape, this.#theme.dark);
    const firstOutput = shape.map(shape.last, 0);
    this.tableOfMap = (map) => (map < firstOutput ? tables(1, map) : tables(shape.last, map - firstOutput));
    this.tables = tables;
    this.#stale = true;
  }

  #paintEdges() {
    const context = this.edges.getContext('2d');
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    context.clearRect(0, 0, this.#layout.width, this.#layout.height);
    for (let layer = 1; layer <= this.#shape.last; layer++) this.#paintGap(context, layer);
    context.globalAlpha = 1;
  }

  /** The edges between two layers: all of one look are one path. */
  #paintGap(context, layer) {
    const levels = this.#levels[layer - 1];
    const { sizes } = this.#shape;
    const { xs, ys, size } = this.#layout;
    const [start, end] = [xs[layer - 1] + size / 2, xs[layer] - size / 2];
    const only = this.#chosen?.layer === layer ? this.#chosen.unit : -1;
    for (const faded of this.#chosen ? [true, false] : [false]) {
      for (let look = -LEVELS; look <= LEVELS; look++) {
        if (look === 0) continue;
        let any = false;
        for (let k = 0; k < levels.length; k++) {
          if (levels[k] !== look) continue;
          const to = k % sizes[layer];
          if (this.#chosen && (to === only) === faded) continue;
          if (!any) context.beginPath();
          any = true;
          context.moveTo(start, ys[layer - 1][(k - to) / sizes[layer]]);
          context.lineTo(end, ys[layer][to]);
        }
        if (any) this.#stroke(context, look, faded);
      }
    }
  }

  #stroke(context, look, faded) {
    const share = Math.abs(look) / LEVELS;
    context.globalAlpha = (OPACITIES[0] + share * (OPACITIES[1] - OPACITIES[0])) * (faded ? FADED : 1);
    context.lineWidth = WIDTHS[0] + share * (WIDTHS[1] - WIDTHS[0]);
    context.strokeStyle = this.signColors[look < 0 ? 0 : 1];
    context.stroke();
  }

  #paintUnits(parameters) {
    const context = this.units.getContext('2d');
    const shape = this.#shape;
    const { xs, ys, size } = this.#layout;
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    if (this.#stale) context.clearRect(0, 0, this.#layout.width, this.#layout.height);
    for (let layer = this.#stale ? 0 : 1; layer <= shape.last; layer++) {
      const maps = layer === 0 ? this.inputs : this.maps;
      const first = layer === 0 ? 0 : shape.map(layer, 0);
      for (let unit = 0; unit < shape.sizes[layer]; unit++) {
        maps.draw(context, first + unit, xs[layer] - size / 2, ys[layer][unit] - size / 2, size, this.curveColors);
      }
    }
    if (shape.hasBias) this.#paintBiases(context, parameters);
  }

  /** A dot in the lower left corner of every unit, coloured as an edge of that weight. */
  #paintBiases(context, parameters) {
    const shape = this.#shape;
    const { xs, ys } = this.#layout;
    context.lineWidth = 1;
    context.strokeStyle = this.#theme.text;
    for (let layer = 1; layer <= shape.last; layer++) {
      for (let unit = 0; unit < shape.sizes[layer]; unit++) {
        const bias = parameters[shape.bias(layer, unit)];
        const { x, y, radius } = dotAt(this.#layout, xs[layer], ys[layer][unit]);
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fillStyle = css(divergingColor(Math.sign(bias) * strength(bias), this.#theme.dark));
        context.fill();
        context.stroke();
      }
    }
  }
}

/** The dot of a unit's bias: inside its square, so that painting the square again removes the old dot. */
export function dotAt({ size }, x, y) {
  const radius = Math.max(DOT.least, DOT.share * size);
  const inset = size / 2 - radius - DOT.inset;
  return { x: x - inset, y: y + inset, radius };
}
