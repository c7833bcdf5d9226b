/**
 * The stage: builds the DOM, and wires the player, the panels and the requests together.
 *
 * One loop on the display's clock moves the player; panels draw only when what is shown has changed.
 */
import { element, setAttribute } from '../kit/dom.js';
import { offerRun } from '../kit/on_stage.js';
import { watchPixelRatio } from '../kit/pixel_ratio.js';
import { keepPreference } from '../kit/preferences.js';
import { ThemeWatch } from '../kit/theme.js';
import { decode } from '../messages/decode.js';
import { epochsDone, frameNumber, learningRate, stepsDone, testLoss, trainLoss } from '../messages/frame.js';
import { onLeave } from '../messages/page_change.js';
import { StageLink } from '../lessons/stage_link.js';
import { attachPlotly } from '../plot/load_plotly.js';
import { AssignmentStrip } from './assignment/strip.js';
import { Coach } from './coach/coach.js';
import { StageCommands } from './commands/commands.js';
import { carryPresenting } from './commands/presenter.js';
import { ShowMe } from './commands/show_me.js';
import { partsToAsk } from './connection/frame_parts.js';
import { Proposals } from './connection/proposals.js';
import { ConnectionNotice } from './controls/connection_notice.js';
import { Notices } from './controls/notices.js';
import { Progress } from './controls/progress.js';
import { Transport } from './controls/transport.js';
import { Doctor } from './doctor/doctor.js';
import { isOfTheRun, noteAddress } from './page/address.js';
import { watchBar } from './page/bar_watch.js';
import { Embedding, pageAround } from './page/embedding.js';
import { applyHiding } from './page/link_hiding.js';
import { watchPaper } from './page/paper.js';
import { PanelSet } from './panels/panel_set.js';
import { Pictures } from './pictures/pictures.js';
import { PointThrough } from './pictures/point_through.js';
import { Player } from './player/player.js';
import { canComeBack, lastSeen, noteSeen } from './run/last_seen.js';
import { Recorded } from './recorded.js';

/** While frames play, numbers and the timeline change this often: faster than that nobody reads, and layout is dear. */
const NUMBERS_MS = 60;

/**
 * After a control of the page was touched, the stage plays only every so many ticks for a moment: what the page does with
 * the change, and the frames that show it, come from the same thread.
 */
const YIELD_MS = 400;
const YIELDING = 3;
/** Where frames take long, none are asked for meanwhile, until the page has said what was changed, as a rule. */
const HOLD_MS = 300;
/** There, answers are brief for so long after the pointer or the keyboard was at the page's bar. */
const HURRY_MS = 2000;

const LITTLE_MOVEMENT = window.matchMedia('(prefers-reduced-motion: reduce)');

/** How often is looked whether the server is still there. */
const LOOK_MS = 200;
/** Frames whose pictures are made ahead of the one on screen. */
const AHEAD = 2;

export class Stage {
  #ready = false;
  #hasAskedForCharts = false;
  #nextNumbers = -Infinity;
  #nextLook = -Infinity;
  #drawnVersion = -1;
  #drawnFrame = null;
  #drawnRun = 0;
  #unreadable = false;
  #askedParts = '';
  #colours = new ThemeWatch();
  #animation = 0;
  #listeners = new AbortController();
  #yieldUntil = 0;
  #tick = 0;

