/**
 * The digits page's panels: what the last hidden layer makes of the images, and how well they are recognized.
 */
import { AccuracyPanel } from './accuracy.js';
import { LayersPanel } from './layers.js';
import { LossPanel } from './loss.js';
import { MeasuresPanel } from './measures.js';
import { SpacePanel } from './space.js';
import { Tabs } from './tabs.js';

export class DigitsPage {
  /** @param {Object} services see pages.js */
  constructor({ choose, redraw }) {
    this.space = new SpacePanel({ onView: choose });
    this.accuracy = new AccuracyPanel();
    this.measures = new MeasuresPanel();
    this.loss = new LossPanel();
    this.layers = new LayersPanel();
    this.tabs = new Tabs({
      id: 'digits',
      label: 'Numbers of the run',
      items: [
        { id: 'loss', title: 'Loss', panel: this.loss },
        { id: 'layers', title: 'Layers', panel: this.layers },
      ],
      onChange: redraw,
    });
    this.panels = [this.space, this.accuracy, this.measures, this.loss, this.layers];
    this.nodes = [this.space.root, this.accuracy.root, this.measures.root, this.tabs.root];
    this.groups = { hidden: this.space.root, loss: this.tabs.root };
  }

  setRun(run, views) {
    this.space.setRun(run, views);
    for (const panel of [this.accuracy, this.measures, this.loss, this.layers]) panel.setRun(run);
  }

  draw({ frame, isNew, readable, timeline, state, playing }) {
    this.space.setView(state.view);
    if (isNew) this.space.draw(frame);
    for (const panel of [this.accuracy, this.measures, this.tabs.panel]) {
      panel.draw(timeline, playing, state);
      if (readable) panel.showValues(frame);
    }
  }

  destroy() {
    this.tabs.destroy();
  }
}
