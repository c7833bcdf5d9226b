/**
 * The stage of a race: one player, whose frames tell of all lanes at once, so that they can't be apart; a card for each
 * lane, and below what compares them. What is shared with the stage of a single run is the player, and what it is made of.
 */
import { checkbox, element, setAttribute, setText } from '../../kit/dom.js';
import { watchPixelRatio } from '../../kit/pixel_ratio.js';
import { keepPreference, preference } from '../../kit/preferences.js';
import { ThemeWatch } from '../../kit/theme.js';
import { decode } from '../../messages/decode.js';
import { frameNumber, stepsDone } from '../../messages/frame.js';
import { onLeave } from '../../messages/page_change.js';
import { StageCommands } from '../../stage/commands/commands.js';
import { ConnectionNotice } from '../../stage/controls/connection_notice.js';
import { Notices, RECOVERED } from '../../stage/controls/notices.js';
import { hiddenGroups } from '../../stage/page/link_hiding.js';
import { watchPaper } from '../../stage/page/paper.js';
import { StageLink } from '../../lessons/stage_link.js';
import { attachPlotly } from '../../plot/load_plotly.js';
import { Player } from '../../stage/player/player.js';
import { keepForReload, lastSeen, noteSeen } from '../../stage/run/last_seen.js';
import { colourLanes } from '../shared/lane_look.js';
import { clockText, momentText } from './clock.js';
import { DifferencePanel } from './difference_panel.js';
import { LaneCard } from './lane_card.js';
import { LossesPanel } from './losses_panel.js';
import { NumbersPanel } from './numbers_panel.js';
import { clockOf, lanesOf, numbersOf } from './race_frame.js';
import { RaceTimeline } from './race_timeline.js';
import { RaceTransport } from './race_transport.js';

/** While frames play, numbers and words change this often: faster than that nobody reads. */
const NUMBERS_MS = 60;
const LOOK_MS = 200;
/** Frames whose pictures are made ahead of the one on screen. */
const AHEAD = 2;
const MOST_LANES = 4;

export class RaceStage {
  #ready = false;
  #nextNumbers = -Infinity;
  #nextLook = -Infinity;
  #drawnVersion = -1;
  #hasAskedForCharts = false;
  #drawnFrame = null;
  #drawnRun = 0;
  #unreadable = false;
  #colours = new ThemeWatch();
  #animation = 0;
  #listeners = new AbortController();
  /** What the newest message says of lanes that stopped. @type {({frame: number, message: string}|null)[]} */
  #stops = [];
  /** @type {LaneCard[]} */
  #cards = [];
  #theme = null;

