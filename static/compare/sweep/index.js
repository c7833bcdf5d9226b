/** The sweep's map of the page Compare, as a component of Streamlit's components.v2. */
import { Mount } from '../../messages/mount.js';
import { SweepStage } from './sweep_stage.js';

/**
 * @param {Promise<void>} styles
 * @returns {(component: {data: Uint8Array|null, parentElement: Element, setTriggerValue: (name: string, value: Object) => void}) => () => void}
 *   what is called with the component, and returns its cleanup
 */
export function makeSweep(styles) {
  const sweep = new Mount('sweep', '.nnplay-sweep', (root, trigger) => {
    const stage = new SweepStage(root, trigger);
    root.style.visibility = 'hidden';
    styles.then(() => root.style.removeProperty('visibility'));
    return stage;
  });
  return (component) => sweep.show(component);
}
