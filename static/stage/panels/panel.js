/**
 * What every panel of the stage is. A panel shows one thing of a run: its class extends `Panel`, in a module of its own, and
 * a page shows it that has a row for it in its list (stage/pages). The stage knows no panel by name.
 *
 * Whoever adds a panel writes `setRun`, `draw` and `drawn`, and of the rest what is needed.
 */
import { setAttribute } from '../../kit/dom.js';
import { PanelBox } from './panel_box.js';

/** @typedef {import('../../messages/decode.js').Arrays} Arrays */
/** @typedef {{id: string, info: Object, statics: Arrays}} Run what stays as it is as long as a run is on the stage */
/**
 * @typedef {Object} Shown what is on the stage
 * @property {import('../pictures/pictures.js').Drawn} frame with its picture
 * @property {boolean} isNew whether the frame is another one, or is to be drawn again; otherwise something else has changed
 * @property {boolean} playing
 * @property {import('../run/timeline.js').Timeline} timeline
 * @property {import('../run/run_state.js').RunState} state what the server says about the run
 * @property {import('../pictures/point_through.js').Point|null} point of the plane that one points at
 * @property {{layer: number, unit: number}|null} unit that one looks at, in the diagram or by its crease; layer 1 is the first hidden one
 */
/**
 * @typedef {Object} Services what a panel is made with, besides the options of its row
 * @property {import('../player/player.js').Player} player
 * @property {(values: Object) => any} propose other values of the configuration
 * @property {(view: Object) => void} setView of the hidden layers
 * @property {(show: boolean) => void} setShowTest whether test samples are shown, in all panels
 * @property {() => void} redraw all panels
 * @property {(place: number[]|null, isPinned?: boolean) => void} pointAt a place of the plane, to see what the network makes of it
 * @property {(unit: {layer: number, unit: number}|null) => void} lookAtUnit look at a unit, in whatever shows it
 * @property {boolean} [isRecorded] whether the run is only played: nothing of it can be changed, and no server can be asked
 * @property {((box: PanelBox, plot: import('../../plot/plot_frame.js').PlotFrame) => any)} [overBoundary] lays something over the decision boundary
 */

export class Panel {
  /** @param {{id: string, title: string, about: string, onLarge?: (large: boolean) => void}} options of the box around it */
  constructor(options) {
    this.id = options.id;
    this.box = new PanelBox(options);
  }

  get root() {
    return this.box.root;
  }

  /** What stands in the page's grid. @returns {HTMLElement[]} */
  get nodes() {
    return [this.root];
  }

  /** Optional parts of a frame (docs/protocol.md) that are shown here: asked for while the panel is on screen. @returns {string[]} */
  get needs() {
    return [];
  }

  /** What is drawn here of a frame that is the network's parameters. @returns {import('../pictures/pictures.js').Wanted} */
  get draws() {
    return {};
  }

  /** Whether it shows what was recorded, frame by frame, and so can be in a picture or a video. @returns {boolean} */
  get isFilmed() {
    return true;
  }

  /** Whether a frame of the run is on screen. @returns {boolean} */
  get drawn() {
    throw new Error(`the panel ${this.id} does not say whether it is drawn`);
  }

  /** Plotly has been loaded. */
  attach(Plotly) {}

  /** @param {import('../../kit/theme.js').Theme} theme also when the screen's pixels are other ones */
  setTheme(theme) {}

  /** @param {boolean} show whether test samples are shown */
  setShowTest(show) {}

  /** Another run is on the stage, or the same one again. @param {Run} run */
  setRun(run) {
    throw new Error(`the panel ${this.id} takes no run`);
  }

  /** Called with every new frame, and when something else that is visible has changed. @param {Shown} shown */
  draw(shown) {
    throw new Error(`the panel ${this.id} draws nothing`);
  }

  /** Write numbers that are to be read: called after `draw`, but while frames play less often. @param {Arrays} frame */
  showValues(frame) {}

  destroy() {
    this.box.destroy();
  }

  /** Whether a frame brings the part shown here. While none does, the panel is marked as waiting. @param {*} part of the frame */
  brings(part) {
    setAttribute(this.root, 'data-waiting', String(part === undefined));
    return part !== undefined;
  }
}
