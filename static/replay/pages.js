/**
 * What a replay page shows of a run, by the page that the run belongs on: the panels that draw what was recorded. What asks
 * the server for more than frames, or changes the run, isn't among them.
 */
import { PictureWorker } from '../network/picture_worker.js';
import { BoundaryPanel } from '../stage/panels/boundary/boundary_panel.js';
import { AccuracyPanel } from '../stage/panels/curves/accuracy_panel.js';
import { LossPanel } from '../stage/panels/curves/loss_panel.js';
import { DiagramPanel } from '../stage/panels/diagram/diagram_panel.js';
import { MistakesPanel } from '../stage/panels/digits/mistakes_panel.js';
import { WeightsPanel } from '../stage/panels/digits/weights_panel.js';
import { HiddenPanel } from '../stage/panels/hidden/hidden_panel.js';
import { LastLayerPanel } from '../stage/panels/hidden/last_layer_panel.js';
import { LayersPanel } from '../stage/panels/layers/layers_panel.js';
import { MeasuresPanel } from '../stage/panels/measures/measures_panel.js';
import { ImportancePanel } from '../stage/panels/tabular/importance_panel.js';
import { ResponsesPanel } from '../stage/panels/tabular/responses_panel.js';
import { ScoresPanel } from '../stage/panels/tabular/scores_panel.js';

/** @typedef {import('../stage/panels/panel_set.js').Page} Page */

/** @type {Object<string, (startWorker: () => Worker) => Page>} */
const PAGES = {
  playground: (startWorker) => ({
    pictures: new PictureWorker(startWorker),
    panels: [
      { Panel: DiagramPanel },
      { Panel: BoundaryPanel },
      { Panel: HiddenPanel },
      { Panel: LossPanel, tabbed: true },
      { Panel: MeasuresPanel, tabbed: true },
      { Panel: LayersPanel, tabbed: true },
    ],
    tabs: 'numbers',
  }),
  digits: () => ({
    panels: [
      { Panel: LastLayerPanel },
      { Panel: WeightsPanel },
      { Panel: MistakesPanel },
      { Panel: AccuracyPanel, tabbed: true },
      { Panel: LossPanel, tabbed: true },
      { Panel: LayersPanel, tabbed: true },
      { Panel: MeasuresPanel, options: { set: 1 } },
    ],
    tabs: 'digits',
  }),
  tabular: () => ({
    panels: [
      { Panel: MeasuresPanel },
      { Panel: LossPanel, tabbed: true, options: { sparesPeaks: true } },
      { Panel: LayersPanel, tabbed: true },
      { Panel: ScoresPanel },
      { Panel: ResponsesPanel },
      { Panel: ImportancePanel },
    ],
    tabs: 'tabular',
  }),
};

/** @param {string} name @param {() => Worker} startWorker @returns {Page} */
export const pageNamed = (name, startWorker) => PAGES[name](startWorker);
