/**
 * The stage: builds the DOM, and wires the player, the screen and the requests together.
 *
 * One loop on the display's clock moves the player; the screen (screen.js) draws only what has changed.
 */
import { element, setAttribute } from '../kit/dom.js';
import { offerRun } from '../kit/on_stage.js';
import { watchPixelRatio } from '../kit/pixel_ratio.js';
import { decode } from '../messages/decode.js';
import { epochsDone, learningRate, stepsDone } from '../messages/frame.js';
import { onLeave } from '../messages/page_change.js';
import { StageLink } from '../lessons/stage_link.js';
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
import { Player } from './player/player.js';
import { canComeBack, lastSeen, noteSeen } from './run/last_seen.js';
import { Recorded } from './recorded.js';
import { Screen } from './screen.js';

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

export class Stage {
  #nextLook = -Infinity;
  #unreadable = false;
  #askedParts = '';
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
    const { signal } = this.#listeners;
    const screen = new Screen(page, {
      setRun: (run) => this.transport.setRun(run),
      update: (time, readable) => this.#update(time, readable),
      beforeFrame: () => this.#beforeFrame(),
      afterFrame: (frame, isNew) => this.#afterFrame(frame, isNew),
    }, signal);
    this.screen = screen;
    this.player = new Player({ send: sendFrom, firstId: Date.now(), now, left: lastSeen(pageName), isReady: screen.isNextReady, timeline: page.timeline?.(), isCalm: () => LITTLE_MOVEMENT.matches });
    /** What the panels would like the configuration to be. */
    this.proposals = new Proposals((proposal) => sendProposal({ ...proposal, controls: this.player.state.controls }), Date.now());
    const { player } = this;
    const time = () => performance.now();
    const propose = (values) => this.proposals.propose(values, time());
    this.panels = new PanelSet(page, {
      ...screen.services,
      player,
      propose,
      setView: (view) => this.#setView(view),
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
    this.showMe = new ShowMe({ player, propose, signal });
    this.strip = new AssignmentStrip({
      pause: () => player.pause(time()),
      goTo: (frame) => player.scrub(frame, time()),
      answer: () => propose({ answer: player.timeline.shown }),
    });
    const grid = element('div', { class: `nn-panels nn-panels-${page.look ?? pageName}` }, ...this.panels.nodes);
    this.root = element('div', { class: 'nn-stage', 'data-testid': 'stage', 'data-page': pageName, 'data-playing': 'false', 'data-ready': 'false' });
    this.progress = page.hasProgress ? new Progress() : null;
    this.connectionNotice = new ConnectionNotice();
    this.doctor = page.diagnoses ? new Doctor({ player, panels: this.panels, showMe: this.showMe, signal }) : null;
    if (this.doctor) this.transport.timelineRow.append(this.doctor.chip);
    this.coach = page.coachesNewcomers ? new Coach(propose, window.location.search, this.doctor) : null;
    this.root.append(this.strip.root, ...(this.coach ? [this.coach.root] : []), this.transport.root, ...(this.doctor ? [this.doctor.root] : []), this.connectionNotice.root, this.notices.root, this.showMe.root, ...(this.progress ? [this.progress.root] : []), grid);
    applyHiding(this.root, { transport: this.transport.root, ...this.panels.groups }, page.groups, window.location.search);
    host.replaceChildren(this.root);
    screen.show(player, this.panels, this.root);
    this.transport.update(player);
    this.#listen();
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

  refreshTheme() {
    this.screen.refreshTheme();
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
    this.screen.askForPictures();
  }

  /** Ask for the parts of a frame that the panels on screen need, once for each run and choice of panels. */
  #askForParts() {
    const { state } = this.player;
    const parts = partsToAsk(this.panels.shown, this.player.wantedView);
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
    this.screen.askForPictures();
    this.proposals.tick(now);
    if (now >= this.#nextLook) {
      this.#nextLook = now + LOOK_MS;
      this.connectionNotice.update(this.player, this.root);
      this.panels.tabs?.update();
      this.doctor?.update(now);
    }
    this.screen.announceReady();
    this.embedding.update(now, this.screen.ready);
    this.screen.drawChanges(now);
  };

  #update(now, readable) {
    const { player } = this;
    if (readable) {
      this.transport.update(player);
      this.progress?.update(player, now);
      this.coach?.update(player, now);
    }
    this.strip.update(player, readable);
    this.showMe.update(now);
    this.notices.update(player, this.#unreadable, this.root);
  }

  #beforeFrame() {
    this.#askForParts();
    this.noteSeen();
  }

  #afterFrame(frame, isNew) {
    if (isNew) {
      const { state } = this.player;
      setAttribute(this.root, 'data-run', state.id);
      setAttribute(this.root, 'data-branch', state.branch);
      setAttribute(this.root, 'data-learning-rate', String(learningRate(frame)));
    }
    this.lesson?.see(epochsDone(frame), this.player);
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
}
