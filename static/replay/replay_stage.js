/**
 * The stage of a replay page: the panels of a run that was recorded, and a bar that plays it. Shared with the stage of a run
 * that is trained are the player, the panels and what they are drawn from; what asks a server isn't there.
 */
import { element, setAttribute } from '../kit/dom.js';
import { listenToCommands } from '../kit/page_commands.js';
import { watchPixelRatio } from '../kit/pixel_ratio.js';
import { keepPreference } from '../kit/preferences.js';
import { ThemeWatch } from '../kit/theme.js';
import { epochsDone, frameNumber, stepsDone, testLoss, trainLoss } from '../messages/frame.js';
import { attachPlotly } from '../plot/load_plotly.js';
import { FrameSteps } from '../stage/commands/commands.js';
import { listenToKeys } from '../stage/commands/keyboard.js';
import { KeysDialog } from '../stage/commands/keys_dialog.js';
import { watchPaper } from '../stage/page/paper.js';
import { PanelSet } from '../stage/panels/panel_set.js';
import { Pictures } from '../stage/pictures/pictures.js';
import { PointThrough } from '../stage/pictures/point_through.js';
import { Recorded } from './recorded.js';
import { ReplayPlayer, fittingRate } from './replay_player.js';
import { ReplayTransport } from './replay_transport.js';

/** While frames play, numbers and the timeline change this often: faster than that nobody reads. */
const NUMBERS_MS = 60;
/** Frames whose pictures are made ahead of the one on screen. */
const AHEAD = 2;
/** Pixels below the panels. */
const BELOW = 16;
const LITTLE_MOVEMENT = window.matchMedia('(prefers-reduced-motion: reduce)');

/** @type {typeof import('../stage/commands/keyboard.js').KEYS} */
const KEYS = [
  { keys: [' '], label: 'Space', text: 'Play or pause; at the end, from the start again', command: 'toggle' },
  { keys: ['ArrowLeft'], label: '←', text: 'Previous frame', command: 'back', repeats: true },
  { keys: ['ArrowRight'], label: '→', text: 'Next frame', command: 'forward', repeats: true },
  { keys: ['r'], label: 'R', text: 'Back to the start: the untrained network', command: 'reset' },
  { keys: ['1', '2', '3', '4', '5', '6'], label: '1 – 6', text: 'Speed, from 2 to 60 frames a second', command: 'speed' },
  { keys: ['?'], label: '?', text: 'Show these keys', command: 'keys' },
  { keys: ['g'], label: 'G', text: 'Glossary: what the words mean', command: 'glossary' },
];

const WHERE = 'In a panel, i says how to read it; the arrow beside it enlarges the panel. Words with dots below them can be tapped.';

export class ReplayStage {
  #ready = false;
  #hasAskedForCharts = false;
  #nextNumbers = -Infinity;
  #drawnVersion = -1;
  #drawnFrame = null;
  #drawnRun = 0;
  #colours = new ThemeWatch();
  #listeners = new AbortController();

