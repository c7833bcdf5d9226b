/** Where two lanes disagree: a map of how far apart their answers are. */
import { element, select, setText } from '../../kit/dom.js';
import { laneColor } from '../../kit/palette.js';
import { formatShort } from '../../kit/text.js';
import { areComparable, differenceOf, farthestApart } from '../../plot/difference.js';
import { DifferencePainter, differenceText } from '../../plot/difference_painter.js';
import { PanelBox } from '../../stage/panels/panel_box.js';
import { DASHES } from '../shared/lane_look.js';

const ABOUT = {
  classes: 'Full colour: the two lanes name different classes there. Pale: the same class, but they are not equally sure. Blank: they agree.',
  curves: 'Both lanes’ curves, each in its lane’s colour and dash.',
  values: 'The stronger the colour, the farther apart the two lanes’ predictions are. Blank: they agree.',
};
const OTHER_DATA = 'These two lanes learn from different data, so their answers can’t be compared place by place.';

export class DifferencePanel {
  #race = null;
  #theme = null;
  #pair = [0, 1];
  #canvas = element('canvas', { class: 'nn-difference-canvas', 'aria-hidden': 'true' });
  #painter = new DifferencePainter();

  /** @param {() => void} redraw */
  constructor(redraw) {
    this.box = new PanelBox({ id: 'difference', title: 'Where they disagree', about: ABOUT.classes });
    this.chosen = [0, 1].map((place) => select(place ? 'Second lane' : 'First lane', [], '', (value) => {
      const other = this.#pair[1 - place];
      // Two lanes are two: whoever takes the other's gives its own.
      if (Number(value) === other) this.#pair[1 - place] = this.#pair[place];
      this.#pair[place] = Number(value);
      this.#showPair();
      redraw();
    }));
    this.box.controls.append(this.chosen[0], element('span', { text: 'and', 'aria-hidden': 'true' }), this.chosen[1]);
    this.picture = element('div', { class: 'nn-small-map', role: 'img' }, this.#canvas);
    this.words = element('p', { class: 'nn-note nn-difference-words', role: 'status' });
    this.box.plot.replaceWith(this.picture);
    this.box.body.after(this.words);
  }

  get root() {
    return this.box.root;
  }

  /** The two lanes that are looked at. @returns {number[]} */
  get pair() {
    return this.#pair;
  }

  setRun(race) {
    this.#race = race;
    const { lanes } = race.info;
    if (Math.max(...this.#pair) >= lanes.length) this.#pair = [0, 1];
    for (const node of this.chosen) node.replaceChildren(...lanes.map(({ name }, k) => element('option', { value: String(k), text: name })));
    this.#showPair();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#painter.setTheme(theme);
  }

  /** @param {import('../../stage/pictures/pictures.js').Drawn[]} frames of all lanes, with their pictures @param {boolean} isReadable whether words may change now */
  draw(frames, isReadable) {
    if (!this.#race || !this.#theme) return;
    const [one, two] = this.#pair.map((k) => this.#race.info.lanes[k].info);
    const comparable = areComparable(one, two);
    this.picture.hidden = !comparable;
    if (!comparable) {
      setText(this.words, OTHER_DATA);
      return;
    }
    if (one.input_names.length === 1) {
      this.#drawCurves(this.#pair.map((k) => /** @type {any} */ (frames[k])), one, isReadable);
      return;
    }
    const isRegression = one.task === 'regression';
    const difference = differenceOf(/** @type {any} */ (frames[this.#pair[0]]), /** @type {any} */ (frames[this.#pair[1]]), one.task, one.class_names.length);
    this.#paint(difference, isRegression);
    if (!isReadable) return;
    setText(this.words, differenceText(difference, isRegression));
  }

  destroy() {
    this.box.destroy();
  }

  /** Of a single input both curves, in their lanes' colours and dashes. @param {any[]} frames @param {any} info @param {boolean} isReadable */
  #drawCurves(frames, info, isReadable) {
    const canvas = this.#canvas;
    const side = Math.max(120, Math.round(this.picture.clientWidth * this.#theme.ratio));
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, side, side);
    const [, [bottom, top]] = info.domain;
    frames.forEach(({ curve, plot: { columns } }, place) => {
      const lane = this.#pair[place];
      context.beginPath();
      for (let k = 0; k < columns; k++) context.lineTo((k / (columns - 1)) * side, side - ((curve[k] - bottom) / (top - bottom)) * side);
      context.setLineDash(DASHES[lane].map((length) => length * this.#theme.ratio));
      context.lineWidth = 2 * this.#theme.ratio;
      context.strokeStyle = laneColor(lane, this.#theme.dark);
      context.stroke();
    });
    if (!isReadable) return;
    const { at, apart } = farthestApart(frames[0], frames[1]);
    setText(this.words, `Farthest apart at ${info.input_names[0]} = ${formatShort(at)}: by ${formatShort(apart)}.`);
  }

  #showPair() {
    this.chosen.forEach((node, place) => (node.value = String(this.#pair[place])));
    const [one, two] = this.#pair.map((k) => this.#race.info.lanes[k]);
    this.picture.setAttribute('aria-label', `Where lanes ${one.name} and ${two.name} disagree, over the plane`);
    this.box.setAbout(one.info.input_names.length === 1 ? ABOUT.curves : one.info.task === 'regression' ? ABOUT.values : ABOUT.classes);
  }

  /** @param {import('../../plot/difference.js').Difference} difference @param {boolean} isRegression */
  #paint(difference, isRegression) {
    const side = Math.max(difference.columns, 240);
    if (this.#canvas.width !== side) this.#canvas.width = this.#canvas.height = side;
    this.#painter.paint(this.#canvas.getContext('2d'), difference, isRegression, { left: 0, top: 0, width: side, height: side });
  }
}
