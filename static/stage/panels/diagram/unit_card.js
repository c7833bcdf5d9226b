/**
 * A unit up close: its map large, what it does in words, its bias and incoming weights, each to be edited.
 */
import { element, icon, setText } from '../../../kit/dom.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { formatShort } from '../../../kit/text.js';
import { drawCurve } from '../../../network/unit_map.js';
import { SurfacePainter } from '../../../plot/surface_painter.js';
import { ParameterField, ParameterText } from './parameter_field.js';

/** Side of the map in CSS pixels, as the style sheet has it. */
export const MAP_SIDE = 168;

export class UnitCard {
  /** The unit shown, or null. @type {{layer: number, unit: number}|null} */
  unit = null;
  #shape = null;
  #info = null;
  #fields = new Map();
  #surface = new SurfacePainter();
  #edited = null;

  /**
   * @param {{onEdit: ((index: number, value: number) => void)|null, onGesture: () => void, onClose: () => void}} events `onEdit`: null where nothing can be edited
   */
  constructor(events) {
    this.events = events;
    this.title = element('h3', { class: 'nn-title' });
    const close = element('button', { type: 'button', class: 'nn-icon-button', 'aria-label': 'Close', title: 'Close' }, icon('close'));
    close.addEventListener('click', () => events.onClose());
    this.map = element('canvas', { class: 'nn-card-map', role: 'img' });
    this.scale = element('p', { class: 'nn-card-scale' });
    this.legend = element('p', { class: 'nn-card-legend' });
    this.list = element('ul', { class: 'nn-parameters' });
    const picture = element('div', { class: 'nn-card-picture' }, this.map, this.scale);
    const words = element('div', { class: 'nn-card-words' }, this.legend, this.list);
    const head = element('header', { class: 'nn-head' }, this.title, close);
    this.root = element('section', { class: 'nn-panel nn-card', 'data-testid': 'unit-card', hidden: true }, head, element('div', { class: 'nn-card-body' }, picture, words));
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      events.onClose();
    });
  }

  setRun(info, shape) {
    this.#info = info;
    this.#shape = shape;
    if (this.unit) this.events.onClose();
  }

  /** @param {{layer: number, unit: number}} unit */
  open(unit) {
    this.unit = unit;
    this.#edited = null;
    const { layer, unit: number } = unit;
    const name = this.#shape.name(layer, number);
    setText(this.title, name);
    this.root.setAttribute('aria-label', name);
    this.map.setAttribute('aria-label', `Map of the plane: ${name}`);
    setText(this.legend, this.#words(layer));
    this.#fields = new Map(this.#indices(layer, number).map((index) => [index, this.#field(index)]));
    this.list.replaceChildren(...[...this.#fields.values()].map((field) => field.root));
    this.list.hidden = this.#fields.size === 0;
    this.root.hidden = false;
  }

  close() {
    this.unit = null;
    this.root.hidden = true;
    this.#fields = new Map();
    this.list.replaceChildren();
  }

  /** Go to the field of a parameter. */
  focus(index) {
    this.#fields.get(index)?.focus();
  }

  /** Say why the last edit was refused. */
  complain(text) {
    if (text) this.#fields.get(this.#edited)?.complain(text);
  }

  /** @param {import('../../../messages/decode.js').Arrays} frame */
  showValues(frame) {
    for (const [index, field] of this.#fields) field.show(frame.parameters[index]);
    setText(this.scale, this.#scaleText(frame));
  }

  /** @param {import('./painter.js').DiagramPainter} painter its maps are those of the frame on screen */
  paint(painter) {
    const { layer, unit } = this.unit;
    const maps = layer === 0 ? painter.inputs : painter.maps;
    const bytes = maps.bytesOf(layer === 0 ? unit : this.#shape.map(layer, unit));
    if (bytes.length === 0) return; // its size has changed, and its picture is under way
    const context = this.map.getContext('2d');
    const side = Math.round(MAP_SIDE * pixelRatio());
    if (this.map.width !== side) this.map.width = this.map.height = side;
    if (maps.isCurve) drawCurve(context, bytes, 0, 0, side, painter.curveColors);
    else this.#surface.paint(context, { left: 0, right: side, top: 0, bottom: side }, { bytes, planes: 1, columns: maps.columns, rows: maps.rows }, [painter.tables(layer, unit)]);
  }

  #indices(layer, unit) {
    if (layer === 0) return [];
    const shape = this.#shape;
    const weights = Array.from({ length: shape.sizes[layer - 1] }, (_, from) => shape.weight(layer, from, unit));
    return shape.hasBias ? [shape.bias(layer, unit), ...weights] : weights;
  }

  #field(index) {
    const { layer, from } = this.#shape.at(index);
    const { onEdit } = this.events;
    const name = this.#shape.parameterName(index);
    const mark = from === null ? 'bias' : this.#shape.shortName(layer - 1, from);
    if (!onEdit) return new ParameterText({ name, mark });
    return new ParameterField({
      name,
      mark,
      limit: this.#info.diagram.largest_parameter,
      onEdit: (value) => {
        this.#edited = index;
        onEdit(index, value);
      },
      onGesture: () => this.events.onGesture(),
    });
  }

  #words(layer) {
    const shape = this.#shape;
    if (layer === 0) return 'An input: what the network sees of each place on the plane. There is nothing to learn here.';
    const sum = `${shape.hasBias ? 'its bias plus ' : ''}each incoming value times its weight`;
    const edit = this.events.onEdit ? ' Edit a number, and the boundary changes at once.' : '';
    if (layer < shape.last) return `Adds up ${sum}, then applies ${this.#info.layers[layer - 1].activation}.${edit}`;
    return `Adds up ${sum}: the network’s output.${edit}`;
  }

  #scaleText(frame) {
    const { layer, unit } = this.unit;
    const shape = this.#shape;
    const isCurve = this.#info.input_names.length === 1;
    if (layer === shape.last) {
      if (isCurve) return 'The network’s output along the axis.';
      if (this.#info.task === 'multiclass') return 'Stronger colour: more likely.';
      const [low, high] = this.#info.surface_range;
      return `Blue towards ${formatShort(low)}, orange towards ${formatShort(high)}.`;
    }
    const scale = formatShort(layer === 0 ? frame.input_scales[unit] : frame.unit_scales[shape.map(layer, unit)]);
    if (isCurve) return `Its value along the axis, from −${scale} to ${scale}.`;
    return `Blue negative, orange positive, faint near 0; full colour at ±${scale}.`;
  }
}
