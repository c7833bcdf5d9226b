/**
 * The bar above the panels: what plays, how fast, where it is.
 */
import { setMarked } from '../../glossary/marked.js';
import { element, select, setAttribute, setText } from '../../kit/dom.js';
import { keepPreference, preference } from '../../kit/preferences.js';
import { formatEpoch, formatLoss, formatScore } from '../../kit/text.js';
import { epochOf, testLoss, testScore, trainLoss, trainScore } from '../../messages/frame.js';
import { BranchBar } from './branch_bar.js';
import { TimelineMarks } from './timeline_marks.js';
import { PlayButton, pictureButton, readout } from './transport_parts.js';

const EPOCHS_PER_FRAME = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** @param {number[]} steps mini-batches for each frame that are offered */
const speeds = (steps) => [
  ...steps.map((n) => ({ value: `step:${n}`, text: n === 1 ? '1 step/frame' : `${n} steps/frame` })),
  ...EPOCHS_PER_FRAME.map((n) => ({ value: `epoch:${n}`, text: speedText(n) })),
];

/** Many epochs may take longer than a frame lasts; then a frame shows what was reached. */
function speedText(epochs) {
  if (epochs === 1) return '1 epoch/frame';
  return `${epochs < 50 ? '' : 'up to '}${epochs} epochs/frame`;
}

/** @typedef {{play(): void, pause(): void, step(unit: 'step'|'epoch'): void, reset(): void, speed(speed: Object): void, scrub(frame: number): void,
 *   fork(): void, chooseBranch(name: string): void, deleteBranch(name: string): void, explain?: () => void}} Commands `explain`: where a step can be looked into */

/** @typedef {{train: string, test: string, score: (name: string, hasTest: boolean) => string}} Words for losses, and for the score by its name */
/** @type {Words} */
const WORDS = { train: 'Training loss', test: 'Test loss', score: (name, hasTest) => (hasTest ? `${name}, train / test` : name) };

export class Transport {
  /** Whether the visitor chose the speed, now or before. */
  #isChosen = false;
  #epochText = '';

  #commands;
  #stepsPerFrame;
  #words;

