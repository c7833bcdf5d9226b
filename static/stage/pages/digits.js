/**
 * The page of digits: what the layers make of the images, how well they are recognised, and a pad for one's own.
 */
import { AccuracyPanel } from '../panels/curves/accuracy_panel.js';
import { LossPanel } from '../panels/curves/loss_panel.js';
import { MistakesPanel } from '../panels/digits/mistakes_panel.js';
import { PadPanel } from '../panels/digits/pad_panel.js';
import { WeightsPanel } from '../panels/digits/weights_panel.js';
import { LastLayerPanel } from '../panels/hidden/last_layer_panel.js';
import { LayersPanel } from '../panels/layers/layers_panel.js';
import { MeasuresPanel } from '../panels/measures/measures_panel.js';

/** @type {import('../panels/panel_set.js').Page} */
export default {
  panels: [
    { Panel: LastLayerPanel, group: 'hidden' },
    { Panel: WeightsPanel, group: 'diagram' },
    { Panel: MistakesPanel, group: 'boundary' },
    { Panel: AccuracyPanel, group: 'loss', tabbed: true },
    { Panel: LossPanel, group: 'loss', tabbed: true },
    { Panel: LayersPanel, group: 'loss', tabbed: true },
    { Panel: MeasuresPanel, group: 'loss', options: { set: 1 } },
    { Panel: PadPanel },
  ],
  tabs: 'digits',
  diagnoses: true,
  /** An epoch of MNIST has 6000 mini-batches. */
  stepsPerFrame: [1, 10, 100, 500],
  hasProgress: true,
};
