/**
 * The stage of a replay page: the panels of a run that was recorded, and a bar that plays it. Shared with the stage of a run
 * that is trained are the player, the panels and what draws them (stage/screen.js); what asks a server isn't there.
 */
import { element } from '../kit/dom.js';
import { listenToCommands } from '../kit/page_commands.js';
import { watchPixelRatio } from '../kit/pixel_ratio.js';
import { frameNumber } from '../messages/frame.js';
import { FrameSteps } from '../stage/commands/commands.js';
import { listenToKeys } from '../stage/commands/keyboard.js';
import { KeysDialog } from '../stage/commands/keys_dialog.js';
import { watchPaper } from '../stage/page/paper.js';
import { PanelSet } from '../stage/panels/panel_set.js';
import { Screen } from '../stage/screen.js';
import { Recorded } from './recorded.js';
import { ReplayPlayer, fittingRate } from './replay_player.js';
import { ReplayTransport } from './replay_transport.js';

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
    const screen = new Screen(page, {
      setRun: (run) => this.transport.setRun(run),
      update: (_, readable) => this.#update(readable),
    }, this.#listeners.signal);
    this.screen = screen;
    this.player = new ReplayPlayer({
      send: (request) => recorded.ask(request),
      now: time(),
      // As of a run that was on screen to its end: all of its timeline can be gone to.
      left: { run: recorded.run, frame: first, furthest: last, toLose: false, recipe: '', steps: 0 },
      isReady: screen.isNextReady,
      isCalm: () => LITTLE_MOVEMENT.matches,
    });
    const { player } = this;
    this.panels = new PanelSet(page, {
      ...screen.services,
      player,
      isRecorded: true,
      propose: () => () => false,
      setView: (view) => this.#setView(view),
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
    screen.show(player, this.panels, this.root);
    this.#fit(host);
    this.#listen();
    this.refreshTheme();
    player.requestSync(time());
    requestAnimationFrame(this.#loop);
  }

  refreshTheme() {
    this.screen.refreshTheme();
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
    this.screen.askForPictures();
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
    this.screen.askForPictures();
    this.screen.announceReady();
    this.screen.drawChanges(now);
  };

  #update(readable) {
    if (readable) this.transport.update(this.player);
    this.#sayEnd();
  }

  /** Say at the end why the run went no further, if something stopped it. */
  #sayEnd() {
    const { state, timeline, playing } = this.player;
    const { stopped } = state;
    const message = !playing && stopped && timeline.shown >= Math.min(stopped.good ?? stopped.frame, stopped.frame) ? stopped.message : '';
    this.notice.hidden = message === '';
    if (this.notice.textContent !== message) this.notice.textContent = message;
  }
}
