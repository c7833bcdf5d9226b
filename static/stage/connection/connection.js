/**
 * The connection of a stage to the server: answers are put where they belong on the timeline, and what is wanted next is
 * asked for, one request at a time. What the visitor wants is said by `player/player.js`. Pure, so that node can test it:
 * requests go out through a callback.
 */
import { epochOf, frameNumber, stepsDone, viewId } from '../../messages/frame.js';
import { RequestChannel } from '../../messages/request_channel.js';
import { seenOf } from '../run/last_seen.js';
import { Landscape } from '../run/landscape.js';
import { RunState } from '../run/run_state.js';
import { Timeline } from '../run/timeline.js';
import { PendingRequests } from './pending_requests.js';
import { nextRequest } from './prefetch.js';
import { Recovery } from './recovery.js';

/** @typedef {import('./prefetch.js').Speed} Speed */
/** @typedef {import('../run/run_state.js').View} View */

/** What is asked aside while frames play waits so long for its turn, while these have to be asked for all the time. */
const ASIDE_MS = 700;

/** A server that owes an answer for so long keeps the visitor waiting, and that is said. */
const STALLED_MS = 3000;
/** Why answers come late is said for so long after one that did. */
const HELD_BACK_MS = 3000;

export class Connection {
  /** Grows with what is visible. */
  version = 0;
  playing = false;
  hidden = false;
  /** @type {Speed} */
  speed = { unit: 'epoch', amount: 1 };
  state = new RunState();
  timeline;
  pending = new PendingRequests();
  recovery = new Recovery();
  landscape = new Landscape();
  /**
   * That another run is on the stage: the one before is `kept`, because of what the server says, or one is `back`; or that a
   * run was `recovered`, or `taken up` from its network alone, or is `lost`.
   * @type {{what: 'kept'|'back'|'recovered'|'taken up'|'lost', why: string, epoch: number, run: string}|null}
   */
  news = null;
  /** What the server found wrong with a run, at a frame. @type {{run: string, frame: number, epoch: number, findings: Object[]}|null} */
  diagnosis = null;
  /** Takes frames that were asked for to be recorded. @type {(frames: Object[]) => void} */
  onRecorded = () => {};
  /** Whether the visitor began again, and the server has not answered yet. */
  resetting = false;
  /** Whether the server has owed an answer for long. */
  isStalled = false;
  #heldBack = { why: '', until: -Infinity };
  #lastSeq = -1;
  /** How many frames of training were asked for the last time, or null where none have come yet since a change. @type {number|null} */
  #askedLast = null;
  #holdUntil = -Infinity;
  #hurryUntil = -Infinity;
  #asideAt = -Infinity;
  #firstId;
  /** @type {import('../run/last_seen.js').Seen|null} where the run stood when the page was left */
  #left;

  /** @param {{send: (request: Object) => void, firstId?: number, left?: import('../run/last_seen.js').Seen|null, timeline?: Timeline}} options */
  constructor({ send, firstId = 0, left = null, timeline = new Timeline() }) {
    this.timeline = timeline;
    this.#left = left;
    this.#firstId = firstId;
    const more = () => ({ run: this.state.id, controls: this.state.controls, ...(this.recovery.holds.length > 0 ? { holds: this.recovery.holds } : {}) });
    this.channel = new RequestChannel((request) => send({ ...request, ...more() }), firstId);
  }

  // -- answers -------------------------------------------------------------------------------------------------------

