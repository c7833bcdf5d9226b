/**
 * The digits page's panels: what the layers make of the images, how well they are recognized, and a pad for one's own.
 */
import { AccuracyPanel } from '../panels/curves/accuracy_panel.js';
import { LossPanel } from '../panels/curves/loss_panel.js';
import { MistakesPanel } from '../panels/digits/mistakes_panel.js';
import { PadPanel } from '../panels/digits/pad_panel.js';
import { WeightsPanel } from '../panels/digits/weights_panel.js';
import { SpacePanel } from '../panels/hidden/last_layer_panel.js';
import { LayersPanel } from '../panels/layers/layers_panel.js';
import { MeasuresPanel } from '../panels/measures/measures_panel.js';
import { Tabs } from '../panels/tabs.js';

export class DigitsPage {
  /** Mini-batches for each frame that the speed offers: an epoch of MNIST has 6000. */
  stepsPerFrame = [1, 10, 100, 500];
  /** A run of many minutes says how long it will take. */
  hasProgress = true;

  /** @param {Object} services see pages.js */
  constructor({ choose, redraw }) {
    this.space = new SpacePanel({ onView: choose });
    this.weights = new WeightsPanel({ redraw });
    this.mistakes = new MistakesPanel();
    this.accuracy = new AccuracyPanel();
    this.loss = new LossPanel();
    this.layers = new LayersPanel();
    this.measures = new MeasuresPanel({ set: 1 });
    this.pad = new PadPanel();
    this.tabs = new Tabs({
      id: 'digits',
      label: 'Numbers of the run',
      items: [
        { id: 'accuracy', title: 'Accuracy', panel: this.accuracy },
        { id: 'loss', title: 'Loss', panel: this.loss },
        { id: 'layers', title: 'Layers', panel: this.layers },
      ],
      onChange: redraw,
    });
    this.panels = [this.space, this.weights, this.mistakes, this.accuracy, this.loss, this.layers, this.measures, this.pad];
    this.nodes = [this.space, this.weights, this.mistakes, this.tabs, this.measures, this.pad].map(({ root }) => root);
    this.groups = {
      hidden: this.space.root,
      diagram: this.weights.root,
      boundary: this.mistakes.root,
      loss: [this.tabs.root, this.measures.root],
    };
  }

  setRun(run, views) {
    this.space.setRun(run, views);
    for (const panel of this.panels) if (panel !== this.space) panel.setRun(run);
  }

  draw({ frame, isNew, readable, timeline, state, playing }) {
    this.space.setView(state.view);
    if (isNew) for (const panel of [this.space, this.weights, this.mistakes]) panel.draw(frame);
    if (isNew) this.pad.showFrame(frame, state);
    for (const panel of [this.tabs.panel, this.measures]) panel.draw(timeline, playing, state);
    if (!readable) return;
    for (const panel of [this.weights, this.mistakes, this.tabs.panel, this.measures]) panel.showValues(frame);
  }

  destroy() {
    this.tabs.destroy();
  }
}