  /**
   * @param {HTMLElement} host
   * @param {(name: string) => (value: Object) => void} trigger
   * @param {{page?: string, guide?: import('../../lessons/guide.js').Guide}} [options] the page, for whoever comes back to it; `guide`: of the lesson that races
   */
  constructor(host, trigger, { page = 'compare', guide } = {}) {
    this.page = page;
    const time = () => performance.now();
    const send = trigger('request');
    this.open = trigger('open');
    this.timeline = new RaceTimeline();
    this.player = new Player({
      send: (request) => send({ ...request, shown: this.timeline.shown }),
      firstId: Date.now(),
      now: time(),
      left: lastSeen(page),
      isReady: (frame) => this.#isReady(frame),
      timeline: this.timeline,
    });
    const { player } = this;
    this.transport = new RaceTransport({
      play: () => player.play(time()),
      pause: () => player.pause(time()),
      step: () => player.step('epoch', time()),
      reset: () => player.reset(time()),
      speed: (speed) => player.setSpeed(speed, time()),
      scrub: (frame) => player.scrub(frame, time()),
    });
    this.notices = new Notices({
      goOn: () => player.play(time()),
      goTo: (frame) => player.scrub(frame, time()),
      changeRun: () => {},
    }, (news) => this.#newsInWords(news));
    this.connectionNotice = new ConnectionNotice((progress) => this.#replayingInWords(progress));
    this.losses = new LossesPanel();
    this.numbers = new NumbersPanel();
    this.difference = new DifferencePanel(() => this.#redraw());
    this.fairness = element('p', { class: 'nn-fairness' });
    this.lanes = element('div', { class: 'nn-lanes', 'data-testid': 'lanes' });
    this.testBox = checkbox('Test points', preference('testPoints', false), (checked) => this.#setLook('testPoints', checked));
    this.crispBox = checkbox('Discretise', preference('discretize', false), (checked) => this.#setLook('discretize', checked));
    const aboutLanes = element('div', { class: 'nn-about-lanes' }, this.fairness, element('div', { class: 'nn-controls' }, this.crispBox, this.testBox));
    const panels = element('div', { class: 'nn-panels nn-race-panels' }, this.lanes, this.losses.root, this.numbers.root, this.difference.root);
    this.root = element('div', { class: 'nn-stage nn-race', 'data-testid': 'race', 'data-playing': 'false', 'data-ready': 'false' });
    this.root.append(this.transport.root, this.connectionNotice.root, this.notices.root, aboutLanes, panels);
    this.#hide({ transport: [this.transport.root], boundary: [this.lanes, aboutLanes], loss: [this.losses.root, this.numbers.root], hidden: [this.difference.root] });
    host.replaceChildren(this.root);
    this.#listen();
    const { signal } = this.#listeners;
    this.commands = new StageCommands({ player, transport: /** @type {any} */ (this.transport), root: this.root, onChange: () => this.refresh(), signal, guide });
    this.lesson = guide ? new StageLink(guide, { player, transport: this.transport, root: this.root, now: time, setLog: (log) => this.losses.setLog(log) }) : null;
    this.refresh();
    this.#animation = requestAnimationFrame(this.#loop);
  }

  /** Take a message as it came. @param {Uint8Array} bytes */
  receive(bytes) {
    try {
      const message = decode(bytes);
      this.#unreadable = false;
      this.#stops = message.header.stops ?? [];
      this.player.connection.receive(message, performance.now());
    } catch (error) {
      console.error('nnplay:', error);
      this.#unreadable = true;
      this.player.redraw();
    }
    if (!this.player.state.run) this.player.requestSync(performance.now());
  }

  moveTo(host) {
    host.replaceChildren(this.root);
    this.lesson?.take();
  }

  /** Take over the theme's colours, and the screen's pixels, if they changed. */
  refresh() {
    const theme = this.#colours.changed(this.root);
    if (!theme) return;
    this.#theme = theme;
    colourLanes(this.root, theme.dark);
    for (const { map } of this.#cards) map.setTheme(theme);
    this.losses.setTheme(theme);
    this.difference.setTheme(theme);
    this.#redraw();
  }

  destroy() {
    cancelAnimationFrame(this.#animation);
    this.#listeners.abort();
    this.commands.destroy();
    this.lesson?.destroy();
    this.notices.stay();
    for (const card of this.#cards) card.destroy();
    for (const panel of [this.losses, this.numbers, this.difference]) panel.destroy();
  }

  get #race() {
    return this.player.state.run;
  }

  get #clock() {
    return this.#race?.info.clock ?? 'epochs';
  }

  get #names() {
    return this.#race.info.lanes.map(({ name }) => name);
  }

  #hide(groups) {
    const hidden = hiddenGroups(window.location.search);
    for (const name of hidden) for (const node of groups[name] ?? []) node.hidden = true;
  }

  /** @param {'testPoints'|'discretize'} name */
  #setLook(name, checked) {
    keepPreference(name, checked);
    for (const { map } of this.#cards) map.look(name === 'testPoints' ? { showTest: checked } : { crisp: checked });
  }

  /** What is on screen is to be drawn again, though the frame is the same. */
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
    const { player } = this;
    const { signal } = this.#listeners;
    const active = () => player.activity(performance.now());
    for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel']) document.addEventListener(name, active, { signal, passive: true, capture: true });
    watchPaper(this.root, () => this.refresh(), signal);
    watchPixelRatio(() => this.refresh(), signal);
    const visibility = () => player.setHidden(document.hidden, performance.now());
    document.addEventListener('visibilitychange', visibility, { signal });
    visibility();
    onLeave(() => player.pause(performance.now()), signal);
    window.addEventListener('pagehide', () => keepForReload(this.page, true), { signal });
  }

  /** Whether all lanes of the next frame can be shown: none goes ahead of the others. */
  #isReady(frame) {
    if (!this.#race || this.player.state.version !== this.#drawnRun) return true;
    const lanes = lanesOf(frame, this.#names);
    // Of all of them, so that each learns how long its pictures take.
    return lanes.map((lane, k) => this.#cards[k].pictures.isNextReady(lane)).every(Boolean);
  }

  #loop = (now) => {
    this.#animation = requestAnimationFrame(this.#loop);
    this.player.tick(now);
    this.#askForPictures();
    if (now >= this.#nextLook) {
      this.#nextLook = now + LOOK_MS;
      this.connectionNotice.update(this.player, this.root);
    }
    if (!this.#ready) this.#announceReady();
    if (this.player.version === this.#drawnVersion) return;
    this.#drawnVersion = this.player.version;
    this.#draw(now);
  };

  #askForPictures() {
    const { state, playing } = this.player;
    const frame = this.timeline.shownFrame;
    if (!frame || !state.run || state.version !== this.#drawnRun || this.lanes.hidden) return;
    const names = this.#names;
    const next = playing ? this.timeline.next(AHEAD) : [];
    this.#cards.forEach((card, k) => card.ask(lanesOf(frame, names)[k], playing, next.map((each) => lanesOf(each, names)[k])));
  }

  #announceReady() {
    this.#ready = this.#drawnFrame !== null && (this.losses.drawn || Boolean(this.losses.root.hidden));
    setAttribute(this.root, 'data-ready', String(this.#ready));
    if (!this.#ready || this.#hasAskedForCharts) return;
    this.#hasAskedForCharts = true;
    attachPlotly(this.root, [this.losses], this.#listeners.signal);
  }

  #draw(now) {
    const { player, timeline } = this;
    const { state } = player;
    if (state.run && state.version !== this.#drawnRun) this.#startRace(state.run);
    const readable = now >= this.#nextNumbers || !player.playing;
    if (readable) {
      this.#nextNumbers = now + NUMBERS_MS;
      this.transport.update(player);
    }
    setAttribute(this.root, 'data-playing', String(player.playing));
    this.notices.update(player, this.#unreadable, this.root);
    const frame = timeline.shownFrame;
    if (!frame || !state.run) return;
    this.#noteSeen(frame);
    if (!this.#drawLanes(frame, readable)) return; // the pictures are under way
    this.losses.draw({ frame, timeline, playing: player.playing, stops: this.#stops });
    if (readable) this.numbers.show(frame, timeline);
    if (frame !== this.#drawnFrame) this.#showAttributes(frame);
    this.#drawnFrame = frame;
    this.lesson?.see(clockOf(frame), player);
  }

  /** Draw the lanes, all or none. @returns {boolean} whether there was a picture of each */
  #drawLanes(frame, readable) {
    if (this.lanes.hidden) return true;
    const drawn = lanesOf(frame, this.#names).map((lane, k) => this.#cards[k].pictures.of(lane));
    if (!drawn.every(Boolean)) return false;
    this.#cards.forEach((card, k) => {
      card.map.draw(drawn[k]);
      card.say(this.#stops[k] ?? null, this.timeline.shown);
      card.point.show(drawn[k]);
    });
    if (!this.difference.root.hidden) this.difference.draw(drawn, readable);
    return true;
  }

  #startRace(race) {
    this.#drawnRun = this.player.state.version;
    this.#drawnFrame = null;
    const { lanes, fairness } = race.info;
    while (this.#cards.length > lanes.length) {
      const card = this.#cards.pop();
      card.root.remove();
      card.destroy();
    }
    while (this.#cards.length < Math.min(lanes.length, MOST_LANES)) this.#addCard();
    setAttribute(this.lanes, 'data-lanes', String(lanes.length));
    setText(this.fairness, fairness);
    this.testBox.hidden = !lanes.some(({ info }) => info.has_test);
    this.transport.setRun(race);
    for (const card of this.#cards) card.setRun(race);
    for (const panel of [this.losses, this.numbers, this.difference]) panel.setRun(race);
    this.#askForPictures();
  }

  #addCard() {
    const card = new LaneCard(this.#cards.length, {
      onArrival: () => this.#drawAtOnce(),
      onPoint: () => this.player.redraw(),
      pointAt: (place) => this.#pointAt(place),
      open: (index) => this.open({ id: Date.now(), lane: index, frame: this.timeline.shown }),
    });
    card.map.look({ showTest: preference('testPoints', false), crisp: preference('discretize', false) });
    if (this.#theme) card.map.setTheme(this.#theme);
    this.#cards.push(card);
    this.lanes.append(card.root);
  }

  /** One points at a place in one of the lanes: each says what it answers there. @param {number[]|null} place */
  #pointAt(place) {
    for (const { point } of this.#cards) point.at(place);
  }

  /** Take note of what is on screen; not of what is there only until the server has trained a race again. */
  #noteSeen(frame) {
    const { state, connection } = this.player;
    if (connection.isReplaying) return;
    const { recipe } = connection.recovery;
    const { furthest, shown } = this.timeline;
    noteSeen(this.page, { run: state.id, frame: shown, furthest, toLose: false, recipe, steps: stepsDone(frame), view: undefined });
  }

  #newsInWords({ what, why, epoch }) {
    if (what === 'lost') return { message: why, advice: '' };
    return { message: RECOVERED[why] ?? '', advice: `Your race went on from ${momentText(this.#clock, epoch)}.` };
  }

  /** @param {[number, number]} progress epochs, or milliseconds */
  #replayingInWords([done, all]) {
    const unit = this.#clock === 'time' ? 1000 : 1;
    return `Training the race again: ${clockText(this.#clock, done / unit)} of ${momentText(this.#clock, all / unit)}`;
  }

  /** For whoever looks at the page from outside. */
  #showAttributes(frame) {
    const of = (/** @type {(lane: import('./race_frame.js').LaneNumbers) => number} */ value) =>
      this.#race.info.lanes.map(({ info }, k) => value(numbersOf(frame, k, info.steps_per_epoch))).join(' ');
    setAttribute(this.root, 'data-run', this.player.state.id);
    setAttribute(this.root, 'data-frame', String(frameNumber(frame)));
    setAttribute(this.root, 'data-clock', String(clockOf(frame)));
    setAttribute(this.root, 'data-step', String(stepsDone(frame)));
    setAttribute(this.root, 'data-epochs', of(({ epoch }) => epoch));
    setAttribute(this.root, 'data-steps', of(({ steps }) => steps));
    setAttribute(this.root, 'data-seconds', of(({ seconds }) => seconds));
    setAttribute(this.root, 'data-train-losses', of(({ trainLoss }) => trainLoss));
  }
}