  /** Take a decoded message. @param {import('../../messages/decode.js').Message} message @param {number} now */
  receive({ header, statics, frames }, now) {
    const sameRun = header.run === this.state.id;
    if (header.seq <= this.#lastSeq && (sameRun || header.kind !== 'sync')) return;
    if (this.#isOfLastVisit(header)) return;
    this.#lastSeq = header.seq;
    this.isStalled = false;
    if (header.held_back) this.#heldBack = { why: header.held_back, until: now + HELD_BACK_MS };
    const missing = this.recovery.missing(header, this.#held);
    if (missing) this.channel.abandon();
    const stays = missing !== null && this.state.run !== null; // until the server has it again
    if (header.kind === 'sync' && !stays) this.#replaceAll(header, statics, frames[0], now);
    else if (sameRun) this.#extend(header, statics, frames, now);
    else if (header.replaying) this.channel.settle(header.reply, now);
    else if (!stays) this.askForSync();
    const next = missing ?? this.recovery.hear(header, this.state.id);
    if (next) this.pending.put(next);
    if (header.carry_over && header.run === this.state.id) this.#carryOver();
    this.channel.heard(now);
    this.changed(now);
  }

  /** Why the server lets the visitor wait on purpose, in a sentence, or empty. @param {number} now */
  heldBack(now) {
    return this.playing && now < this.#heldBack.until ? this.#heldBack.why : '';
  }

  /** Whether a sync was said before the page was left, and shows another frame than the one that was on screen then. */
  #isOfLastVisit(header) {
    return !this.state.run && header.run === this.#left?.run && header.reply <= this.#firstId;
  }

  /** What is known of the run that was on screen last. @returns {import('./recovery.js').Held|null} */
  get #held() {
    const { state, timeline, recovery } = this;
    if (!state.run) return this.#left;
    return { run: state.id, recipe: recovery.recipe, texts: recovery.texts, steps: timeline.shownFrame ? stepsDone(timeline.shownFrame) : 0, events: state.eventsAt(timeline.shown) };
  }

  askForSync() {
    const { run, frame } = this.#left ?? {};
    this.pending.put({ kind: 'sync', ...(run && !this.state.run ? { left: { run, frame } } : {}) });
  }

  #replaceAll(header, statics, frame, now) {
    const changed = header.run !== this.state.id;
    const purpose = this.channel.settle(header.reply, now)?.purpose;
    const furthest = Math.min(this.#furthestOf(header), header.last_frame);
    if (changed || header.lost) this.news = this.#newsOf(header, frame);
    // A run that doesn't begin at its beginning was opened from a file: it is shown as it was saved.
    const opened = changed && frameNumber(frame) > 0 && purpose !== 'carry_over' && !header.recovered;
    if (this.resetting || opened || !(changed || header.recovered || purpose === 'frames')) this.playing = false;
    if (changed) this.resetting = false;
    this.state.start(header, statics, (seenOf(header.was) ?? (this.state.run ? null : this.#left))?.view);
    this.channel.invalidate();
    this.pending.forgetRun();
    this.#askedLast = null;
    this.timeline.start(statics, frame, header.info.steps_per_epoch, furthest);
    const seen = seenOf(header.was);
    if (changed && seen && seen.frame !== this.timeline.shown) this.pending.askToShow(seen.frame);
  }

  /** The last frame of a sync's run that was on screen before, or 0. */
  #furthestOf({ run, was }) {
    if (!this.state.run && run === this.#left?.run) return this.#left.furthest;
    return seenOf(was)?.furthest ?? 0;
  }

  /** What there is to be said of a new run that takes the place of one. @returns {Connection['news']} */
  #newsOf({ run, undo, redo, was, recovered, fresh_optimizer: fresh, lost, info }, frame) {
    if (lost) return { what: 'lost', why: lost, epoch: 0, run };
    if (recovered) return { what: fresh ? 'taken up' : 'recovered', why: this.recovery.why, epoch: epochOf(frame, info.steps_per_epoch), run };
    if (was) return { what: 'back', why: redo?.run === this.state.id ? 'undo' : 'redo', epoch: 0, run };
    const { shownFrame, stepsPerEpoch } = this.timeline;
    // Of a place nothing is said: a line above the panels would move what one points at.
    if (!this.state.run || undo?.run !== this.state.id || undo.why === 'place') return null;
    return { what: 'kept', why: undo.why, epoch: shownFrame ? epochOf(shownFrame, stepsPerEpoch) : 0, run };
  }

  #extend(header, statics, frames, now) {
    const answered = this.channel.settle(header.reply, now, frames.length);
    const stale = this.channel.isStale(header.reply);
    const settingsGrew = this.state.settingsGrew(header);
    if (settingsGrew) {
      this.dropAfter(this.timeline.shown);
      this.#holdUntil = -Infinity;
    }
    this.state.addView(header.view);
    this.state.takeBranches(header);
    if (header.diagnosis) this.diagnosis = { run: header.run, ...header.diagnosis };
    const picture = answered?.purpose === 'show' || answered?.purpose === 'view';
    const aside = answered?.purpose === 'recorded';
    if (aside) this.onRecorded(frames);
    else if (picture) {
      this.#takePicture(answered, frames[0]);
      // Whoever went elsewhere meanwhile is at a frame that the new view has not drawn.
      if (!this.playing) this.completeFrame();
    } else if (answered?.purpose === 'edit' && frames.length > 0) this.#takeEdit(answered, frames[0]);
    else if (answered?.purpose === 'landscape') this.landscape.take(header.landscape, statics, answered.body, { furthest: this.timeline.furthest, version: this.state.version, now });
    else if (answered?.purpose === 'replay' && !stale) this.#takeReplay(answered, frames);
    else if (!stale) this.#takeTraining(answered, frames);
    if (!stale || settingsGrew) this.state.takeStop(header.stopped, answered?.body);
    if (!stale && !picture && !aside && this.timeline.newest > header.last_frame) this.#fallBackTo(header.last_frame);
  }

  /** Frames of training count only where they join on to what is buffered. */
  #takeTraining(answered, frames) {
    if (frames.length === 0 || frameNumber(frames[0]) > this.timeline.newest + 1) return;
    for (const frame of frames) this.timeline.store(frame);
    this.#askedLast = answered?.body.n ?? frames.length;
    if (answered?.purpose === 'step' && !this.playing) this.timeline.show(frameNumber(frames[0]));
  }

  /** Frames of the past that follow each other, though some between them are gone. */
  #takeReplay(answered, frames) {
    if (frames.length === 0) this.dropAfter(answered.body.from);
    this.timeline.storeChain(frames, answered.body.from);
  }

