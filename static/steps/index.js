/** The page Step by step, as a component of Streamlit's components.v2. */
import { Mount } from '../messages/mount.js';
import { loadKatex } from '../kit/katex.js';
import { StepsPage } from './steps_page.js';

/**
 * @param {Promise<void>} styles
 * @returns {(component: {data: Uint8Array|null, parentElement: Element, setTriggerValue: (name: string, value: Object) => void}) => () => void}
 *   what is called with the component, and returns its cleanup
 */
export function makeSteps(styles) {
  const steps = new Mount('steps', '.nnplay-steps', (root, trigger) => {
    const page = new StepsPage(root, trigger);
    loadKatex().catch((error) => console.error('nnplay:', error));
    root.style.visibility = 'hidden';
    styles.then(() => root.style.removeProperty('visibility'));
    return page;
  });
  return (component) => steps.show(component);
}
