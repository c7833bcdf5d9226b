/**
 * The mistakes panel: the images that the network is most sure of and wrong about, with what it takes them for.
 */
import { element, setText } from '../../../kit/dom.js';
import { classColor } from '../../../kit/palette.js';
import { Panel } from '../panel.js';
import { ImageSheet, inkTable } from './image_painter.js';

const ABOUT =
  'Test digits that the network gets wrong, the most confident mistakes first. Each shows the true digit, the predicted one and its probability.';
const NO_ROW = 0xffffffff;

export class MistakesPanel extends Panel {
  #run = null;
  #theme = null;
  #frame = null;
  #table = null;
  #tiles = [];

  constructor() {
    super({ id: 'mistakes', title: 'Mistakes', about: ABOUT });
    this.count = element('span', { class: 'nn-mistake-count' });
    this.box.controls.append(this.count);
    this.list = element('ul', { class: 'nn-mistakes', 'aria-label': 'Worst mistakes' });
    this.none = element('p', { class: 'nn-hint', hidden: true });
    this.box.plot.classList.add('nn-mistakes-box');
    this.box.plot.tabIndex = 0; // it scrolls
    this.box.plot.append(this.none, this.list);
  }

  get needs() {
    return ['mistakes'];
  }

  get drawn() {
    return this.#frame !== null;
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    for (const tile of this.#tiles) Object.assign(tile, { key: '', row: -1 });
    const kind = run.info.has_test ? 'test' : 'training';
    setText(this.none, `All of these ${kind} digits are recognised.`);
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#table = inkTable(theme);
    for (const tile of this.#tiles) Object.assign(tile, { key: '', row: -1 });
    this.#update();
  }

  draw({ frame, isNew }) {
    if (isNew && this.brings(frame.mistake_rows)) this.#frame = frame;
  }

  showValues() {
    this.#update();
  }

  #update() {
    if (!this.#frame || !this.#theme) return;
    const { mistake_rows: rows, mistake_counts: counts, mistake_classes: classes, mistake_stated: stated, mistake_images: images } = this.#frame;
    setText(this.count, `${counts[0].toLocaleString('en')} of ${counts[1].toLocaleString('en')} wrong`);
    while (this.#tiles.length < rows.length) this.#addTile();
    this.none.hidden = counts[0] > 0;
    this.#tiles.forEach((tile, k) => {
      tile.root.hidden = rows[k] === NO_ROW;
      if (!tile.root.hidden) this.#fill(tile, k, rows[k], classes.subarray(2 * k, 2 * k + 2), stated[2 * k + 1], images);
    });
  }

  #addTile() {
    const canvas = element('canvas', { 'aria-hidden': 'true' });
    const truth = element('span', { class: 'nn-truth' });
    const taken = element('strong');
    const sure = element('span', { class: 'nn-sure' });
    const words = element('span', { class: 'nn-unseen' });
    const visible = element('span', { class: 'nn-verdict', 'aria-hidden': 'true' }, truth, element('span', { class: 'nn-arrow', text: '→' }), taken, sure);
    const root = element('li', {}, canvas, visible, words);
    this.#tiles.push({ root, sheet: new ImageSheet(canvas), truth, taken, sure, words, key: '', row: -1 });
    this.list.append(root);
  }

  #fill(tile, k, row, [truth, taken], stated, images) {
    const { class_names: names, image_shape: shape } = this.#run.info;
    const pixels = shape[0] * shape[1];
    const share = Number.isNaN(stated) ? '' : `${Math.round(100 * stated)} %`;
    const key = `${row} ${taken} ${share}`;
    if (key === tile.key) return;
    if (row !== tile.row) tile.sheet.paint(images.subarray(k * pixels, (k + 1) * pixels), 1, shape, 1, this.#table);
    Object.assign(tile, { key, row });
    setText(tile.truth, names[truth]);
    setText(tile.taken, names[taken]);
    setText(tile.sure, share);
    setText(tile.words, `${names[truth]}, predicted as ${names[taken]}${share && `, ${share}`}`);
    tile.root.title = tile.words.textContent;
    tile.root.style.setProperty('--nn-taken', classColor(taken, this.#theme.dark));
  }
}
