/**
 * The panels of a page, made from its list: where they stand, which of them share a place, and which are on screen.
 */
import { Tabs } from './tabs.js';

/**
 * @typedef {Object} Row a panel of a page
 * @property {new (options: Object) => import('./panel.js').Panel} Panel made with the services and the `options`
 * @property {Object} [options]
 * @property {string} [group] the name by which a link hides it
 * @property {boolean} [tabbed] whether it shares a place with all others that are
 * @property {boolean} [isForExperts] whether its tab is only there for those who have all controls in sight
 */
/**
 * @typedef {Object} Page what differs from page to page of the stage
 * @property {Row[]} panels in the order of the grid
 * @property {import('../../network/picture_worker.js').PictureWorker} [pictures] draws frames that are the network's parameters
 * @property {import('../pictures/resolution.js').Resolution} [resolution] how finely they are drawn while they play
 * @property {() => import('../run/timeline.js').Timeline} [timeline] makes one that keeps more of the past
 * @property {string} [tabs] id of the place that panels share
 * @property {boolean} [isInAddress] whether the address always tells of what is on the stage: the server says nothing of it
 * @property {import('../controls/transport.js').Words} [words] what the bar calls its numbers
 * @property {string[][]} [groups] how groups stand in a wide window where a link hides some (page/link_hiding.js)
 * @property {number[]} [stepsPerFrame] speeds to offer below an epoch a frame
 * @property {boolean} [coachesNewcomers] whether a newcomer is told what this is, and what to try
 * @property {boolean} [diagnoses] whether it is said what is wrong with a run
 * @property {boolean} [explainsSteps] whether the step after a frame can be looked into, on a page of its own
 * @property {boolean} [hasProgress] whether it is said how long a run will take
 * @property {string} [look] the page whose panels and speeds it has, where that is another one
 * @property {import('../../lessons/guide.js').Guide} [guide] of the lesson that the stage is for
 * @property {import('./panel.js').Services['overBoundary']} [overBoundary] lays something over the decision boundary
 */

export class PanelSet {
  /** @param {Page} page @param {import('./panel.js').Services} services */
  constructor({ panels: rows, tabs }, services) {
    this.all = rows.map(({ Panel, options }) => new Panel({ ...services, ...options }));
    const tabbed = this.all.filter((_, k) => rows[k].tabbed);
    const forExperts = this.all.filter((_, k) => rows[k].isForExperts);
    this.tabs = tabbed.length > 0 ? new Tabs({ id: tabs, label: 'Curves and measures', panels: tabbed, forExperts, onChange: services.redraw }) : null;
    const nodesOf = (panel, /** @type {Row} */ { tabbed: shares }) => (this.tabs && shares ? [this.tabs.root] : panel.nodes);
    /** What stands in the grid. */
    this.nodes = [...new Set(this.all.flatMap((panel, k) => nodesOf(panel, rows[k])))];
    /** What a link may hide, by name. @type {Object<string, HTMLElement[]>} */
    this.groups = {};
    this.all.forEach((panel, k) => {
      const { group } = rows[k];
      if (!group) return;
      this.groups[group] ??= [];
      this.groups[group].push(nodesOf(panel, rows[k])[0]);
    });
  }

  /** Those on screen: not hidden by a link, and in no tab but the chosen one. Others need not be drawn, nor sent for. @returns {import('./panel.js').Panel[]} */
  get shown() {
    return this.all.filter((panel) => !panel.root.closest('[hidden]'));
  }

  /** Put losses on a logarithmic axis, or on a plain one. @param {boolean} log */
  setLog(log) {
    for (const panel of this.all) if ('setLog' in panel) /** @type {any} */ (panel).setLog(log);
  }

  /** A panel by its id, unless a link hides it; one in another tab, too. @returns {import('./panel.js').Panel|null} */
  find(id) {
    const isThere = ({ root }) => !(this.tabs?.root.contains(root) ? this.tabs.root : root).closest('[hidden]');
    return this.all.find((panel) => panel.id === id && isThere(panel)) ?? null;
  }

  /** Bring a panel on screen: choose its tab, and let it be no larger panel's place. @param {import('./panel.js').Panel} panel */
  reveal(panel) {
    for (const other of this.all) if (other !== panel) other.box.setLarge(false);
    if (this.tabs?.root.contains(panel.root)) this.tabs.choose(panel.id);
  }

  destroy() {
    this.tabs?.destroy();
    for (const panel of this.all) panel.destroy();
  }
}
