/**
 * The playground's panels: the network, the decision boundary, what hidden layers see, and numbers in tabs.
 */
import { BoundaryPanel } from '../panels/boundary/boundary_panel.js';
import { LossPanel } from '../panels/curves/loss_panel.js';
import { DiagramPanel } from '../panels/diagram/diagram_panel.js';
import { HiddenPanel } from '../panels/hidden/hidden_panel.js';
import { LayersPanel } from '../panels/layers/layers_panel.js';
import { MeasuresPanel } from '../panels/measures/measures_panel.js';
import { Tabs } from '../panels/tabs.js';

export class PlaygroundPage {
  /** @param {Object} services see pages.js */
  constructor({ player, propose, choose, redraw }) {
    this.diagram = new DiagramPanel(player, propose);
    this.boundary = new BoundaryPanel({ onShowTest: (show) => this.#setShowTest(show), propose });
    this.hidden = new HiddenPanel({ onView: choose });
    this.loss = new LossPanel();
    this.measures = new MeasuresPanel();
    this.layers = new LayersPanel();
    this.tabs = new Tabs({
      id: 'numbers',
      label: 'Numbers of the run',
      items: [
        { id: 'loss', title: 'Loss', panel: this.loss },
        { id: 'measures', title: 'Measures', panel: this.measures },
        { id: 'layers', title: 'Layers', panel: this.layers },
      ],
      onChange: redraw,
    });
    this.panels = [this.diagram, this.boundary, this.hidden, this.loss, this.measures, this.layers];
    this.nodes = [this.diagram.root, this.diagram.card.root, this.boundary.root, this.hidden.root, this.tabs.root];
    this.groups = { diagram: this.diagram.root, boundary: this.boundary.root, hidden: this.hidden.root, loss: this.tabs.root };
    this.rows = [['diagram', 'diagram'], ['hidden', 'loss']];
  }

  setRun(run, views) {
    this.diagram.setRun(run);
    this.boundary.setRun(run);
    this.hidden.setRun(run, views);
    this.loss.setRun(run);
    this.measures.setRun(run);
    this.layers.setRun(run);
  }

  draw({ frame, isNew, readable, now, timeline, state, playing }) {
    this.hidden.setView(state.view);
    if (isNew) {
      this.diagram.draw(frame);
      this.boundary.draw(frame);
      this.hidden.draw(frame);
    }
    this.diagram.update(now);
    const { panel } = this.tabs;
    panel.draw(timeline, playing, state);
    if (readable) panel.showValues(frame);
  }

  destroy() {
    this.tabs.destroy();
  }

  #setShowTest(show) {
    this.boundary.setShowTest(show);
    this.hidden.setShowTest(show);
  }
}
