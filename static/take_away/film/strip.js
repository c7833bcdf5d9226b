/** What stands above the panels of a picture or a video: the epoch, and how well the network does. */
import { element, setText } from '../../kit/dom.js';
import { formatEpoch, formatLoss, formatScore } from '../../kit/text.js';
import { testLoss, testScore, trainLoss, trainScore, wholeTestScore } from '../../messages/frame.js';

export class Strip {
  #values;

  /** @param {any} info of the run */
  constructor(info) {
    const isAccuracy = info.task !== 'regression';
    const scores = (/** @type {any} */ frame) => [trainScore(frame), ...(info.has_test ? [Number.isNaN(wholeTestScore(frame)) ? testScore(frame) : wholeTestScore(frame)] : [])];
    /** @type {[string, (frame: any) => string, boolean][]} */
    const rows = [
      ['Training loss', (frame) => formatLoss(trainLoss(frame)), true],
      ['Test loss', (frame) => formatLoss(testLoss(frame)), info.has_test],
      [`${isAccuracy ? 'Accuracy' : 'R²'}${info.has_test ? ', train / test' : ''}`, (frame) => scores(frame).map((score) => formatScore(score, isAccuracy)).join(' / '), true],
    ];
    this.epoch = element('span', { class: 'nn-film-value' });
    this.#values = rows.filter(([, , isThere]) => isThere).map(([name, textOf]) => ({ name, textOf, node: element('span', { class: 'nn-film-value' }) }));
    const pair = (/** @type {string} */ name, /** @type {HTMLElement} */ value, more = '') => element('div', { class: `nn-film-pair${more}` }, element('span', { class: 'nn-film-name', text: name }), value);
    this.root = element('div', { class: 'nn-film-strip' }, pair('Epoch', this.epoch, ' nn-film-epoch'), ...this.#values.map(({ name, node }) => pair(name, node)));
  }

  /** What it says, in words. */
  get text() {
    return `epoch ${this.epoch.textContent}`;
  }

  /** @param {any} frame @param {number} epoch */
  show(frame, epoch) {
    setText(this.epoch, formatEpoch(epoch));
    for (const { node, textOf } of this.#values) setText(node, textOf(frame));
  }
}