  /** @param {Commands} commands @param {number[]} stepsPerFrame mini-batches for each frame that the speed offers @param {Words} words */
  constructor(commands, stepsPerFrame = [1], words = WORDS) {
    this.#commands = commands;
    this.#words = words;
    this.#stepsPerFrame = stepsPerFrame;
    this.play = new PlayButton(commands);
    const step = pictureButton('Step', 'step', 'nn-button', () => commands.step('step'), 'Step: one mini-batch');
    const stepEpoch = pictureButton('Step epoch', 'stepEpoch', 'nn-button', () => commands.step('epoch'), 'Step epoch: once through the training data');
    const reset = pictureButton('Reset', 'reset', 'nn-button', () => commands.reset(), 'Reset: start again from the untrained network. Undo (Ctrl+Z) brings this run back');
    const chosen = preference('speed', '');
    const offered = speeds(stepsToOffer(stepsPerFrame, chosen));
    this.#isChosen = offered.some(({ value }) => value === chosen);
    this.speed = select('Speed', offered, this.#isChosen ? chosen : 'epoch:1', (value) => {
      this.#isChosen = true;
      keepPreference('speed', value);
      this.#setSpeed(value);
    });
    this.#setSpeed(this.speed.value);
    this.timeline = element('input', { type: 'range', min: '0', max: '0', step: '1', value: '0', class: 'nn-timeline', 'aria-label': 'Timeline' });
    this.timeline.addEventListener('input', () => commands.scrub(Number(this.timeline.value)));
    this.marks = new TimelineMarks();
    /** Beside the timeline there is room for one thing more. */
    this.timelineRow = element('div', { class: 'nn-timeline-row' }, element('div', { class: 'nn-timeline-box' }, this.timeline, this.marks.root));
    this.branches = new BranchBar(commands);
    this.epoch = readout('Epoch', 'nn-epoch');
    this.train = readout(words.train);
    this.test = readout(words.test);
    this.score = readout('Score', 'nn-score');
    const { explain } = commands;
    const explainer = explain ? [pictureButton('Explain this step', 'explain', 'nn-button nn-explain', explain, 'Explain this step: every number of the next one, forward and backward (E)')] : [];
    const buttons = element('div', { class: 'nn-buttons' }, this.play.root, step, stepEpoch, reset, this.speed, ...this.branches.nodes, ...explainer);
    const readouts = element('div', { class: 'nn-readouts' }, ...[this.epoch, this.train, this.test, this.score].map(({ root }) => root));
    this.root = element('div', { class: 'nn-transport', role: 'group', 'aria-label': 'Training' }, buttons, this.timelineRow, readouts);
  }

  /** Choose one of the speeds in epochs. @param {number} place counted from 1, the slowest */
  chooseSpeed(place) {
    this.speed.value = `epoch:${EPOCHS_PER_FRAME[place - 1]}`;
    this.speed.dispatchEvent(new Event('change'));
  }

  /** Where the visitor has chosen none, and an epoch is short, play at so many epochs a frame. @param {number} epochs */
  suggestSpeed(epochs) {
    if (!this.#isChosen && this.#stepsPerFrame.length === 1) this.#setSpeed(`epoch:${epochs}`);
  }

  setRun({ info }) {
    this.isAccuracy = info.task !== 'regression';
    this.hasTest = info.has_test;
    this.stepsPerEpoch = info.steps_per_epoch;
    const name = this.#words.score(info.score_name, this.hasTest);
    setMarked(this.score.label, name.charAt(0).toUpperCase() + name.slice(1));
    setAttribute(this.score.root, 'title', info.undefined_score.filter(Boolean).join(' '));
    this.test.root.hidden = !this.hasTest;
    if (!this.#isChosen && this.#stepsPerFrame.length > 1) this.#setSpeed(fittingSpeed(this.#stepsPerFrame, info.steps_per_epoch));
  }

  #setSpeed(value) {
    const [unit, amount] = value.split(':');
    this.speed.value = value;
    this.#commands.speed({ unit, amount: Number(amount) });
  }

  /** @param {import('../player/player.js').Player} player */
  update(player) {
    this.play.show(player.playing);
    const { timeline } = player;
    const frame = timeline.shownFrame;
    if (!frame) return;
    this.#epochText = formatEpoch(epochOf(frame, this.stepsPerEpoch));
    setText(this.epoch.value, this.#epochText);
    setText(this.train.value, formatLoss(trainLoss(frame)));
    setText(this.test.value, formatLoss(testLoss(frame)));
    const scores = [formatScore(trainScore(frame), this.isAccuracy)];
    if (this.hasTest) scores.push(formatScore(testScore(frame), this.isAccuracy));
    setText(this.score.value, scores.join(' / '));
    this.#showPosition(player.position, timeline.furthest);
    this.marks.update(player.state, timeline.furthest);
    this.branches.update(player.state);
    setAttribute(this.root, 'data-branches', player.state.branches.length > 1 ? 'several' : 'one');
  }

  #showPosition(position, furthest) {
    const slider = this.timeline;
    const max = Math.max(1, furthest);
    setAttribute(slider, 'max', String(max));
    if (slider.value !== String(position)) slider.value = String(position);
    const share = String(position / max);
    if (slider.style.getPropertyValue('--nn-share') !== share) slider.style.setProperty('--nn-share', share);
    setAttribute(slider, 'aria-valuetext', `epoch ${this.#epochText}`);
  }
}

/**
 * Mini-batches for each frame that are on offer: a link may ask for others than the page's own.
 * @param {number[]} steps the page's @param {string} chosen speed, or an empty text @returns {number[]}
 */
export function stepsToOffer(steps, chosen) {
  const asked = /^step:(\d+)$/.exec(chosen);
  return asked ? [...new Set([...steps, Number(asked[1])])].sort((a, b) => a - b) : steps;
}

/**
 * A speed that suits short and long epochs: a few frames for one of 40 steps, sixty for one of 6000. A frame takes
 * about as long as a hundred steps of MNIST: with fewer, most of the time would go into drawing.
 * @param {number[]} steps offered for each frame @returns {string}
 */
export function fittingSpeed(steps, stepsPerEpoch) {
  const wanted = Math.sqrt(2 * stepsPerEpoch);
  const nearest = steps.reduce((best, n) => (Math.abs(Math.log(n / wanted)) < Math.abs(Math.log(best / wanted)) ? n : best));
  return nearest < stepsPerEpoch ? `step:${nearest}` : 'epoch:1';
}
