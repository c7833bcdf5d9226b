/**
 * What is shown, what is buffered and what to ask for next: the stage's state machine. Pure, so that node can test it:
 * time is passed in (milliseconds), requests go out through a callback, and `version` grows with what is visible.
 */
import { lastToKeep } from './edit_history.js';
import { frameNumber, viewId } from './frame.js';
import { framesToAsk } from './prefetch.js';
import { RequestChannel } from './request_channel.js';
import { RunState } from './run_state.js';
import { Timeline } from './timeline.js';
import { Wishes } from './wishes.js';

const IDLE_LIMIT_MS = 15 * 60 * 1000;

/** @typedef {{unit: 'step'|'epoch', amount: number}} Speed */
/** @typedef {import('./run_state.js').View} View */

export class Player {
  version = 0;
  playing = false;
  hidden = false;
  /** @type {Speed} */
  speed = { unit: 'epoch', amount: 1 };
  state = new RunState();
  timeline = new Timeline();

  #channel;
  #wishes = new Wishes();
  #lastSeq = -1;
  #fresh = true;
  #resetting = false;
  #lastActivity;

  /** @param {{send: (request: Object) => void, firstId?: number, now?: number}} options */
  constructor({ send, firstId = 0, now = 0 }) {
    this.#channel = new RequestChannel((request) => send({ ...request, run: this.state.id, controls: this.state.controls }), firstId);
    this.#lastActivity = now;
  }

  /** Where the timeline's thumb belongs: the frame asked for, even before it arrived. */
  get position() {
    return this.#wishes.target ?? this.timeline.shown;
  }

  get atStop() {
    return this.state.endsBy(this.timeline.shown);
  }

  /** Training can't go on, and the frame where it stopped has been on screen. */
  get stopSeen() {
    return this.state.endsBy(this.timeline.furthest);
  }

  /** Take a decoded message. @param {import('./decode.js').Message} message @param {number} now */
  receive({ header, statics, frames }, now) {
    const sameRun = header.run === this.state.id;
    if (header.seq <= this.#lastSeq && (sameRun || header.kind !== 'sync')) return;
    this.#lastSeq = header.seq;
    if (header.kind === 'sync') this.#replaceAll(header, statics, frames[0], now);
    else if (sameRun) this.#extend(header, frames, now);
    else this.#wishes.put({ kind: 'sync' });
    if (header.carry_over && header.run === this.state.id) this.#carryOver();
    this.#changed(now);
  }

  /** One display tick: advance by at most one frame, ask for more, repeat what went unanswered. */
  tick(now) {
    if (this.playing && now - this.#lastActivity > IDLE_LIMIT_MS) this.pause(this.#lastActivity);
    if (this.hidden) return;
    const overdue = this.#channel.takeOverdue(now);
    if (!this.playing || overdue?.purpose !== 'step') this.#wishes.putBack(overdue);
    if (this.playing) {
      if (this.timeline.advance()) this.version++;
      if (this.atStop) this.#setPlaying(false);
    }
    this.#pump(now);
  }

  play(now) {
    this.activity(now);
    if (!this.state.run || (this.atStop && !this.state.goPastStop())) return;
    this.#resetting = false;
    this.#wishes.forgetMoves();
    this.#setPlaying(true);
    this.#changed(now);
  }

  pause(now) {
    this.activity(now);
    this.#setPlaying(false);
    this.#redrawIfOldView();
    this.#changed(now);
  }

  /** Train one mini-batch or one epoch on from the frame on screen. @param {'step'|'epoch'} unit */
  step(unit, now) {
    this.activity(now);
    if (!this.state.run) return;
    this.#setPlaying(false);
    this.#wishes.forgetMoves({ keepSteps: true });
    if (!this.atStop || this.state.goPastStop()) this.#wishes.queueStep(unit);
    this.#changed(now);
  }

  reset(now) {
    this.activity(now);
    this.#setPlaying(false);
    this.#wishes.forgetMoves();
    this.#resetting = true;
    this.#wishes.put({ kind: 'reset' });
    this.#changed(now);
  }

  /** Keep this run as a branch, and go on from the frame shown on a new one. */
  fork(now) {
    if (this.state.canFork) this.#changeBranch({ kind: 'fork', frame: this.position }, now);
  }

  /** Go over to the end of another branch. */
  chooseBranch(name, now) {
    if (name !== this.state.branch) this.#changeBranch({ kind: 'branch', name }, now);
  }

  deleteBranch(name, now) {
    this.#changeBranch({ kind: 'delete_branch', name }, now);
  }

  #changeBranch(wish, now) {
    this.activity(now);
    if (!this.state.run) return;
    this.#setPlaying(false);
    // What was trained beyond what was seen is no part of the branch that is left.
    const furthest = lastToKeep(this);
    this.#wishes.forgetMoves();
    this.#wishes.put({ ...wish, furthest });
    this.#changed(now);
  }

  /** Other data are to be learned from the frame on screen on: tell the server which that is. */
  #carryOver() {
    const asked = this.#wishes.has('carry_over') || this.#channel.inflight?.purpose === 'carry_over';
    if (!asked) this.#wishes.put({ kind: 'carry_over', frame: this.timeline.shown });
  }