  /** An edit: what followed the frame that it started from is no more. */
  #takeEdit(answered, frame) {
    this.dropAfter(answered.body.frame);
    this.timeline.store(frame);
    this.timeline.show(frameNumber(frame));
  }

  /** A frame of the past, drawn again. */
  #takePicture(answered, frame) {
    const asked = answered.body.frame;
    const wanted = answered.purpose === 'view' ? asked === this.timeline.shown : asked === this.pending.target;
    if (asked === this.pending.target) this.pending.target = null;
    if (!frame || frameNumber(frame) > this.timeline.furthest) return;
    this.timeline.store(frame);
    if (wanted && !this.playing) this.timeline.show(frameNumber(frame));
  }

  /** The server no longer holds what came after `last`. */
  #fallBackTo(last) {
    if (this.timeline.frames.nearest(last, last) === null) this.askForSync();
    else this.dropAfter(last);
  }

  /** Other data are to be learned from the frame on screen on: tell the server which that is. */
  #carryOver() {
    if (!this.awaits('carry_over')) this.pending.put({ kind: 'carry_over', frame: this.timeline.shown });
  }

  // -- questions -----------------------------------------------------------------------------------------------------

  /** Whether the server trains a run again, to put it on the stage. */
  get isReplaying() {
    return this.recovery.progress !== null || this.recovery.isUnderWay;
  }

  /** Whether a request of this kind waits to be sent, or to be answered. */
  awaits(purpose) {
    return this.pending.has(purpose) || this.channel.inflight?.purpose === purpose;
  }

  /**
   * Milliseconds that a frame is to stay on screen: where answers are slow, the frames that lie ready are spread over the time
   * until the next ones are there. 0 where there are enough.
   */
  stay(now) {
    const { lead } = this.timeline;
    return lead > 0 ? this.channel.remaining(now) / lead : 0;
  }

  /** Something visible changed, or something is to be asked for. */
  changed(now) {
    this.version++;
    this.pump(now);
  }

  setPlaying(playing) {
    this.playing = playing;
    this.version++;
  }

  /** What followed a frame is out of date, and so are answers under way. */
  dropAfter(number) {
    this.timeline.dropAfter(number);
    this.state.forgetStopAfter(number);
    this.channel.invalidate();
    this.#askedLast = null;
  }

  /** Play no further, and get the frame on screen with all that the view wants of it. */
  rest() {
    this.setPlaying(false);
    this.completeFrame();
    // Where something was changed on the way, the page's address says at which frame it rests.
    if (this.state.marks.length > 0 || this.state.edits.length > 0) this.pending.put({ kind: 'rest' });
  }

  completeFrame() {
    const frame = this.timeline.shownFrame;
    const whole = !frame || viewId(frame) === this.state.view.id;
    if (!whole && !this.pending.has('view') && this.pending.target === null) this.pending.askToShow(this.timeline.shown);
  }

  /** Notice whether the server keeps the visitor waiting. */
  watchServer(now) {
    const { channel } = this;
    if (!channel.inflight && !this.pending.next && !this.playing) channel.forgetDebt();
    const stalled = channel.owedSince !== null && now - channel.owedSince >= STALLED_MS;
    if (stalled === this.isStalled) return;
    this.isStalled = stalled;
    this.version++;
  }

  /** Ask again for what went unanswered too long. */
  repeatOverdue(now) {
    const overdue = this.channel.takeOverdue(now);
    if (!this.playing || overdue?.purpose !== 'step') this.pending.putBack(overdue);
  }

  /** Send the most urgent request; without one, ask for what playing needs next. */
  pump(now) {
    if (this.hidden) return;
    const { inflight } = this.channel;
    const purpose = this.pending.next;
    if (!purpose && this.isReplaying) return;
    if (purpose) {
      // What is wrong can wait for frames that are under way: Streamlit would drop them.
      if (inflight && (purpose === 'diagnose' || !['frames', 'replay', 'landscape', 'recorded'].includes(inflight.purpose))) return;
      const body = purpose === 'step' ? this.#stepBody() : this.pending.take(purpose);
      this.channel.ask(purpose, body, now);
    } else if (!inflight && !this.#askAside(now, ASIDE_MS)) {
      if (this.playing && now >= this.#holdUntil) this.#prefetch(now);
      if (!this.channel.inflight) this.#askAside(now);
    }
  }

  /** Ask for what nobody waits for, if it has waited for so long. @returns {boolean} whether it was */
  #askAside(now, waited = 0) {
    const { recorded, aside } = this.pending;
    if (!(recorded || aside) || (waited > 0 && now - this.#asideAt < waited)) return false;
    this.#asideAt = now;
    if (recorded) this.pending.recorded = null;
    else this.pending.aside = null;
    if (recorded) this.channel.ask('recorded', recorded, now);
    else this.channel.ask(aside.kind, aside, now);
    return true;
  }

  /** Ask for no further training until then, unless settings change before: it would be of settings that may be old by then. */
  holdBack(until) {
    this.#holdUntil = until;
  }

  /** Until then a control may be set, and each answer is to be brief: what the control does waits for the one under way. */
  hurry(until) {
    this.#hurryUntil = until;
  }

  /**
   * A setting is about to change, and what is asked now is trained by it: frames that lie ready are not. Not while the past
   * is played again: its frames are forgotten only when the server says that the setting did change.
   */
  anticipateSettings(now) {
    if (!this.playing || this.timeline.shown !== this.timeline.furthest || this.pending.next) return;
    this.dropAfter(this.timeline.shown);
    this.#holdUntil = -Infinity;
    this.pump(now);
  }

  #stepBody() {
    this.dropAfter(this.timeline.shown);
    return this.state.requestFrom(this.timeline.shown, { unit: this.pending.takeStep(), amount: 1, n: 1 });
  }

  #prefetch(now) {
    const { timeline, state, speed } = this;
    const request = nextRequest({ timeline, state, speed, pace: this.channel.pace, before: this.#askedLast });
    if (request) this.channel.ask(request.kind, now < this.#hurryUntil ? { ...request, haste: true } : request, now);
  }
}
