/** The bar above the panels of a replay page: what plays, how fast, where it is. */
import { setMarked } from '../glossary/marked.js';
import { element, select, setAttribute, setText } from '../kit/dom.js';
import { formatEpoch, formatLoss, formatScore } from '../kit/text.js';
import { epochOf, testLoss, testScore, trainLoss, trainScore } from '../messages/frame.js';
import { TimelineMarks } from '../stage/controls/timeline_marks.js';
import { RATES } from './replay_player.js';
import { PlayButton, pictureButton, readout } from '../stage/controls/transport_parts.js';

/** @typedef {{play(): void, pause(): void, reset(): void, rate(rate: number): void, scrub(frame: number): void, help(): void}} Commands */

export class ReplayTransport {
  #commands;

  /** @param {Commands} commands @param {number} rate frames a second to begin with */
  constructor(commands, rate) {
    this.#commands = commands;
    this.play = new PlayButton(commands);
    const back = pictureButton('Back to the start', 'reset', 'nn-button', () => commands.reset(), 'Back to the start: the untrained network (R)');
    const offered = RATES.map((each) => ({ value: String(each), text: `${each} frames/s` }));
    this.speed = select('Speed', offered, String(rate), (value) => commands.rate(Number(value)));
    commands.rate(rate);
    this.timeline = element('input', { type: 'range', min: '0', max: '0', step: '1', value: '0', class: 'nn-timeline', 'aria-label': 'Timeline' });
    this.timeline.addEventListener('input', () => commands.scrub(Number(this.timeline.value)));
    this.marks = new TimelineMarks();
    const row = element('div', { class: 'nn-timeline-row' }, element('div', { class: 'nn-timeline-box' }, this.timeline, this.marks.root));
    this.epoch = readout('Epoch', 'nn-epoch');
    this.train = readout('Training loss');
    this.test = readout('Test loss');
    this.score = readout('Score', 'nn-score');
    const help = pictureButton('Help and keys', 'info', 'nn-button', () => commands.help(), 'Help and keys (?)');
    const buttons = element('div', { class: 'nn-buttons' }, this.play.root, back, this.speed, help);
    const readouts = element('div', { class: 'nn-readouts' }, ...[this.epoch, this.train, this.test, this.score].map(({ root }) => root));
    this.root = element('div', { class: 'nn-transport', role: 'group', 'aria-label': 'Replay' }, buttons, row, readouts);
  }

  /** Choose one of the rates. @param {number} place counted from 1, the slowest */
  chooseSpeed(place) {
    const rate = RATES[Math.min(place, RATES.length) - 1];
    this.speed.value = String(rate);
    this.#commands.rate(rate);
  }

  setRun({ info }) {
    this.isAccuracy = info.task !== 'regression';
    this.hasTest = info.has_test;
    this.stepsPerEpoch = info.steps_per_epoch;
    const name = this.hasTest ? `${info.score_name}, train / test` : info.score_name;
    setMarked(this.score.label, name.charAt(0).toUpperCase() + name.slice(1));
    setAttribute(this.score.root, 'title', info.undefined_score.filter(Boolean).join(' '));
    this.test.root.hidden = !this.hasTest;
  }

  /** @param {import('./replay_player.js').ReplayPlayer} player */
  update(player) {
    this.play.show(player.playing);
    const { timeline, position } = player;
    const frame = timeline.shownFrame;
    if (!frame) return;
    const epoch = formatEpoch(epochOf(frame, this.stepsPerEpoch));
    setText(this.epoch.value, epoch);
    setText(this.train.value, formatLoss(trainLoss(frame)));
    setText(this.test.value, formatLoss(testLoss(frame)));
    const scores = [formatScore(trainScore(frame), this.isAccuracy)];
    if (this.hasTest) scores.push(formatScore(testScore(frame), this.isAccuracy));
    setText(this.score.value, scores.join(' / '));
    const max = Math.max(1, timeline.furthest);
    setAttribute(this.timeline, 'max', String(max));
    if (this.timeline.value !== String(position)) this.timeline.value = String(position);
    this.timeline.style.setProperty('--nn-share', String(position / max));
    setAttribute(this.timeline, 'aria-valuetext', `epoch ${epoch}`);
    this.marks.update(player.state, timeline.furthest);
  }
}
