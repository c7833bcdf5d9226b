/**
 * The page of tables: how well a target is predicted from columns, beside simple models, and what each column does.
 */
import { LossPanel } from '../panels/curves/loss_panel.js';
import { LayersPanel } from '../panels/layers/layers_panel.js';
import { MeasuresPanel } from '../panels/measures/measures_panel.js';
import { Tabs } from '../panels/tabs.js';
import { ImportancePanel } from '../panels/tabular/importance_panel.js';
import { ResponsesPanel } from '../panels/tabular/responses_panel.js';
import { ScoresPanel } from '../panels/tabular/scores_panel.js';

export class TabularPage {
  /** A run to a number of epochs says how long it will take. */
  hasProgress = true;

  /** @param {Object} services see pages.js */
  constructor({ redraw }) {
    this.measures = new MeasuresPanel();
    this.loss = new LossPanel({ sparesPeaks: true });
    this.layers = new LayersPanel();
    this.tabs = new Tabs({
      id: 'tabular',
      label: 'Numbers of the run',
      items: [
        { id: 'loss', title: 'Loss', panel: this.loss },
        { id: 'layers', title: 'Layers', panel: this.layers },
      ],
      onChange: redraw,
    });
    this.scores = new ScoresPanel();
    this.importance = new ImportancePanel();
    this.responses = new ResponsesPanel();
    this.panels = [this.measures, this.loss, this.layers, this.scores, this.responses, this.importance];
    this.nodes = [this.measures.root, this.tabs.root, this.scores.root, this.responses.root, this.importance.root];
    this.groups = {
      boundary: this.measures.root,
      loss: this.tabs.root,
      diagram: this.scores.root,
      hidden: [this.responses.root, this.importance.root],
    };
  }

  setRun(run) {
    for (const panel of this.panels) panel.setRun(run);
  }

  draw({ frame, readable, timeline, state, playing }) {
    for (const panel of [this.measures, this.tabs.panel, this.scores, this.importance, this.responses]) {
      panel.draw(timeline, playing, state);
      if (readable) panel.showValues(frame);
    }
  }

  destroy() {
    this.tabs.destroy();
  }
}
