/**
 * The stage of a sweep: what starts and stops it, how far it is, the map, and a cell's loss curves. The server trains in
 * the background, whether anybody looks or not; the browser asks for what it doesn't know yet.
 */
import { element, icon, setAttribute, setText } from '../../kit/dom.js';
import { listenToCommands } from '../../kit/page_commands.js';
import { watchPixelRatio } from '../../kit/pixel_ratio.js';
import { ThemeWatch } from '../../kit/theme.js';
import { decodeOrTell } from '../../messages/decode.js';
import { listenToKeys } from '../../stage/commands/keyboard.js';
import { KeysDialog } from '../../stage/commands/keys_dialog.js';
import { Presenter } from '../../stage/commands/presenter.js';
import { hiddenGroups } from '../../stage/page/link_hiding.js';
import { watchPaper } from '../../stage/page/paper.js';
import { badge, colourLanes } from '../shared/lane_look.js';
import { Asking } from './asking.js';
import { CurvesPanel } from './curves_panel.js';
import { MapPanel } from './map_panel.js';
import { Outcomes } from './outcomes.js';
import { progressText } from './progress.js';

const TICK_MS = 50;
const MOST_LANES = 4;
/** What Run and Stop say, and their icons. @type {Record<string, {text: string, icon: 'play'|'stop'|'reset', title: string}>} */
const BUTTONS = {
  run: { text: 'Run', icon: 'play', title: 'Train every cell (Space)' },
  stop: { text: 'Stop', icon: 'stop', title: 'Stop training; what is done stays (Space)' },
  go_on: { text: 'Go on', icon: 'play', title: 'Train what is not done yet (Space)' },
};
const KEYS = [
  { label: 'Space', text: 'Run, stop, or go on' },
  { label: '← → ↑ ↓', text: 'On the map: from cell to cell' },
  { label: 'Enter', text: 'On the map: choose the cell' },
  { label: 'P', text: 'Presenter mode: large text, no sidebar' },
  { label: 'Esc', text: 'Leave presenter mode' },
  { label: '?', text: 'Show these keys' },
];

export class SweepStage {
  /** @type {Outcomes|null} */
  #outcomes = null;
  #gridKey = '';
  #header = null;
  #pointed = null;
  #chosen = null;
  /** Cells to be raced. @type {number[]} */
  #picked = [];
  #colours = new ThemeWatch();
  #listeners = new AbortController();
  #timer;
  #asking;
  #open;
  #openings = Date.now();

