/**
 * The network diagram: inputs, units and outputs as live maps, weights as edges, biases as dots. A click opens a unit's
 * card, where its weights and bias are edited; + and − change the architecture.
 */
import { element, icon, setAttribute, setText, svg } from '../../../kit/dom.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { formatParameter } from '../../../kit/text.js';
import { isProjected } from '../../../kit/theme.js';
import { NetworkShape } from '../../../network/network_shape.js';
import { frameToRedo, frameToUndo, nextToUndo, undoKey } from '../../player/undo.js';
import { Panel } from '../panel.js';
import { Architecture } from './architecture.js';
import { edgeAt, layOut } from './layout.js';
import { DiagramPainter, dotAt } from './painter.js';
import { UnitButtons } from './unit_buttons.js';
import { MAP_SIDE, UnitCard } from './unit_card.js';
import { UnitReading } from './unit_reading.js';

const ABOUT =
  'Each square shows where on the plane a unit is positive (orange) or negative (blue). An orange edge is a positive weight, a blue one negative; the thicker, the stronger. The dot in a square is its bias, in the same colours.';
const CLICK = ' Click one to see and edit it.';
const CLICK_RECORDED = ' Click one to see it up close.';
const FEW_EDGES = ' Only the strongest edges are drawn.';
const EDGE_REACH = 6;

export class DiagramPanel extends Panel {
  #shape = null;
  #theme = null;
  #frame = null;
  #layout = null;
  #size = null;
  #hover = null;
  #gesture = null;
  /** The point that goes through. */
  #through = null;

