/**
 * The accuracy panel: how many of the samples are recognised, in training and in the test, as time goes on. Where frames
 * measure only a part of the test set, rings show the whole of it at the end of each epoch.
 */
import { element, setText } from '../../../kit/dom.js';
import { curveColors } from '../../../kit/palette.js';
import { formatScore } from '../../../kit/text.js';
import { testScore, trainScore } from '../../../messages/frame.js';
import { mapX, mapY } from '../../../plot/plot_frame.js';
import { CurvePanel } from './curve_panel.js';

const ABOUT = 'Share of the digits that are recognised. Guessing gets one in ten right. Solid: training digits; dashed: test digits. The test curve is the one that counts: the network never trained on those digits.';
/** Where the axis may begin. */
const FLOORS = [0.95, 0.9, 0.8, 0.6, 0.4, 0];
/** Share of the lowest scores that may lie below it. */
const LEFT_OUT = 0.12;
const RING_RADIUS = 3.4;

export class AccuracyPanel extends CurvePanel {
  #rings = [];

  constructor() {
    super({ id: 'accuracy', title: 'Accuracy', about: ABOUT, left: 56, measure: 'score', columns: ['trainScore', 'testScore'] });
    this.note = element('p', { class: 'nn-note', hidden: true });
    this.box.head.append(this.note);
  }

  setRun(run) {
    super.setRun(run);
    this.note.hidden = !this.#inPart;
  }

  get axisName() {
    return 'accuracy';
  }

  get hover() {
    return 'accuracy %{y:.1%}';
  }

  valuesOf(frame) {
    return [trainScore(frame), testScore(frame)];
  }

  formatValue(score) {
    return formatScore(score, true);
  }

  curvesChanged() {
    this.#rings = this.#inPart ? ringsOf(this.timeline) : [];
  }

  heights() {
    const floor = floorOf(this.allCurves.flatMap(({ y }) => y));
    return [floor, 1 + 0.02 * (1 - floor)];
  }

  refineLayout({ yaxis }) {
    yaxis.tickformat = '.0%';
  }

  showValues(frame) {
    super.showValues(frame);
    if (this.#inPart) setText(this.note, this.#noteText());
  }

  /** Whether frames measure only a part of the test set. */
  get #inPart() {
    const { test, test_shown: shown } = this.run.info.samples;
    return shown < test;
  }

  #noteText() {
    const { train_shown: train, test_shown: test, test: all } = this.run.info.samples;
    const last = this.#rings.filter(({ epoch }) => epoch <= this.epoch + 1e-9).at(-1);
    const number = (n) => n.toLocaleString('en');
    const measured = `Curves: ${number(train)} training and ${number(test)} test digits.`;
    return last && last.epoch > 0 ? `${measured} All ${number(all)}: ${formatScore(last.score, true)} after epoch ${number(last.epoch)}.` : measured;
  }

  paintMore() {
    const { context, mapping } = this.plot;
    context.lineWidth = 1.6 * mapping.scale;
    context.strokeStyle = curveColors(this.theme.dark)[1];
    context.fillStyle = this.theme.background;
    for (const { epoch, score } of this.#rings) {
      context.beginPath();
      context.arc(mapX(this.plot, epoch), mapY(this.plot, score), RING_RADIUS * mapping.scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }
}

/** Where the axis begins: so that all but the first steep rise is on it. @param {number[]} scores */
export function floorOf(scores) {
  const sorted = scores.filter(Number.isFinite).sort((a, b) => a - b);
  const low = sorted[Math.floor(LEFT_OUT * sorted.length)] ?? 0;
  return FLOORS.find((floor) => low - (1 - low) / 4 > floor) ?? 0;
}

/** What the whole test set gave at the end of epochs, as far as was shown. */
export function ringsOf({ history, furthest }) {
  const rings = [];
  for (let i = 0; i <= history.indexAt(furthest); i++) {
    if (Number.isFinite(history.wholeTestScore[i])) rings.push({ epoch: history.epoch[i], score: history.wholeTestScore[i] });
  }
  return rings;
}
