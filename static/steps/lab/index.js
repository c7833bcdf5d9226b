/** The bug lab, as a component of Streamlit's components.v2. */
import { Mount } from '../../messages/mount.js';
import { LabPage } from './lab_page.js';

/**
 * @param {Promise<void>} styles
 * @returns {(component: {data: Uint8Array|null, parentElement: Element, setTriggerValue: (name: string, value: Object) => void}) => () => void}
 *   what is called with the component, and returns its cleanup
 */
export function makeBugLab(styles) {
  const lab = new Mount('bugLab', '.nnplay-bug-lab', (root, trigger) => {
    const page = new LabPage(root, trigger);
    root.style.visibility = 'hidden';
    styles.then(() => root.style.removeProperty('visibility'));
    return page;
  });
  return (component) => lab.show(component);
}
