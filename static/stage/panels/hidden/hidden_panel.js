/**
 * The hidden-layer panel: where the samples and the input plane's grid end up after a hidden layer, flat or in three
 * dimensions; step by step from the inputs on; and how far a straight cut gets there.
 */
import { element } from '../../../kit/dom.js';
import { preference } from '../../../kit/preferences.js';
import { isCurve } from '../boundary/fitted_curve.js';
import { Panel } from '../panel.js';
import { FlatPicture } from './flat_picture.js';
import { LinearProbeRow } from './linear_probe_row.js';
import { MorphBar } from './morph_bar.js';
import { SolidPicture } from './solid_picture.js';
import { drawnView } from './view.js';
import { ViewChoice } from './view_choice.js';

const BENDS = {
  curve: 'Training bends that line until the target rises along a straight one.',
  regression: 'Training bends the plane until the target rises steadily in one direction.',
  classes: 'Training bends the plane until a straight line can separate the classes.',
};
const LAYER = 'The samples and the grid of the input plane, as this layer transforms them. ';
const LAYER_OF_ONE = 'The samples and the input line, as this layer transforms them. ';
const MORPH = 'Move the slider to go from the inputs through every layer: the weights rotate and stretch, the biases shift, the activation bends. ';
/** Why a cut that there is may not be seen, by what is shown of more units than there are axes. */
const SHADOWS = {
  pca: ' The layer has more units than the picture has axes, so the separating line may not show. Components are the directions in which the samples spread most, as first fitted.',
  units: ' The layer has more units than the picture has axes, so the separating line may not show.',
  straight: ' The axes are chosen so that the straight line shows, and turn with it as the network learns; any other axis is the direction in which the samples spread most.',
  classes: ' With more than three classes, no two axes show every separating line; these show the largest differences.',
};
const COLOURS = { regression: ' Points have the colour of their target: orange high, blue low.', classes: ' Points have the colour of their class.' };
const STRAIGHT = ' The percentages are the training samples on the correct side of a straight line that is fitted at each layer by itself. It isn’t the network’s own line, so even one that hasn’t learned anything may have high ones, and a better line may exist.';
const STRAIGHT_FIT = ' R² is how much of the training targets a straight-line fit (least squares) explains, fitted separately at each layer.';
const AXES = ' “Across the line” is how far a sample lies from the straight line, “along” is where it lies beside it.';
const NO_LAYER = 'Without a hidden layer, the network only adds up its weighted inputs, so its boundary is straight.';

export class HiddenPanel extends Panel {
  #run = null;
  #title = '';

  /** @param {import('../panel.js').Services} services */
  constructor({ setView }) {
    const showTest = preference('testPoints', false);
    super({ id: 'hidden', title: 'Hidden layer', about: LAYER + BENDS.classes });
    this.choice = new ViewChoice(this.box.controls, setView);
    this.note = element('p', { class: 'nn-note', text: NO_LAYER, hidden: true });
    this.probe = new LinearProbeRow();
    this.flat = new FlatPicture(this.box.plot, showTest);
    this.solid = new SolidPicture(showTest);
    this.morph = new MorphBar({ onMove: (position) => this.flat.setPosition(position) });
    this.box.head.append(this.note, this.probe.root, this.morph.root);
    this.box.body.append(this.solid.root);
    this.box.plot.append(this.morph.caption);
  }

  get draws() {
    return { hidden: true };
  }

  get drawn() {
    return this.solid.root.hidden ? this.flat.drawn : this.solid.drawn;
  }

  attach(Plotly) {
    this.flat.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    this.#title = '';
    for (const part of [this.flat, this.solid, this.probe, this.morph]) part.setRun(run);
    this.note.hidden = run.info.layers.length > 0;
  }

  setTheme(theme) {
    this.flat.setTheme(theme);
    this.solid.setTheme(theme);
  }

  setShowTest(show) {
    this.flat.setShowTest(show);
    this.solid.setShowTest(show);
  }

  draw({ frame, isNew, state }) {
    const { layers } = this.#run.info;
    // The view that is chosen now; the frame on screen may still show an older one.
    this.choice.update(layers, state.chosenView);
    if (!isNew) return;
    const view = drawnView(state.viewOf(frame), layers);
    const solid = view.mode === '3d';
    this.box.plot.hidden = solid;
    this.solid.root.hidden = !solid;
    this.morph.show(view.mode === 'morph');
    this.#describe(view);
    (solid ? this.solid : this.flat).draw(frame, view);
    if (frame.straight_scores) this.probe.show(frame.straight_scores);
  }

  destroy() {
    super.destroy();
    this.flat.destroy();
    this.solid.destroy();
    this.morph.stop();
  }

  #describe(view) {
    const { layers, task } = this.#run.info;
    const layer = layers[view.layer];
    const morph = view.mode === 'morph';
    const title = morph ? 'Layer by layer' : layer ? `What hidden layer ${view.layer + 1} sees` : 'What the network sees';
    const key = `${title} ${view.mode} ${view.projection}`;
    if (key === this.#title) return;
    this.#title = key;
    this.box.setTitle(title);
    const regression = task === 'regression';
    const shadow = (morph ? layers : [layer]).some((shown) => shown?.units > (view.mode === '3d' ? 3 : 2));
    const curve = isCurve(this.#run.info);
    const bends = curve ? BENDS.curve : regression ? BENDS.regression : BENDS.classes;
    const kind = view.projection === 'straight' && this.#run.info.class_names.length > 3 ? 'classes' : view.projection;
    const about = layer ? `${morph ? MORPH : curve ? LAYER_OF_ONE : LAYER}${bends}${view.projection === 'straight' && !morph ? AXES : ''}${shadow ? SHADOWS[kind] : ''}` : NO_LAYER;
    this.box.setAbout(about + (regression ? COLOURS.regression + STRAIGHT_FIT : COLOURS.classes + STRAIGHT));
  }
}
