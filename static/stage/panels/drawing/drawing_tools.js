/**
 * The tools beside the plot while one draws: which class or value, eraser, undo, redo, clear.
 */
import { element, icon, setAttribute, setText } from '../../../kit/dom.js';
import { shortName } from '../../../kit/text.js';
import { swatch } from '../../../plot/legends.js';
import { groupColor, valueStep } from '../../../plot/markers.js';
import { MAX_CLASSES } from './drawn_points.js';

const VALUE_STEP = 0.1;
/** With more classes their names have no room. */
const MAX_NAMED = 3;

export class DrawingTools {
  /** What a new point gets: a class number, or a value. */
  target = 0;
  erasing = false;
  #classCount = 2;
  #key = '';

  /** @param {{undo: Function, redo: Function, clear: Function, change: Function}} events */
  constructor(events) {
    this.events = events;
    this.classes = element('div', { class: 'nn-draw-classes', role: 'radiogroup', 'aria-label': 'Class of new points' });
    this.more = element('button', { type: 'button', class: 'nn-draw-more', text: 'New class' });
    this.more.addEventListener('click', () => this.#addClass());
    this.value = element('input', { type: 'range', min: '-1', max: '1', step: String(VALUE_STEP), 'aria-label': 'Value of new points' });
    this.value.addEventListener('input', () => this.choose(Number(this.value.value)));
    this.output = element('output', { class: 'nn-draw-value' });
    const caption = element('span', { text: 'Value' });
    this.values = element('div', { class: 'nn-draw-values' }, caption, this.output, this.value);
    this.eraser = this.#button('eraser', 'Eraser', () => this.#setErasing(!this.erasing));
    this.undo = this.#button('undo', 'Undo', events.undo);
    this.redo = this.#button('redo', 'Redo', events.redo);
    this.clear = this.#button('clear', 'Clear all points', events.clear);
    const buttons = element('div', { class: 'nn-draw-buttons' }, this.eraser, this.undo, this.redo, this.clear);
    this.root = element('div', { class: 'nn-draw-tools', role: 'group', 'aria-label': 'Drawing tools', hidden: true });
    this.root.append(this.classes, this.more, this.values, buttons);
  }

  /** Offer what suits the data. @param {Object} info the run's @param {import('./drawn_points.js').DrawnPoints} drawn */
  update(info, drawn, theme) {
    const regression = drawn.task === 'regression';
    if (regression !== this.regression) {
      this.regression = regression;
      this.target = regression ? 1 : 0;
      this.value.value = '1';
      this.#classCount = 2;
    }
    this.classes.hidden = regression;
    this.values.hidden = !regression;
    this.#classCount = Math.max(this.#classCount, drawn.classCount, info.class_names.length);
    this.more.hidden = regression || this.#classCount >= MAX_CLASSES;
    if (regression) this.#showValue(info, theme);
    else this.#showClasses(info, theme);
    setAttribute(this.eraser, 'aria-pressed', String(this.erasing));
    this.undo.disabled = !drawn.canUndo;
    this.redo.disabled = !drawn.canRedo;
    this.clear.disabled = drawn.points.length === 0;
  }

  /** Go back to the classes that the data have. */
  forgetClasses() {
    this.#classCount = 2;
    this.target = this.regression ? this.target : Math.min(this.target, 1);
  }

  /** @param {number} target @returns {boolean} whether it is offered */
  choose(target) {
    if (!this.regression && target >= this.#classCount) return false;
    this.target = target;
    this.erasing = false;
    this.events.change();
    return true;
  }

  nameOf(index, info) {
    return info.class_names[index] ?? `class ${index}`;
  }

  #addClass() {
    this.#classCount++;
    this.choose(this.#classCount - 1);
  }

  #setErasing(erasing) {
    this.erasing = erasing;
    this.events.change();
  }

  #showClasses(info, theme) {
    const names = Array.from({ length: this.#classCount }, (_, index) => this.nameOf(index, info));
    this.classes.classList.toggle('nn-many', names.length > MAX_NAMED);
    const key = JSON.stringify([names, theme]);
    if (key !== this.#key) {
      this.#key = key;
      const focused = this.classes.contains(document.activeElement);
      this.classes.replaceChildren(...names.map((name, index) => this.#radio(name, index, theme)));
      if (focused) this.classes.querySelectorAll('input')[this.target]?.focus();
    }
    this.classes.querySelectorAll('input').forEach((input, index) => (input.checked = index === this.target));
  }

  #radio(name, index, theme) {
    const input = element('input', { type: 'radio', name: 'nnplay-draw-class', 'aria-label': name });
    input.addEventListener('change', () => this.choose(index));
    const picture = swatch({ index, isTest: false }, { task: 'multiclass' }, theme);
    return element('label', { title: name }, input, picture, element('span', { text: shortName(name) }));
  }

  #showValue(info, theme) {
    setText(this.output, this.target.toFixed(1).replace('-', '−'));
    this.output.style.setProperty('--nn-value', groupColor(valueStep(this.target, info.surface_range), info, theme.dark));
  }

  #button(name, label, onClick) {
    const button = element('button', { type: 'button', class: 'nn-button', 'aria-label': label, title: label }, icon(name));
    button.addEventListener('click', () => onClick());
    return button;
  }
}