  requestSync(now) {
    this.#wishes.put({ kind: 'sync' });
    this.#pump(now);
  }

  /** Go to a frame of the past. */
  scrub(number, now) {
    this.activity(now);
    if (!this.state.run) return;
    this.#setPlaying(false);
    this.#wishes.forgetMoves();
    const wanted = Math.max(0, Math.min(this.timeline.furthest, Math.round(number)));
    const nearest = this.timeline.nearestSeen(wanted);
    if (nearest !== null) this.timeline.show(nearest);
    if (nearest === wanted) this.#redrawIfOldView();
    else this.#wishes.askToShow(wanted);
    this.#changed(now);
  }

  /** Set a parameter by hand: a frame of its own after frame `base`, where another edit from `base` takes its place. */
  edit(base, index, value, now) {
    this.#setPlaying(false);
    this.#wishes.forgetMoves();
    this.#channel.invalidate();
    this.#wishes.put({ kind: 'edit', frame: base, index, value });
    this.#changed(now);
  }

  /** Whether an edit waits for its answer. */
  get editing() {
    return this.#wishes.has('edit') || this.#channel.inflight?.purpose === 'edit';
  }

  /** @param {Speed} speed per frame */
  setSpeed(speed, now) {
    this.activity(now);
    if (speed.unit === this.speed.unit && speed.amount === this.speed.amount) return;
    this.speed = speed;
    this.#dropAfter(this.timeline.furthest);
    this.#changed(now);
  }

  /** The view that is wanted: asked for already, or the one there is. */
  get wantedView() {
    const { inflight } = this.#channel;
    const wish = this.#wishes.peek('view') ?? (inflight?.purpose === 'view' ? inflight.body : null);
    const { id, hidden, kind, frame, ...view } = { ...this.state.view, ...wish };
    return view;
  }

  /** Choose what the hidden-layer panel shows, or which optional parts frames bring. @param {Partial<View>} change */
  setView(change, now) {
    if (!this.state.run) return;
    const view = { ...this.wantedView, ...change };
    this.#dropAfter(this.timeline.furthest);
    this.#wishes.put({ kind: 'view', frame: this.timeline.shown, ...view });
    this.#changed(now);
  }

  setHidden(hidden, now) {
    this.hidden = hidden;
    this.#pump(now);
  }

  /** Someone is there: pointer or keyboard. */
  activity(now) {
    this.#lastActivity = now;
  }

