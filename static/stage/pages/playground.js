/**
 * The playground: the network, the decision boundary, what hidden layers see, and numbers in tabs.
 */
import { PictureWorker } from '../../network/picture_worker.js';
import { BoundaryPanel } from '../panels/boundary/boundary_panel.js';
import { LossPanel } from '../panels/curves/loss_panel.js';
import { DiagramPanel } from '../panels/diagram/diagram_panel.js';
import { HiddenPanel } from '../panels/hidden/hidden_panel.js';
import { LandscapePanel } from '../panels/landscape/landscape_panel.js';
import { LayersPanel } from '../panels/layers/layers_panel.js';
import { MeasuresPanel } from '../panels/measures/measures_panel.js';

/** @type {import('../panels/panel_set.js').Page} */
export default {
  /** One for all visits of the page; it starts while the rest still loads. */
  pictures: new PictureWorker(),
  panels: [
    { Panel: DiagramPanel, group: 'diagram' },
    { Panel: BoundaryPanel, group: 'boundary' },
    { Panel: HiddenPanel, group: 'hidden' },
    { Panel: LossPanel, group: 'loss', tabbed: true },
    { Panel: MeasuresPanel, group: 'loss', tabbed: true },
    { Panel: LayersPanel, group: 'loss', tabbed: true },
    { Panel: LandscapePanel, group: 'loss', tabbed: true, isForExperts: true },
  ],
  tabs: 'numbers',
  coachesNewcomers: true,
  diagnoses: true,
  explainsSteps: true,
  groups: [['diagram', 'diagram'], ['hidden', 'loss']],
};
