/** Entry point for Streamlit's components.v2: the race of the page Compare. */
import { loadStyle } from '../../kit/dom.js';
import { takeAfterReload } from '../../stage/run/last_seen.js';
import { loadPlotly } from '../shared/load_plotly.js';
import { Mount } from '../shared/mount.js';
import { RaceStage } from './race_stage.js';

/** In this order: what is said last has the last word. */
const SHEETS = [
  '../../stage/stage.css',
  '../../stage/controls/transport.css',
  '../../stage/panels/panels.css',
  '../../stage/layout.css',
  '../shared/shared.css',
  'race.css',
  '../../stage/commands/presenter.css',
  '../../stage/page/print.css',
];

takeAfterReload();
const plotly = loadPlotly();
const styles = Promise.all(SHEETS.map((name) => loadStyle(new URL(name, import.meta.url).href)));

const race = new Mount('race', '.nnplay-race', (root, trigger) => {
  const stage = new RaceStage(root, trigger);
  root.style.visibility = 'hidden';
  styles.then(() => root.style.removeProperty('visibility'));
  plotly.then(
    (Plotly) => stage.attach(Plotly),
    (error) => console.error('nnplay:', error),
  );
  return stage;
});

/** @param {{data: Uint8Array|null, parentElement: Element, setTriggerValue: (name: string, value: Object) => void}} component */
export default (component) => race.show(component);