  /**
   * @param {HTMLElement} host
   * @param {import('../messages/decode.js').Message} sync @param {import('../messages/decode.js').Message} recording as Recorded takes them
   * @param {string} pageName @param {import('../stage/panels/panel_set.js').Page} page
   */
  constructor(host, sync, recording, pageName, page) {
    const time = () => performance.now();
    const recorded = new Recorded(sync, recording, (message) => this.#receive(message));
    const [first, last] = recorded.ends;
    this.recorded = recorded;
    /** The unit that one looks at, in the diagram or by its crease. @type {{layer: number, unit: number}|null} */
    this.unit = null;
    this.pictures = new Pictures(page.pictures ?? null, () => this.#drawAtOnce());
    this.point = new PointThrough(() => this.player.redraw());
    this.player = new ReplayPlayer({
      send: (request) => recorded.ask(request),
      now: time(),
      // As of a run that was on screen to its end: all of its timeline can be gone to.
      left: { run: recorded.run, frame: first, furthest: last, toLose: false, recipe: '', steps: 0 },
      isReady: (frame) => this.pictures.isNextReady(frame),
      isCalm: () => LITTLE_MOVEMENT.matches,
    });
    const { player } = this;
    this.panels = new PanelSet(page, {
      player,
      isRecorded: true,
      propose: () => () => false,
      setView: (view) => this.#setView(view),
      setShowTest: (show) => this.#setShowTest(show),
      redraw: () => this.#redraw(),
      pointAt: (place, isPinned) => this.point.at(place, isPinned),
      lookAtUnit: (unit) => this.#lookAtUnit(unit),
    });
    this.transport = new ReplayTransport({
      play: () => player.play(time()),
      pause: () => player.pause(time()),
      reset: () => player.reset(time()),
      rate: (rate) => player.setRate(rate),
      scrub: (frame) => player.scrub(frame, time()),
      help: () => this.keys.open(),
    }, fittingRate(recorded.frames.length));
    this.notice = element('p', { class: 'nn-notice nn-replay-end', role: 'status', hidden: true });
    this.keys = new KeysDialog(KEYS, null, WHERE);
    const grid = element('div', { class: `nn-panels nn-panels-${pageName}` }, ...this.panels.nodes);
    this.root = element('div', { class: 'nn-stage nn-replay', 'data-testid': 'replay', 'data-page': pageName, 'data-playing': 'false', 'data-ready': 'false' });
    this.root.append(this.transport.root, this.notice, grid, ...this.keys.nodes);
    host.replaceChildren(this.root);
    this.#fit(host);
    this.#listen();
    this.refreshTheme();
    player.requestSync(time());
    requestAnimationFrame(this.#loop);
  }

  /** Take over the theme's colours, and the screen's pixels, if they changed. */
  refreshTheme() {
    const theme = this.#colours.changed(this.root);
    if (!theme) return;
    for (const panel of this.panels.all) panel.setTheme(theme);
  }

  /** What stands above takes more lines in a narrow window: the panels have what is left of its height. @param {HTMLElement} host */
  #fit(host) {
    const observer = new ResizeObserver(() => {
      const around = host.getBoundingClientRect().top + window.scrollY + BELOW;
      this.root.style.setProperty('--nn-around', `${Math.ceil(around)}px`);
    });
    observer.observe(/** @type {HTMLElement} */ (host.previousElementSibling ?? document.body));
    this.#listeners.signal.addEventListener('abort', () => observer.disconnect());
  }

  #receive(message) {
    const { player, recorded } = this;
    player.connection.receive(message, performance.now());
    // All of it is here: any frame can be shown at once.
    if (message.header.kind === 'sync') player.timeline.storeChain(recorded.frames.slice(1), frameNumber(recorded.frames[0]));
  }

  #setView(view) {
    this.player.setView(view, performance.now());
    this.#askForPictures();
  }