  #changed(now) {
    this.version++;
    this.#pump(now);
  }

  #setPlaying(playing) {
    this.playing = playing;
    this.version++;
  }

  #replaceAll(header, statics, frame, now) {
    const changed = header.run !== this.state.id;
    const purpose = this.#channel.settle(header.reply, now)?.purpose;
    // A run that doesn't begin at its beginning was opened from a file: it is shown as it was saved.
    const opened = changed && frameNumber(frame) > 0 && purpose !== 'carry_over';
    if (this.#resetting || opened || !(changed || purpose === 'frames')) this.playing = false;
    if (changed) this.#resetting = false;
    this.state.start(header, statics);
    this.#channel.invalidate();
    this.#wishes.forgetRun();
    this.#fresh = true;
    this.timeline.start(statics, frame, header.info.steps_per_epoch);
  }

  #extend(header, frames, now) {
    const answered = this.#channel.settle(header.reply, now);
    const stale = this.#channel.isStale(header.reply);
    const settingsGrew = this.state.settingsGrew(header);
    if (settingsGrew) this.#dropAfter(this.timeline.shown);
    this.state.addView(header.view);
    this.state.takeBranches(header);
    const picture = answered?.purpose === 'show' || answered?.purpose === 'view';
    if (picture) this.#takePicture(answered, frames[0]);
    else if (answered?.purpose === 'edit' && frames.length > 0) this.#takeEdit(answered, frames[0]);
    else if (answered?.purpose === 'replay' && !stale) this.#takeReplay(answered, frames);
    else if (!stale) this.#takeTraining(answered, frames);
    if (!stale || settingsGrew) this.state.takeStop(header.stopped, answered?.body);
    if (!stale && !picture && this.timeline.newest > header.last_frame) this.#fallBackTo(header.last_frame);
  }

  /** Frames of training count only where they join on to what is buffered. */
  #takeTraining(answered, frames) {
    if (frames.length === 0 || frameNumber(frames[0]) > this.timeline.newest + 1) return;
    for (const frame of frames) this.timeline.store(frame);
    this.#fresh = false;
    if (answered?.purpose === 'step' && !this.playing) this.timeline.show(frameNumber(frames[0]));
  }

  /** Frames of the past that follow each other, though some between them are gone. */
  #takeReplay(answered, frames) {
    if (frames.length === 0) this.#dropAfter(answered.body.from);
    this.timeline.storeChain(frames, answered.body.from);
  }

  /** An edit: what followed the frame that it started from is no more. */
  #takeEdit(answered, frame) {
    this.#dropAfter(answered.body.frame);
    this.timeline.store(frame);
    this.timeline.show(frameNumber(frame));
  }

  /** A frame of the past, drawn anew. */
  #takePicture(answered, frame) {
    const asked = answered.body.frame;
    const wanted = answered.purpose === 'view' ? asked === this.timeline.shown : asked === this.#wishes.target;
    if (asked === this.#wishes.target) this.#wishes.target = null;
    if (!frame || frameNumber(frame) > this.timeline.furthest) return;
    this.timeline.store(frame);
    if (wanted && !this.playing) this.timeline.show(frameNumber(frame));
  }

  /** The server no longer holds what came after `last`. */
  #fallBackTo(last) {
    if (this.timeline.frames.nearest(last, last) === null) this.#wishes.put({ kind: 'sync' });
    else this.#dropAfter(last);
  }

  #dropAfter(number) {
    this.timeline.dropAfter(number);
    this.state.forgetStopAfter(number);
    this.#channel.invalidate();
    this.#fresh = true;
  }

  #redrawIfOldView() {
    const frame = this.timeline.shownFrame;
    const old = frame && viewId(frame) !== this.state.view.id;
    if (old && !this.#wishes.has('view') && this.#wishes.target === null) this.#wishes.askToShow(this.timeline.shown);
  }

  #pump(now) {
    if (this.hidden) return;
    const { inflight } = this.#channel;
    const purpose = this.#wishes.next;
    if (purpose) {
      if (inflight && inflight.purpose !== 'frames' && inflight.purpose !== 'replay') return;
      const body = purpose === 'step' ? this.#stepBody() : this.#wishes.take(purpose);
      this.#channel.ask(purpose, body, now);
    } else if (!inflight && this.playing) this.#prefetch(now);
  }

  #stepBody() {
    this.#dropAfter(this.timeline.shown);
    return this.state.requestFrom(this.timeline.shown, { unit: this.#wishes.takeStep(), amount: 1, n: 1 });
  }

  /** Ask for what comes next: what was recorded and is no longer buffered, or else further training. */
  #prefetch(now) {
    const { newest, ready } = this.timeline;
    const recorded = ready.end < newest;
    if (!recorded && this.state.endsBy(newest)) return;
    const n = framesToAsk(ready.count, this.#channel.roundTrip, this.#fresh && !recorded, this.state.mostAhead);
    if (n <= 0) return;
    if (recorded) this.#channel.ask('replay', { kind: 'replay', from: ready.end, n }, now);
    else this.#channel.ask('frames', this.state.requestFrom(newest, { ...this.speed, n }), now);
  }
}
