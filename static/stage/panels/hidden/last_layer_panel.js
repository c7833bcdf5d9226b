/**
 * The space panel: every sample where the last hidden layer puts it, along two principal components that stay as they are
 * until one asks for others.
 */
import { checkbox, element, icon } from '../../../kit/dom.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { trainScore, viewId } from '../../../messages/frame.js';
import { classesLegend } from '../../../plot/legends.js';
import { Panel } from '../panel_frame.js';
import { HiddenFlat } from './flat_picture.js';
import { drawnView } from './view.js';

const ABOUT =
  'Each mark is a digit, where the last hidden layer puts it: what lies together is alike to the network. Training pulls the ten kinds apart. Two directions out of many are shown, those along which the marks spread most: chosen once nine of ten digits are recognized, then kept; the arrow chooses them anew for the moment shown.';
const NO_LAYER = 'Without a hidden layer: the images themselves, along the two directions in which they differ most.';

/** Training digits, and test digits, that are drawn: of more, every so many-th. */
const MOST_MARKS = 700;
/** Training accuracy from which on the directions are worth choosing: those of the untrained network say little. */
const WORTH_FITTING = 0.9;

export class SpacePanel {
  needs = [];
  /** Whether the directions are still those of the untrained network; unknown until the run's first frame is drawn. */
  #fitsSoon = null;
  #onView;
  #run = null;
  #views = null;
  #theme = null;
  #view = null;

  /** @param {{onView: (view: Object) => void}} events */
  constructor({ onView }) {
    const showTest = preference('testPoints', false);
    this.panel = new Panel({ id: 'space', title: 'What the last hidden layer sees', about: ABOUT });
    const fit = element('button', { type: 'button', class: 'nn-info nn-fit', 'aria-label': 'Choose the directions anew', title: 'Choose the directions anew, for the moment shown' }, icon('fit'));
    this.#onView = onView;
    fit.addEventListener('click', () => this.#fit());
    const test = checkbox('Test digits', showTest, (checked) => {
      keepPreference('testPoints', checked);
      this.flat.setShowTest(checked);
    });
    test.title = 'Show the test digits, too, as hollow marks';
    this.panel.controls.append(test, fit);
    this.legend = element('div', { class: 'nn-space-legend' });
    this.flat = new HiddenFlat(this.panel.plot, showTest, MOST_MARKS);
    this.panel.body.append(this.legend);
  }

  get root() {
    return this.panel.root;
  }

  get drawn() {
    return this.flat.drawn;
  }

  attach(Plotly) {
    this.flat.attach(Plotly);
  }

  /** @param {Map<number, import('../../run/run_state.js').View>} views by id */
  setRun(run, views) {
    this.#run = run;
    this.#views = views;
    this.#fitsSoon = null;
    this.flat.setRun(run);
    this.panel.setTitle(run.info.layers.length ? 'What the last hidden layer sees' : 'The images');
    this.panel.setAbout(run.info.layers.length ? ABOUT : NO_LAYER);
    this.#drawLegend();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.flat.setTheme(theme);
    this.#drawLegend();
  }

  /** The view that is chosen now. */
  setView(view) {
    this.#view = view;
  }

  draw(frame) {
    const worth = trainScore(frame) >= WORTH_FITTING;
    if (this.#fitsSoon && worth) this.#fit();
    this.#fitsSoon = (this.#fitsSoon ?? true) && !worth;
    this.flat.draw(frame, drawnView(this.#views.get(viewId(frame)), this.#run.info.layers));
  }

  destroy() {
    this.flat.destroy();
  }

  /** Choose the directions anew, for the frame shown. */
  #fit() {
    this.#fitsSoon = false;
    if (this.#view) this.#onView({ fit: this.#view.fit + 1 });
  }

  #drawLegend() {
    if (this.#run && this.#theme) this.legend.replaceChildren(classesLegend(this.#run.info, this.#theme));
  }
}
