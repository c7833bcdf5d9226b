/**
 * The page of tables: how well a target is predicted from columns, beside simple models, and what each column does.
 */
import { LossPanel } from '../panels/curves/loss_panel.js';
import { LayersPanel } from '../panels/layers/layers_panel.js';
import { MeasuresPanel } from '../panels/measures/measures_panel.js';
import { ImportancePanel } from '../panels/tabular/importance_panel.js';
import { ResponsesPanel } from '../panels/tabular/responses_panel.js';
import { ScoresPanel } from '../panels/tabular/scores_panel.js';

/** @type {import('../panels/panel_set.js').Page} */
export default {
  panels: [
    { Panel: MeasuresPanel, group: 'boundary' },
    { Panel: LossPanel, group: 'loss', tabbed: true, options: { sparesPeaks: true } },
    { Panel: LayersPanel, group: 'loss', tabbed: true },
    { Panel: ScoresPanel, group: 'diagram' },
    { Panel: ResponsesPanel, group: 'hidden' },
    { Panel: ImportancePanel, group: 'hidden' },
  ],
  tabs: 'tabular',
  diagnoses: true,
  hasProgress: true,
};