  /**
   * @param {HTMLElement} host
   * @param {(request: Object) => void} send
   * @param {(proposal: Object) => void} sendProposal
   * @param {string} pageName @param {import('./panels/panel_set.js').Page} page
   */
  constructor(host, send, sendProposal, pageName, page) {
    const now = performance.now();
    // Request ids must exceed those of an earlier mount of this page, hence the clock.
    this.pageName = pageName;
    this.page = page;
    const sendFrom = (request) => send({ ...request, shown: this.player.timeline.shown });
    this.pictures = new Pictures(page.pictures ?? null, () => this.#drawAtOnce(), page.resolution);
    this.point = new PointThrough(() => this.player.redraw());
    const isReady = (frame) => this.pictures.isNextReady(frame);
    this.player = new Player({ send: sendFrom, firstId: Date.now(), now, left: lastSeen(pageName), isReady, timeline: page.timeline?.(), isCalm: () => LITTLE_MOVEMENT.matches });
    /** What the panels would like the configuration to be. */
    this.proposals = new Proposals((proposal) => sendProposal({ ...proposal, controls: this.player.state.controls }), Date.now());
    /** The unit that one looks at, in the diagram or by its crease. @type {{layer: number, unit: number}|null} */
    this.unit = null;
    const { player } = this;
    const time = () => performance.now();
    const propose = (values) => this.proposals.propose(values, time());
    this.panels = new PanelSet(page, {
      player,
      propose,
      setView: (view) => this.#setView(view),
      setShowTest: (show) => this.#setShowTest(show),
      redraw: () => this.#redraw(),
      pointAt: (place, isPinned) => this.point.at(place, isPinned),
      lookAtUnit: (unit) => this.#lookAtUnit(unit),
      overBoundary: page.overBoundary,
    });
    const explain = page.explainsSteps ? () => this.#explain() : undefined;
    this.transport = new Transport({
      play: () => player.play(time()),
      pause: () => player.pause(time()),
      step: (unit) => player.step(unit, time()),
      reset: () => player.reset(time()),
      speed: (speed) => player.setSpeed(speed, time()),
      scrub: (frame) => player.scrub(frame, time()),
      fork: () => player.fork(time()),
      chooseBranch: (name) => player.chooseBranch(name, time()),
      deleteBranch: (name) => player.deleteBranch(name, time()),
      explain,
    }, page.stepsPerFrame, page.words);
    this.notices = new Notices({
      goOn: () => player.play(time()),
      goTo: (frame) => player.scrub(frame, time()),
      changeRun: (kind) => player.changeRun(kind, time()),
    });
    this.showMe = new ShowMe({ player, propose, signal: this.#listeners.signal });
    this.strip = new AssignmentStrip({
      pause: () => player.pause(time()),
      goTo: (frame) => player.scrub(frame, time()),
      answer: () => propose({ answer: player.timeline.shown }),
    });
    const grid = element('div', { class: `nn-panels nn-panels-${page.look ?? pageName}` }, ...this.panels.nodes);
    this.root = element('div', { class: 'nn-stage', 'data-testid': 'stage', 'data-page': pageName, 'data-playing': 'false', 'data-ready': 'false' });
    this.progress = page.hasProgress ? new Progress() : null;
    this.connectionNotice = new ConnectionNotice();
    this.doctor = page.diagnoses ? new Doctor({ player, panels: this.panels, showMe: this.showMe, signal: this.#listeners.signal }) : null;
    if (this.doctor) this.transport.timelineRow.append(this.doctor.chip);
    this.coach = page.coachesNewcomers ? new Coach(propose, window.location.search, this.doctor) : null;
    this.root.append(this.strip.root, ...(this.coach ? [this.coach.root] : []), this.transport.root, ...(this.doctor ? [this.doctor.root] : []), this.connectionNotice.root, this.notices.root, this.showMe.root, ...(this.progress ? [this.progress.root] : []), grid);
    applyHiding(this.root, { transport: this.transport.root, ...this.panels.groups }, page.groups, window.location.search);
    host.replaceChildren(this.root);
    this.transport.update(player);
    this.#listen();
    const { signal } = this.#listeners;
    this.commands = new StageCommands({ player, transport: this.transport, root: this.root, coach: this.coach, showMe: this.showMe, onChange: () => this.refreshTheme(), signal, guide: page.guide, explain });
    this.lesson = page.guide ? new StageLink(page.guide, { player, transport: this.transport, root: this.root, now: time, setLog: (log) => this.panels.setLog(log) }) : null;
    if (!page.timeline) offerRun(new Recorded(pageName, this.root, player, this.panels), signal);
    this.embedding = new Embedding({ player, page: pageName, goal: () => this.strip.goal ?? this.lesson?.goal ?? null, signal }, pageAround(window));
    this.refreshTheme();
    this.#animation = requestAnimationFrame(this.#loop);
  }

  /** Take a message as it came. @param {Uint8Array} bytes @returns {boolean} whether it was a sync */
  receive(bytes) {
    try {
      const message = decode(bytes);
      this.#unreadable = false;
      this.player.connection.receive(message, performance.now());
      this.proposals.settle(message.header.proposal);
      noteAddress(this.pageName, message.header);
      return message.header.kind === 'sync';
    } catch (error) {
      console.error('nnplay:', error);
      this.#unreadable = true;
      this.player.redraw();
      return false;
    }
  }

  /** Whether a run is known. */
  get hasRun() {
    return this.player.state.run !== null;
  }

  /** Go over to another element of the page. */
  moveTo(host) {
    host.replaceChildren(this.root);
    this.lesson?.take();
  }

  requestSync() {
    this.player.requestSync(performance.now());
  }

  /** Take over the theme's colours, and the screen's pixels, if they changed. */
  refreshTheme() {
    const theme = this.#colours.changed(this.root);
    if (!theme) return;
    for (const panel of this.panels.all) panel.setTheme(theme);
  }

  destroy() {
    cancelAnimationFrame(this.#animation);
    this.#listeners.abort();
    this.commands.destroy();
    this.lesson?.destroy();
    this.notices.stay();
    this.panels.destroy();
  }

  /** Go where the step after the frame on screen is explained. */
  #explain() {
    const { player } = this;
    const { shown, furthest } = player.timeline;
    player.pause(performance.now());
    carryPresenting();
    this.proposals.propose({ explain: { frame: shown, newest: shown >= furthest } }, performance.now());
  }

  /** The visitor chose what the hidden-layer panel shows. */
  #setView(view) {
    const now = performance.now();
    this.player.activity(now);
    this.player.setView(view, now);
    this.#askForPictures();
  }

  /** A picture has come. At rest somebody waits for it; frames that play have the display's time. */
  #drawAtOnce() {
    this.player.redraw();
    if (this.player.playing) return;
    this.#drawnVersion = this.player.version;
    this.#draw(performance.now());
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

  /** What is on screen has changed, though the frame is the same. */
  #redraw() {
    this.#drawnFrame = null;
    this.#ready = false;
    this.player.redraw();
  }

  /** Ask for the parts of a frame that the panels on screen need, once for each run and choice of panels. */
  #askForParts(panels) {
    const { state } = this.player;
    const parts = partsToAsk(panels, this.player.wantedView);
    const key = `${state.version} ${parts}`;
    if (parts === null || key === this.#askedParts) return;
    this.#askedParts = key;
    this.player.setView({ shows: parts }, performance.now());
  }

  #listen() {
    const { player } = this;
    const { signal } = this.#listeners;
    const active = () => player.activity(performance.now());
    for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel']) {
      document.addEventListener(name, active, { signal, passive: true, capture: true });
    }
    const yieldToPage = ({ target }) => {
      if (this.root.contains(target)) return;
      this.#yieldUntil = performance.now() + YIELD_MS;
      if (player.state.framesTakeLong) player.connection.holdBack(performance.now() + HOLD_MS);
    };
    for (const name of ['pointerup', 'keydown']) document.addEventListener(name, yieldToPage, { signal, passive: true, capture: true });
    const onSet = () => player.connection.anticipateSettings(performance.now());
    const onNear = () => player.state.framesTakeLong && player.connection.hurry(performance.now() + HURRY_MS);
    watchPaper(this.root, () => this.refreshTheme(), signal);
    watchPixelRatio(() => this.refreshTheme(), signal);
    watchBar({ onSet, onNear }, signal);
    const visibility = () => player.setHidden(document.hidden, performance.now());
    document.addEventListener('visibilitychange', visibility, { signal });
    visibility();
    onLeave(() => player.pause(performance.now()), signal);
  }

  #loop = (now) => {
    this.#animation = requestAnimationFrame(this.#loop);
    if (now < this.#yieldUntil && this.#tick++ % YIELDING) return;
    this.player.tick(now);
    this.#askForPictures();
    this.proposals.tick(now);
    if (now >= this.#nextLook) {
      this.#nextLook = now + LOOK_MS;
      this.connectionNotice.update(this.player, this.root);
      this.panels.tabs?.update();
      this.doctor?.update(now);
    }
    if (!this.#ready) this.#announceReady();
    this.embedding.update(now, this.#ready);
    if (this.player.version === this.#drawnVersion) return;
    this.#drawnVersion = this.player.version;
    this.#draw(now);
  };

  /** Let the worker draw what the panels on screen are to show. */
  #askForPictures() {
    const { state, timeline, playing } = this.player;
    const frame = timeline.shownFrame;
    if (!frame || !state.isDrawnHere || state.version !== this.#drawnRun) return;
    this.pictures.look(Object.assign({}, ...this.panels.shown.map((panel) => panel.draws)), state.chosenView);
    this.pictures.ask(frame, playing, playing ? timeline.next(AHEAD) : []);
  }

  /** Panels are drawn as soon as they have a size, so that the last one may be done at any time. What is not drawn by us can come then. */
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
      this.progress?.update(player, now);
      this.coach?.update(player, now);
    }
    this.strip.update(player, readable);
    this.showMe.update(now);
    setAttribute(this.root, 'data-playing', String(player.playing));
    this.notices.update(player, this.#unreadable, this.root);
    if (!timeline.shownFrame) return;
    const panels = this.panels.shown;
    this.#askForParts(panels);
    this.noteSeen();
    const frame = this.pictures.of(timeline.shownFrame);
    if (!frame) return; // its picture is under way
    const isNew = frame !== this.#drawnFrame;
    this.#drawnFrame = frame;
    const point = this.point.through(frame);
    for (const panel of panels) {
      panel.draw({ frame, isNew, timeline, state, playing: player.playing, point, unit: this.unit });
      if (readable) panel.showValues(frame);
    }
    if (isNew) this.#showAttributes(frame);
    this.lesson?.see(epochsDone(frame), player);
  }

  /** Take note of what is on screen; not of what is there only until the server has trained a run again. */
  noteSeen() {
    const { state, timeline, connection } = this.player;
    if (!state.run || connection.isReplaying) return;
    const { recipe, texts } = connection.recovery;
    const played = timeline.furthest > 0;
    const beside = state.branches.length > 1 || state.undo !== null;
    const steps = timeline.shownFrame ? stepsDone(timeline.shownFrame) : 0;
    const toLose = (beside && !texts.beside) || (played && !canComeBack({ recipe, steps, texts }));
    noteSeen(this.pageName, { run: state.id, frame: timeline.shown, furthest: timeline.furthest, toLose, recipe, texts, steps, events: state.eventsAt(timeline.shown), view: state.hiddenView.copy() });
  }

  /** Whether the page's address is that of the run on the stage: one of a new choice may be there before the run. */
  get isOfItsAddress() {
    return this.page.isInAddress || isOfTheRun();
  }

  #startRun(run) {
    this.#drawnRun = this.player.state.version;
    this.#drawnFrame = null;
    this.unit = null;
    this.transport.setRun(run);
    this.pictures.setRun(run);
    this.point.setRun(run);
    for (const panel of this.panels.all) panel.setRun(run);
    this.#askForPictures();
  }

  #showAttributes(frame) {
    const { state } = this.player;
    const loss = (value) => (Number.isNaN(value) ? '' : String(value));
    setAttribute(this.root, 'data-run', state.id);
    setAttribute(this.root, 'data-branch', state.branch);
    setAttribute(this.root, 'data-epoch', String(epochsDone(frame)));
    setAttribute(this.root, 'data-step', String(stepsDone(frame)));
    setAttribute(this.root, 'data-frame', String(frameNumber(frame)));
    setAttribute(this.root, 'data-train-loss', loss(trainLoss(frame)));
    setAttribute(this.root, 'data-test-loss', loss(testLoss(frame)));
    setAttribute(this.root, 'data-learning-rate', String(learningRate(frame)));
    const { layer, projection, units, mode } = state.chosenView;
    setAttribute(this.root, 'data-view', JSON.stringify({ layer, projection, units, mode }));
  }
}