  /** @param {HTMLElement} host @param {(name: string) => (value: Object) => void} trigger */
  constructor(host, trigger) {
    this.#asking = new Asking(trigger('request'), Date.now());
    this.#open = trigger('open');
    this.map = new MapPanel({ point: (cell) => this.#point(cell), choose: (cell) => this.#choose(cell), onTarget: () => this.#showCell() });
    this.curves = new CurvesPanel({ open: (cell, seed) => this.#say({ what: 'run', cells: [cell], from: seed }), race: (cell) => this.#pick(cell) });
    this.buttons = element('div', { class: 'nn-sweep-buttons' });
    this.bar = element('progress', { class: 'nn-sweep-progress', max: '1', 'aria-label': 'Progress of the sweep' });
    this.words = element('p', { class: 'nn-sweep-words', role: 'status' });
    this.common = element('p', { class: 'nn-sweep-common' });
    this.problem = element('p', { class: 'nn-sweep-problem', role: 'alert' });
    this.tray = element('div', { class: 'nn-sweep-tray', role: 'group', 'aria-label': 'To be raced', hidden: true });
    this.curves.box.body.append(this.tray);
    const head = element('div', { class: 'nn-sweep-head-bar' }, this.buttons, this.bar, this.words);
    const panels = element('div', { class: 'nn-panels nn-sweep-panels' }, this.map.root, this.curves.root);
    this.root = element('div', { class: 'nn-stage nn-sweep', 'data-testid': 'sweep', 'data-running': 'false', 'data-ready': 'false' }, head, this.problem, this.common, panels);
    for (const name of hiddenGroups(window.location.search)) {
      for (const node of { transport: [head], boundary: [this.map.root], loss: [this.curves.root] }[name] ?? []) node.hidden = true;
    }
    host.replaceChildren(this.root);
    this.#listen();
    this.refresh();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Take a message as it came. @param {Uint8Array} bytes */
  receive(bytes) {
    const message = decodeOrTell(bytes, (sentence) => setText(this.problem, sentence));
    if (!message) return;
    const { header, statics } = message;
    const now = performance.now();
    // Once an act was answered, or the sweep has ended, one more request says that it is on screen.
    const untold = this.#asking.isActing || this.#header?.running === true;
    this.#asking.heard(header.reply, now);
    const hadGrid = this.#outcomes !== null;
    const ran = this.#header?.running;
    this.#header = header;
    this.#takeGrid(header);
    const outcomes = this.#outcomes;
    if (outcomes) {
      const fits = header.from <= outcomes.size && header.sweep === outcomes.id;
      const changed = fits ? outcomes.take(statics) : new Set();
      this.map.show(outcomes, hadGrid ? changed : null);
      if (changed.size > 0 || !hadGrid || ran !== header.running) this.#showCell();
      if (outcomes.size < header.done) this.#asking.look(this.#known(), now);
      else if (header.running || untold) this.#asking.lookLater(now);
    }
    this.#showHead();
    setAttribute(this.root, 'data-ready', String(outcomes !== null));
  }

  moveTo(host) {
    host.replaceChildren(this.root);
  }

  /** Take over the theme's colours if they changed. */
  refresh() {
    const theme = this.#colours.changed(this.root);
    if (!theme) return;
    colourLanes(this.root, theme.dark);
    this.map.setTheme();
    this.curves.setTheme(theme);
  }

  destroy() {
    clearInterval(this.#timer);
    this.#listeners.abort();
    this.presenter.destroy();
    this.map.destroy();
    this.curves.destroy();
  }

  #listen() {
    const { signal } = this.#listeners;
    this.presenter = new Presenter({ onChange: () => this.refresh(), signal });
    this.keys = new KeysDialog(KEYS);
    this.root.append(this.presenter.root, ...this.keys.nodes);
    const pass = () => false;
    const commands = {
      toggle: () => this.#toggle(), back: pass, forward: pass, reset: pass, speed: pass,
      present: () => this.presenter.toggle(), leave: () => this.presenter.leave(), keys: () => this.keys.open(),
      glossary: () => this.keys.glossary.open(),
    };
    listenToKeys(commands, signal);
    listenToCommands(commands, signal);
    this.presenter.beginAsLinked(window.location.search);
    watchPaper(this.root, () => this.refresh(), signal);
    watchPixelRatio(() => this.refresh(), signal);
    document.addEventListener('visibilitychange', () => document.hidden || this.#tick(), { signal });
  }

  #tick() {
    if (!document.hidden) this.#asking.tick(this.#known(), performance.now());
  }

  /** @returns {import('./asking.js').Known} */
  #known() {
    const { id = '', size = 0 } = this.#outcomes ?? {};
    return { id, size, running: this.#header?.running ?? false };
  }

  /** Another sweep, or the controls ask for other cells before there is one. */
  #takeGrid(header) {
    if (!header.grid) return;
    const key = `${header.sweep} ${JSON.stringify(header.grid)}`;
    if (key === this.#gridKey) return;
    this.#gridKey = key;
    this.#outcomes = new Outcomes(header.sweep, header.grid);
    this.#pointed = this.#chosen = null;
    this.#picked = [];
    setText(this.common, header.grid.common ? `The same in all cells: ${header.grid.common.charAt(0).toLowerCase()}${header.grid.common.slice(1)}` : '');
    this.map.show(this.#outcomes, null);
    this.#showTray();
    this.#showCell();
  }

  // -- run and stop ----------------------------------------------------------------------------------------------------

  /** What can be done now, the first by Space, too. @returns {string[]} */
  #possible() {
    const { running, sweep, progress, next } = this.#header;
    if (running) return ['stop'];
    const goesOn = sweep && !progress.finished ? ['go_on'] : [];
    return next.new ? ['run', ...goesOn] : goesOn;
  }

  #toggle() {
    const [first] = this.#header ? this.#possible() : [];
    if (first) this.#act(first);
  }

  #act(name) {
    if (name === 'run' && this.#header.next.refusal !== null) return;
    this.#asking.act(name, this.#known(), performance.now());
    for (const button of this.buttons.children) /** @type {HTMLButtonElement} */ (button).disabled = true;
  }

  #showHead() {
    const header = this.#header;
    const { running, progress, next, problem } = header;
    const possible = this.#possible();
    const held = this.buttons.contains(document.activeElement);
    const key = `${possible} ${next.refusal}`;
    if (this.buttons.dataset.key !== key || !this.#asking.isActing) {
      this.buttons.dataset.key = key;
      const wanted = possible.length > 0 ? possible : ['run'];
      if ([...this.buttons.children].map((each) => /** @type {HTMLElement} */ (each).dataset.do).join() !== wanted.join()) this.buttons.replaceChildren(...wanted.map((name, i) => this.#button(name, i === 0)));
      for (const button of /** @type {Iterable<HTMLButtonElement>} */ (this.buttons.children)) button.disabled = possible.length === 0 || (button.dataset.do === 'run' && next.refusal !== null);
      if (held) /** @type {HTMLElement|null} */ (this.buttons.querySelector('button:not(:disabled)'))?.focus();
    }
    setAttribute(this.root, 'data-running', String(running));
    this.bar.value = progress.share;
    setText(this.words, progressText(header));
    setText(this.problem, problem ?? '');
  }

  #button(name, isFirst) {
    const { text, icon: picture, title } = BUTTONS[name];
    const button = element('button', { type: 'button', class: `nn-text-button nn-sweep-button${isFirst ? ' nn-sweep-first' : ''}`, 'data-do': name, title }, icon(picture), element('span', { text }));
    button.addEventListener('click', () => this.#act(name));
    return button;
  }

  // -- cells -----------------------------------------------------------------------------------------------------------

  #point(cell) {
    this.#pointed = cell;
    this.#showCell();
  }

  #choose(cell) {
    this.#chosen = this.#chosen === cell ? null : cell;
    this.#pointed = null;
    this.map.pin(this.#chosen ?? -1);
    this.#showCell();
  }

  #showCell() {
    const outcomes = this.#outcomes;
    if (!outcomes) return;
    const shown = this.#pointed ?? this.#chosen;
    const cell = shown ?? outcomes.best(this.map.target);
    const prefix = shown !== null ? '' : this.#header?.running ? 'Best so far: ' : 'Best cell: ';
    const words = cell === null ? 'Run the sweep, then point at a cell.' : `${prefix}${prefix ? lower(outcomes.nameOf(cell)) : outcomes.nameOf(cell)}`;
    const isPicked = cell !== null && this.#picked.includes(cell);
    this.curves.show(outcomes, cell, words, isPicked ? 'Take out of the race' : 'Add to a race');
    this.curves.raceButton.disabled = !isPicked && this.#picked.length >= MOST_LANES;
  }

  #pick(cell) {
    if (cell < 0) return;
    this.#picked = this.#picked.includes(cell) ? this.#picked.filter((each) => each !== cell) : [...this.#picked, cell].slice(0, MOST_LANES);
    this.#showTray();
    this.#showCell();
  }

  #showTray() {
    const outcomes = this.#outcomes;
    this.tray.hidden = this.#picked.length === 0;
    if (!outcomes || this.tray.hidden) return;
    const go = element('button', { type: 'button', class: 'nn-text-button nn-sweep-go', text: this.#picked.length > 1 ? 'Race them' : 'Race it against the current run' });
    go.addEventListener('click', () => this.#say({ what: 'race', cells: this.#picked }));
    const clear = element('button', { type: 'button', class: 'nn-text-button', text: 'Clear' });
    clear.addEventListener('click', () => {
      this.#picked = [];
      this.#showTray();
      this.#showCell();
    });
    const lanes = this.#picked.map((cell, k) => element('span', { class: 'nn-sweep-lane' }, badge(k), element('span', { text: outcomes.nameOf(cell) })));
    this.tray.replaceChildren(...lanes, go, clear);
  }

  /** Open cells elsewhere: one as a run in the playground, several as a race. */
  #say(what) {
    this.#openings += 1;
    this.#open({ ...what, id: this.#openings, sweep: this.#outcomes?.id ?? '' });
  }
}

const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1);