  /** @param {import('../panel.js').Services} services */
  constructor({ player, propose, lookAtUnit, isRecorded = false }) {
    const about = ABOUT + (isRecorded ? CLICK_RECORDED : CLICK);
    super({ id: 'network', title: 'Network', about, onLarge: (large) => this.#setLarge(large) });
    this.about = about;
    this.isRecorded = isRecorded;
    this.player = player;
    this.lookAtUnit = lookAtUnit;
    this.box.plot.remove();
    this.edges = element('canvas', { class: 'nn-diagram-canvas', 'aria-hidden': 'true' });
    this.pictures = element('canvas', { class: 'nn-diagram-canvas', 'aria-hidden': 'true' });
    this.line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    this.mark = svg({ class: 'nn-diagram-mark', 'aria-hidden': 'true' }, this.line);
    this.counters = element('div', { class: 'nn-diagram-counters' });
    this.content = element('div', { class: 'nn-diagram-content' }, this.counters, this.edges, this.mark, this.pictures);
    this.units = new UnitButtons(this.content, (unit, event) => this.#clickUnit(unit, event));
    this.scroller = element('div', { class: 'nn-diagram' }, this.content);
    this.tip = element('div', { class: 'nn-diagram-tip', 'aria-hidden': 'true', hidden: true });
    this.box.body.append(this.scroller, this.tip);
    this.painter = new DiagramPainter(this.edges, this.pictures);
    this.reading = new UnitReading(this.content);
    this.card = new UnitCard({
      onEdit: isRecorded ? null : (index, value) => this.#edit(index, value),
      onGesture: () => (this.#gesture = null),
      onClose: () => this.#close(),
    });
    this.#makeControls(propose);
    this.#listen();
  }

  get nodes() {
    return [this.root, this.card.root];
  }

  get draws() {
    const side = Math.max(this.#layout?.size ?? 0, this.card.unit ? MAP_SIDE : 0);
    return { maps: Math.max(1, Math.round(side * pixelRatio())) };
  }

  get drawn() {
    return this.#frame !== null && this.#layout !== null;
  }

  setRun(run) {
    this.#shape = new NetworkShape(run.info);
    this.#frame = null;
    this.#hover = null;
    this.#gesture = null;
    this.card.setRun(run.info, this.#shape);
    this.painter.setRun(run, this.#shape);
    this.reading.setRun(run, this.#shape);
    this.units.setRun(this.#shape);
    this.architecture?.setRun(run.info);
    const many = this.#shape.sizes.some((units, k) => k > 0 && units * this.#shape.sizes[k - 1] > 400);
    this.box.setAbout(many ? this.about + FEW_EDGES : this.about);
    this.#layOut();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.painter.setTheme(theme);
    this.reading.setTheme(theme);
    this.#layOut();
  }

  draw({ frame, isNew, state, point, unit }) {
    if (isNew) {
      this.#frame = frame;
      this.#paint();
    }
    this.#through = point;
    this.reading.show(point, this.#frame);
    this.units.lookAt(unit);
    enable(this.undo, frameToUndo(this.player) !== null, 'Undo the last edit (Ctrl+Z)', 'No edit to undo');
    enable(this.redo, frameToRedo(this.player) !== null, 'Redo the next edit (Ctrl+Shift+Z)', 'No edit to redo');
    this.history.hidden = this.isRecorded || state.edits.length === 0;
  }

  showValues() {
    if (!this.#frame) return;
    this.#showTip();
    this.units.describe((unit) => this.#unitText(unit));
    if (!this.card.unit) return;
    this.card.showValues(this.#frame);
    this.card.complain(this.player.state.refusal);
  }

  destroy() {
    super.destroy();
    this.observer.disconnect();
    this.listeners.abort();
  }

  #makeControls(propose) {
    this.undo = iconButton('Undo edit', 'undo', () => this.#press('undo', 'edit'));
    this.redo = iconButton('Redo edit', 'redo', () => this.#press('redo', 'edit'));
    this.history = element('div', { class: 'nn-edits', hidden: true }, element('span', { text: 'Edited by hand' }), this.undo, this.redo);
    const layers = element('div', { class: 'nn-diagram-layers' });
    this.box.controls.append(this.history, layers);
    this.architecture = this.isRecorded ? null : new Architecture(layers, this.counters, propose);
  }

  #listen() {
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    this.observer = new ResizeObserver(([{ contentRect }]) => {
      this.#size = { width: Math.floor(contentRect.width), height: Math.floor(contentRect.height) };
      this.#layOut();
    });
    this.observer.observe(this.scroller);
    this.scroller.addEventListener('scroll', () => this.#layout && this.#showMore(), { passive: true });
    this.content.addEventListener('pointermove', (event) => this.#point(event));
    this.content.addEventListener('pointerleave', () => this.#point(null));
    this.content.addEventListener('focusin', ({ target }) => {
      this.#lookAt(this.units.unitOf(target));
      if (this.#frame) this.units.describe((unit) => this.#unitText(unit));
    });
    this.content.addEventListener('focusout', () => this.#lookAt(null));
    this.content.addEventListener('click', (event) => this.#clickEdge(event));
    document.addEventListener('keydown', (event) => this.#onKey(event), { signal });
  }

  /** Enlarged, the panel has its card beside it: where the card is otherwise, nothing can be reached. */
  #setLarge(large) {
    const { root } = this.card;
    root.inert = false;
    if (large) this.box.body.append(root);
    else this.root.after(root);
    this.#layOut();
  }

  #layOut() {
    if (!this.#shape || !this.#size || this.#size.width < 40) return;
    this.#layout = layOut(this.#shape.sizes, { ...this.#size, names: this.units.namesRoom, large: this.box.large, coarse: isProjected() || window.matchMedia('(pointer: coarse)').matches, projected: isProjected() });
    const { width, height } = this.#layout;
    Object.assign(this.content.style, { width: `${width}px`, height: `${height}px` });
    this.painter.setLayout(this.#layout);
    this.units.setLayout(this.#layout);
    this.reading.setLayout(this.#layout);
    this.architecture?.setLayout(this.#layout);
    // Inputs and outputs are at half the height: they are to be seen first.
    if (height > this.#size.height) this.scroller.scrollTop = (height - this.#size.height) / 2;
    this.#showMore();
    this.#point(null);
    this.#paint();
  }

  /** Say on which sides there is more to scroll to. */
  #showMore() {
    const { scrollLeft } = this.scroller;
    const more = [scrollLeft > 2 && 'left', scrollLeft + this.#size.width < this.#layout.width - 2 && 'right'];
    setAttribute(this.box.body, 'data-more', more.filter(Boolean).join(' '));
  }

  #paint() {
    if (!this.#frame || !this.#layout || !this.#theme) return;
    this.painter.paint(this.#frame);
    if (this.card.unit) this.card.paint(this.painter);
  }

  // -- pointing at things

  /** What is under the pointer: a unit, its bias, an edge, or nothing. */
  #at(event) {
    const shape = this.#shape;
    const box = this.content.getBoundingClientRect();
    const place = { x: event.clientX - box.left, y: event.clientY - box.top };
    const unit = this.units.unitOf(event.target);
    if (unit) {
      const dot = dotAt(this.#layout, this.#layout.xs[unit.layer], this.#layout.ys[unit.layer][unit.unit]);
      const onDot = shape.hasBias && unit.layer > 0 && Math.hypot(place.x - dot.x, place.y - dot.y) < dot.radius + 4;
      return { ...unit, place, index: onDot ? shape.bias(unit.layer, unit.unit) : null };
    }
    if (event.target.closest('button')) return null;
    const edge = edgeAt(this.#layout, place.x, place.y, EDGE_REACH);
    return edge && { layer: edge.layer, unit: edge.to, place, edge, index: shape.weight(edge.layer, edge.from, edge.to) };
  }

  #point(event) {
    this.#hover = event && this.#layout && event.pointerType !== 'touch' ? this.#at(event) : null;
    const edge = this.#hover?.edge;
    this.#lookAt(edge ? null : this.#hover);
    this.content.classList.toggle('nn-on-edge', Boolean(edge));
    this.line.style.display = edge ? '' : 'none';
    if (edge) {
      const { xs, ys, size } = this.#layout;
      const ends = { x1: xs[edge.layer - 1] + size / 2, y1: ys[edge.layer - 1][edge.from], x2: xs[edge.layer] - size / 2, y2: ys[edge.layer][edge.to] };
      for (const [name, value] of Object.entries(ends)) this.line.setAttribute(name, String(value));
    }
    this.#showTip();
  }

  #showTip() {
    const at = this.#hover;
    this.tip.hidden = !at || !this.#frame;
    if (this.tip.hidden) return;
    setText(this.tip, this.#tipText(at));
    const x = at.place.x - this.scroller.scrollLeft;
    const y = at.place.y - this.scroller.scrollTop;
    const left = Math.max(4, Math.min(x + 14, this.#size.width - this.tip.offsetWidth - 4));
    const below = y + 18 + this.tip.offsetHeight < this.#size.height;
    this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(below ? y + 18 : y - 12 - this.tip.offsetHeight)}px)`;
  }

  #tipText({ layer, unit, edge }) {
    const shape = this.#shape;
    const value = (index) => formatParameter(this.#frame.parameters[index]);
    if (edge) return `${shape.shortName(layer - 1, edge.from)} → ${shape.shortName(layer, unit)}: weight ${value(shape.weight(layer, edge.from, unit))}`;
    const text = this.#unitText({ layer, unit });
    return text ? `${shape.name(layer, unit)}: ${text}` : shape.name(layer, unit);
  }

  /** Its bias, and what it makes of the point that goes through. */
  #unitText({ layer, unit }) {
    const { sums, layers, inputs, outputs } = this.#through ?? {};
    const a = sums && [inputs, ...layers, outputs][layer]?.[unit];
    const through = a === undefined ? '' : layer > 0 ? `z ${formatParameter(sums[layer - 1][unit])} → a ${formatParameter(a)}` : formatParameter(a);
    return [this.#biasText({ layer, unit }), through].filter(Boolean).join(', ');
  }

  /** Let other panels show a hidden unit, too. */
  #lookAt(unit) {
    const isHidden = unit && unit.layer > 0 && unit.layer < this.#shape.last;
    this.lookAtUnit(isHidden ? { layer: unit.layer, unit: unit.unit } : null);
  }

  #biasText({ layer, unit }) {
    const shape = this.#shape;
    return layer > 0 && shape.hasBias ? `bias ${formatParameter(this.#frame.parameters[shape.bias(layer, unit)])}` : '';
  }

  // -- the card

  #clickUnit(unit, event) {
    const index = event.detail > 0 ? this.#at(event)?.index : null; // a key press has no place
    const isOpen = this.card.unit?.layer === unit.layer && this.card.unit.unit === unit.unit;
    if (isOpen && index === null) this.#close();
    else this.#open(unit, index);
  }

  #clickEdge(event) {
    if (event.target.closest('button') || !this.#layout) return;
    const at = this.#at(event);
    if (at?.edge) this.#open({ layer: at.layer, unit: at.unit }, at.index);
    else if (this.card.unit) this.#close();
  }

  #open(unit, index) {
    this.card.open(unit);
    this.units.choose(unit);
    this.painter.choose(unit);
    this.#paint();
    if (this.#frame) this.card.showValues(this.#frame);
    if (index !== null && index !== undefined) this.card.focus(index);
  }

  #close() {
    const { unit } = this.card;
    const held = this.card.root.contains(document.activeElement);
    this.card.close();
    this.units.choose(null);
    this.painter.choose(null);
    this.#paint();
    if (unit && held) this.units.focus(unit);
  }

  // -- editing

  #edit(index, value) {
    const { player } = this;
    const { shown } = player.timeline;
    const gesture = this.#gesture;
    const goesOn = gesture?.index === index && (shown === gesture.base || shown === gesture.base + 1);
    if (!goesOn) this.#gesture = { index, base: shown };
    player.edit(this.#gesture.base, index, value, performance.now());
  }

  #onKey(event) {
    const which = this.isRecorded ? null : undoKey(event);
    if (!which) return;
    const writing = event.target.closest?.('input, textarea, [contenteditable]');
    if (writing && !this.card.root.contains(writing)) return;
    if (nextToUndo(this.player, which) !== 'edit') return;
    event.preventDefault();
    if (writing) writing.blur();
    this.#press(which);
  }

  /** Undo or redo, once an edit that is under way has had its answer. @param {'undo'|'redo'} which @param {'edit'} [only] */
  #press(which, only) {
    this.#gesture = null;
    this.player.presses.press(which, performance.now(), only);
  }
}

function iconButton(name, picture, onClick) {
  const button = element('button', { type: 'button', class: 'nn-icon-button', 'aria-label': name }, icon(picture));
  button.addEventListener('click', () => button.getAttribute('aria-disabled') !== 'true' && onClick());
  return button;
}

function enable(button, enabled, title, reason) {
  setAttribute(button, 'aria-disabled', String(!enabled));
  setAttribute(button, 'title', enabled ? title : reason);
}
