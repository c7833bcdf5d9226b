/**
 * The units of the diagram as buttons over the pictures: one tab stop, arrow keys go from unit to unit. With them the
 * names beside inputs and outputs.
 */
import { element, setAttribute } from '../../../kit/dom.js';
import { shortName } from '../../../kit/text.js';
import { neighbour } from './layout.js';

/** Outputs' names with less room than this are left to the tip. */
const LEAST_LABEL = 34;

export class UnitButtons {
  #shape = null;
  #buttons = [];
  #labels = [];
  #current = { layer: 1, unit: 0 };
  #chosen = null;

  /**
   * @param {HTMLElement} host
   * @param {(unit: {layer: number, unit: number}, event: MouseEvent) => void} onClick
   */
  constructor(host, onClick) {
    this.root = element('div', { class: 'nn-units', role: 'group', 'aria-label': 'Units of the network' });
    host.append(this.root);
    this.onClick = onClick;
    this.root.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** @param {import('../../../network/network_shape.js').NetworkShape} shape */
  setRun(shape) {
    const held = this.root.contains(document.activeElement);
    this.#shape = shape;
    this.#current = this.#within(this.#current);
    this.#buttons = shape.sizes.map((units, layer) => Array.from({ length: units }, (_, unit) => this.#button(layer, unit)));
    this.#labels = [0, shape.last].map((layer) =>
      Array.from({ length: shape.sizes[layer] }, (_, unit) => label(shape.shortName(layer, unit), layer === 0)),
    );
    this.root.replaceChildren(...this.#labels.flat(), ...this.#buttons.flat());
    this.#at(this.#current).tabIndex = 0;
    if (held) this.#at(this.#current).focus({ preventScroll: true });
    this.choose(null);
  }

  /** @param {import('./layout.js').Layout} layout */
  setLayout({ xs, ys, size, left, right }) {
    this.#buttons.forEach((column, layer) =>
      column.forEach((button, unit) => {
        Object.assign(button.style, { left: `${xs[layer] - size / 2}px`, top: `${ys[layer][unit] - size / 2}px`, width: `${size}px`, height: `${size}px` });
      }),
    );
    this.#labels.forEach((column, side) => {
      const layer = side ? this.#shape.last : 0;
      column.forEach((node, unit) => {
        node.style.left = `${xs[layer] + (side ? size / 2 + 6 : -size / 2 - 6)}px`;
        node.style.top = `${ys[layer][unit]}px`;
        node.style.maxWidth = `${(side ? right : left) - 8}px`;
        node.hidden = side === 1 && right < LEAST_LABEL;
      });
    });
  }

  /** Room that the names would like on either side: the inputs' in one line, the outputs' in two. */
  get namesRoom() {
    const [inputs, outputs] = this.#labels;
    const { fontSize, fontFamily } = getComputedStyle(inputs[0]);
    const context = document.createElement('canvas').getContext('2d');
    context.font = `${fontSize} ${fontFamily}`;
    const widest = (texts) => Math.ceil(Math.max(0, ...texts.map((text) => context.measureText(text).width))) + 12;
    return { left: widest(inputs.map(({ textContent }) => textContent)), right: widest(outputs.flatMap(({ textContent }) => inTwo(textContent))) };
  }

  /** Mark the unit that is looked at elsewhere. @param {{layer: number, unit: number}|null} unit */
  lookAt(unit) {
    const button = unit && this.#at(unit);
    const before = this.root.querySelector('.nn-looked-at');
    if (before === (button ?? null)) return;
    before?.classList.remove('nn-looked-at');
    button?.classList.add('nn-looked-at');
  }

  /** Mark the unit whose card is open. @param {{layer: number, unit: number}|null} unit */
  choose(unit) {
    if (this.#chosen) setAttribute(this.#at(this.#chosen), 'aria-pressed', 'false');
    this.#chosen = unit;
    if (!unit) return;
    setAttribute(this.#at(unit), 'aria-pressed', 'true');
    this.#makeCurrent(unit);
  }

  /** Tell readers of the page about the unit that has the focus. @param {(unit: Object) => string} textOf */
  describe(textOf) {
    const unit = this.unitOf(document.activeElement);
    if (unit) setAttribute(this.#at(unit), 'aria-description', textOf(unit));
  }

  focus(unit) {
    this.#at(this.#within(unit))?.focus();
  }

  /** The unit that an element of the page is the button of, or null. */
  unitOf(target) {
    const button = target?.closest?.('.nn-unit');
    return button && this.root.contains(button) ? { layer: Number(button.dataset.layer), unit: Number(button.dataset.unit) } : null;
  }

  #button(layer, unit) {
    const name = this.#shape.name(layer, unit);
    const button = element('button', { type: 'button', class: 'nn-unit', 'aria-label': name, 'aria-pressed': 'false', tabindex: '-1' });
    button.dataset.layer = String(layer);
    button.dataset.unit = String(unit);
    button.addEventListener('click', (event) => this.onClick({ layer, unit }, event));
    button.addEventListener('focus', () => this.#makeCurrent({ layer, unit }));
    return button;
  }

  #at({ layer, unit }) {
    return this.#buttons[layer]?.[unit];
  }

  #within({ layer, unit }) {
    const { sizes, last } = this.#shape;
    const inside = Math.min(layer, last);
    return { layer: inside, unit: Math.min(unit, sizes[inside] - 1) };
  }

  #makeCurrent(unit) {
    this.#at(this.#current).tabIndex = -1;
    this.#current = unit;
    this.#at(unit).tabIndex = 0;
  }

  #onKey(event) {
    if (!event.key.startsWith('Arrow') || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#at(neighbour(this.#shape.sizes, this.#current, event.key)).focus();
  }
}

/** A name as the two lines that it takes least room in. */
function inTwo(name) {
  const words = name.split(' ');
  const lines = words.map((_, k) => [words.slice(0, k + 1).join(' '), words.slice(k + 1).join(' ')]);
  const longer = (pair) => Math.max(...pair.map(({ length }) => length));
  return lines.reduce((best, pair) => (longer(pair) < longer(best) ? pair : best));
}

/** What tells the inputs apart that a column of words, or one with gaps, has become: the end of their names. */
const ENDING = /^(.+?)( = .+| missing)$/;

function label(text, isInput) {
  const name = shortName(text);
  if (!isInput) return element('span', { class: 'nn-unit-label nn-unit-output', text: name, title: text, 'aria-hidden': 'true' });
  const [, column, ending] = ENDING.exec(name) ?? ['', name, ''];
  const parts = [element('span', { text: column }), ...(ending ? [element('span', { class: 'nn-unit-ending', text: ending })] : [])];
  return element('span', { class: 'nn-unit-label nn-unit-input', title: text, 'aria-hidden': 'true' }, ...parts);
}
