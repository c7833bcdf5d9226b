/**
 * The panel of the last hidden layer: every sample where the last hidden layer puts it, along two principal components that stay as they are
 * until one asks for others.
 */
import { checkbox, element, icon } from '../../../kit/dom.js';
import { preference } from '../../../kit/preferences.js';
import { trainScore } from '../../../messages/frame.js';
import { classesLegend } from '../../../plot/legends.js';
import { Panel } from '../panel.js';
import { FlatPicture } from './flat_picture.js';
import { drawnView } from './view.js';

const ABOUT =
  'Each mark is a digit, as the last hidden layer represents it, in that digit’s colour. Marks that are close look alike to the network; training pulls the ten digits apart. The axes are the two directions in which the marks spread most. ';
const CHOSEN = 'They are chosen once nine in ten digits are recognised, and then kept; the arrow chooses them again for the frame on screen.';
const CHOSEN_RECORDED = 'They are those of the last frame.';
const NO_LAYER = 'Without a hidden layer: the images themselves, along the two directions in which they differ most.';

/** Training digits, and test digits, that are drawn: of more, every so many-th. */
const MOST_MARKS = 700;
/** Training accuracy from which on the directions are worth choosing: those of the untrained network say little. */
const WORTH_FITTING = 0.9;

export class LastLayerPanel extends Panel {
  /** Whether the directions are still those of the untrained network; unknown until the run's first frame is drawn. */
  #fitsSoon = null;
  #setView;
  #run = null;
  #theme = null;
  #view = null;

  /** @param {import('../panel.js').Services} services */
  constructor({ setView, setShowTest, isRecorded = false }) {
    const showTest = preference('testPoints', false);
    super({ id: 'space', title: 'What the last hidden layer sees', about: '' });
    this.about = ABOUT + (isRecorded ? CHOSEN_RECORDED : CHOSEN);
    this.isRecorded = isRecorded;
    const fit = element('button', { type: 'button', class: 'nn-info nn-fit', 'aria-label': 'Choose the directions again', title: 'Choose the directions again, for the frame on screen' }, icon('fit'));
    this.#setView = setView;
    fit.addEventListener('click', () => this.#fit());
    const test = checkbox('Test digits', showTest, setShowTest);
    test.title = 'Also show the test digits, as hollow marks';
    this.box.controls.append(test, ...(isRecorded ? [] : [fit]));
    this.legend = element('div', { class: 'nn-space-legend' });
    this.flat = new FlatPicture(this.box.plot, showTest, MOST_MARKS);
    this.box.body.append(this.legend);
  }

  get drawn() {
    return this.flat.drawn;
  }

  attach(Plotly) {
    this.flat.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    this.#fitsSoon = null;
    this.flat.setRun(run);
    this.box.setTitle(run.info.layers.length ? 'What the last hidden layer sees' : 'The images');
    this.box.setAbout(run.info.layers.length ? this.about : NO_LAYER);
    this.#drawLegend();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.flat.setTheme(theme);
    this.#drawLegend();
  }

  setShowTest(show) {
    this.flat.setShowTest(show);
  }

  draw({ frame, isNew, state }) {
    this.#view = state.view;
    if (!isNew) return;
    const worth = trainScore(frame) >= WORTH_FITTING;
    if (this.#fitsSoon && worth && !this.isRecorded) this.#fit();
    this.#fitsSoon = (this.#fitsSoon ?? true) && !worth;
    this.flat.draw(frame, drawnView(state.viewOf(frame), this.#run.info.layers));
  }

  destroy() {
    super.destroy();
    this.flat.destroy();
  }

  /** Choose the directions again, for the frame shown. */
  #fit() {
    this.#fitsSoon = false;
    if (this.#view) this.#setView({ fit: this.#view.fit + 1 });
  }

  #drawLegend() {
    if (this.#run && this.#theme) this.legend.replaceChildren(classesLegend(this.#run.info, this.#theme));
  }
}
