/**
 * The network beside what it must be better than: no knowledge of the columns at all, and a linear model of them.
 */
import { element, setText } from '../../../kit/dom.js';
import { ScrollBox } from '../../../kit/scroll_box.js';
import { UNDEFINED, formatLoss, formatScore } from '../../../kit/text.js';
import { testLoss, testScore, trainLoss, trainScore } from '../../../messages/frame.js';
import { Panel } from '../panel.js';

const ABOUT =
  'All three use the same training rows, prepared and measured in the same way. If the network is no better than the linear model, you don’t need a network. Loss: lower is better. Score: higher is better.';

/** The number that the panel is about: the test loss, or the training loss without a test set. */
const telling = (losses, hasTest) => (hasTest ? losses[1] : losses[0]);

/**
 * In a sentence, whether the network is better yet. The baselines come from the simplest on.
 * @param {{name: string, train_loss: number, test_loss: number}[]} baselines @param {number[]} losses the network's, train and test
 */
export function comparedInWords(baselines, losses, hasTest) {
  const own = telling(losses, hasTest);
  if (!Number.isFinite(own)) return '';
  const beaten = baselines.filter(({ train_loss: train, test_loss: test }) => own < telling([train, test], hasTest));
  const start = `By ${hasTest ? 'test' : 'training'} loss, the network is`;
  if (beaten.length === baselines.length) return `${start} better than both.`;
  if (beaten.length === 0) return `${start} not better than either yet.`;
  return `${start} better than ${beaten[0].name}, but not than ${baselines.find((each) => !beaten.includes(each)).name}.`;
}

/** On how many rows everything is measured, where those aren't all. */
function rowsInWords({ train, test, train_shown: trainShown, test_shown: testShown }) {
  const parts = [];
  const of = (shown, all, word) => `${shown.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} ${word} rows`;
  if (trainShown < train) parts.push(of(trainShown, train, 'training'));
  if (testShown < test) parts.push(of(testShown, test, 'test'));
  return parts.length ? `Measured on ${parts.join(' and ')}, always the same ones.` : '';
}

export class ScoresPanel extends Panel {
  #run = null;
  #frame = null;
  #cells = [];

  constructor() {
    super({ id: 'scores', title: 'Compared with simple models', about: ABOUT });
    this.box.plot.remove();
    this.table = element('table', { class: 'nn-scores' });
    this.verdict = element('p', { class: 'nn-hint nn-better' });
    this.rows = element('p', { class: 'nn-hint nn-rows' });
    this.scroll = new ScrollBox('Compared with simple models', this.table, this.verdict, this.rows);
    this.box.body.append(this.scroll.root);
  }

  get drawn() {
    return this.#frame !== null;
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    const { info } = run;
    const sets = info.has_test ? ['train', 'test'] : ['train'];
    const span = String(sets.length);
    const group = (text) => element('th', { scope: 'colgroup', colspan: span, text });
    const head = element('tr', {}, element('th', { scope: 'col', rowspan: '2', text: 'Model' }), group(capital(info.loss_name)), group(capital(info.score_name)));
    const below = element('tr');
    for (let k = 0; k < 2; k++) below.append(...sets.map((text) => element('th', { scope: 'col', text })));
    const row = (name, className) => {
      const cells = Array.from({ length: 2 * sets.length }, () => element('td'));
      return { root: element('tr', { class: className }, element('th', { scope: 'row', text: capital(name) }), ...cells), cells };
    };
    const rows = [...info.table.baselines.map(({ name }) => row(name, '')), row('this network', 'nn-own')];
    info.table.baselines.forEach((each, k) => {
      this.#fill(rows[k].cells, [each.train_loss, each.test_loss], [each.train_score, each.test_score]);
    });
    this.#cells = rows.at(-1).cells;
    const caption = element('caption', { class: 'nn-unseen', text: 'Loss and score of simple models and of this network' });
    this.table.replaceChildren(caption, element('thead', {}, head, below), element('tbody', {}, ...rows.map(({ root }) => root)));
    setText(this.verdict, '');
    setText(this.rows, [rowsInWords(info.samples), ...info.undefined_score.filter(Boolean)].join(' ').trim());
  }

  draw({ frame }) {
    const first = this.#frame === null;
    this.#frame = frame;
    if (first) this.showValues();
  }

  showValues() {
    const frame = this.#frame;
    if (!frame) return;
    const { info } = this.#run;
    const losses = [trainLoss(frame), testLoss(frame)];
    this.#fill(this.#cells, losses, [trainScore(frame), testScore(frame)]);
    setText(this.verdict, comparedInWords(info.table.baselines, losses, info.has_test));
  }

  destroy() {
    super.destroy();
    this.scroll.destroy();
  }

  #fill(cells, losses, scores) {
    const { has_test: hasTest, task, undefined_score: undefinedScore } = this.#run.info;
    const kept = (values) => (hasTest ? values : values.slice(0, 1));
    const texts = [
      ...kept(losses).map(formatLoss),
      ...kept(scores).map((score, set) => (undefinedScore[set] ? UNDEFINED : formatScore(score, task !== 'regression'))),
    ];
    cells.forEach((cell, k) => setText(cell, texts[k]));
  }
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
