/** The race of the page Compare, as a component of Streamlit's components.v2. */
import { guide } from '../../lessons/here.js';
import { Mount } from '../../messages/mount.js';
import { RaceStage } from './race_stage.js';

/**
 * @param {Promise<void>} styles
 * @returns {(component: {data: Uint8Array|null, parentElement: Element, setTriggerValue: (name: string, value: Object) => void}) => () => void}
 *   what is called with the component, and returns its cleanup
 */
export function makeRace(styles) {
  const race = new Mount('race', '.nnplay-race', (root, trigger) => {
    const stage = new RaceStage(root, trigger, root.dataset.page === 'lessons' ? { page: 'lessons-race', guide } : {});
    root.style.visibility = 'hidden';
    styles.then(() => root.style.removeProperty('visibility'));
    return stage;
  });
  return (component) => race.show(component);
}