  #lookAtUnit(unit) {
    if (unit?.layer === this.unit?.layer && unit?.unit === this.unit?.unit) return;
    this.unit = unit;
    this.player.redraw();
  }

  #setShowTest(show) {
    keepPreference('testPoints', show);
    for (const panel of this.panels.all) panel.setShowTest(show);
  }

  #redraw() {
    this.#drawnFrame = null;
    this.#ready = false;
    this.player.redraw();
  }

  /** A picture has come. At rest somebody waits for it; frames that play have the display's time. */
  #drawAtOnce() {
    this.player.redraw();
    if (this.player.playing) return;
    this.#drawnVersion = this.player.version;
    this.#draw(performance.now());
  }

  #listen() {
    const { player, transport } = this;
    const { signal } = this.#listeners;
    const now = () => performance.now();
    const active = () => player.activity(now());
    for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel']) document.addEventListener(name, active, { signal, passive: true, capture: true });
    const steps = new FrameSteps({ player, now });
    const commands = {
      toggle: () => (player.playing ? player.pause(now()) : player.play(now())),
      back: () => steps.back(),
      forward: () => steps.forward(),
      reset: () => player.reset(now()),
      speed: (key) => transport.chooseSpeed(Number(key)),
      keys: () => this.keys.open(),
      glossary: () => this.keys.glossary.open(),
    };
    listenToKeys(commands, signal, KEYS);
    listenToCommands(commands, signal);
    watchPaper(this.root, () => this.refreshTheme(), signal);
    watchPixelRatio(() => this.refreshTheme(), signal);
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.refreshTheme(), { signal });
    const visibility = () => player.setHidden(document.hidden, now());
    document.addEventListener('visibilitychange', visibility, { signal });
    visibility();
  }

  #loop = (now) => {
    requestAnimationFrame(this.#loop);
    this.player.tick(now);
    this.#askForPictures();
    if (!this.#ready) this.#announceReady();
    if (this.player.version === this.#drawnVersion) return;
    this.#drawnVersion = this.player.version;
    this.#draw(now);
  };

  #askForPictures() {
    const { state, timeline, playing } = this.player;
    const frame = timeline.shownFrame;
    if (!frame || !state.isDrawnHere || state.version !== this.#drawnRun) return;
    this.pictures.look(Object.assign({}, ...this.panels.shown.map((panel) => panel.draws)), state.chosenView);
    this.pictures.ask(frame, playing, playing ? timeline.next(AHEAD) : []);
  }

  #announceReady() {
    this.#ready = this.panels.shown.every((panel) => panel.drawn);
    setAttribute(this.root, 'data-ready', String(this.#ready));
    if (!this.#ready || this.#hasAskedForCharts) return;
    this.#hasAskedForCharts = true;
    attachPlotly(this.root, this.panels.all, this.#listeners.signal);
  }

  #draw(now) {
    const { player } = this;
    const { state, timeline } = player;
    if (state.run && state.version !== this.#drawnRun) this.#startRun(state.run);
    const readable = now >= this.#nextNumbers || !player.playing;
    if (readable) {
      this.#nextNumbers = now + NUMBERS_MS;
      this.transport.update(player);
    }
    setAttribute(this.root, 'data-playing', String(player.playing));
    this.#sayEnd();
    if (!timeline.shownFrame) return;
    const frame = this.pictures.of(timeline.shownFrame);
    if (!frame) return; // its picture is under way
    const isNew = frame !== this.#drawnFrame;
    this.#drawnFrame = frame;
    const point = this.point.through(frame);
    for (const panel of this.panels.shown) {
      panel.draw({ frame, isNew, timeline, state, playing: player.playing, point, unit: this.unit });
      if (readable) panel.showValues(frame);
    }
    if (isNew) this.#showAttributes(frame);
  }

  /** Say at the end why the run went no further, if something stopped it. */
  #sayEnd() {
    const { state, timeline, playing } = this.player;
    const { stopped } = state;
    const message = !playing && stopped && timeline.shown >= Math.min(stopped.good ?? stopped.frame, stopped.frame) ? stopped.message : '';
    this.notice.hidden = message === '';
    if (this.notice.textContent !== message) this.notice.textContent = message;
  }

  #startRun(run) {
    this.#drawnRun = this.player.state.version;
    this.#drawnFrame = null;
    this.transport.setRun(run);
    this.pictures.setRun(run);
    this.point.setRun(run);
    for (const panel of this.panels.all) panel.setRun(run);
    this.#askForPictures();
  }

  /** For whoever looks at the page from outside. */
  #showAttributes(frame) {
    const loss = (value) => (Number.isNaN(value) ? '' : String(value));
    setAttribute(this.root, 'data-epoch', String(epochsDone(frame)));
    setAttribute(this.root, 'data-step', String(stepsDone(frame)));
    setAttribute(this.root, 'data-frame', String(frameNumber(frame)));
    setAttribute(this.root, 'data-train-loss', loss(trainLoss(frame)));
    setAttribute(this.root, 'data-test-loss', loss(testLoss(frame)));
    const { layer, projection, units, mode } = this.player.state.chosenView;
    setAttribute(this.root, 'data-view', JSON.stringify({ layer, projection, units, mode }));
  }
}
