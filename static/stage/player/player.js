/**
 * What the visitor does with a run: play, pause, step, scrub, fork, edit. Pure, so that node can test it: time is passed in
 * (milliseconds), and what has to be asked for goes out through the connection.
 */
import { Connection } from '../connection/connection.js';
import { seenOf } from '../run/last_seen.js';
import { Presses } from './undo.js';

const IDLE_LIMIT_MS = 15 * 60 * 1000;
/** Ticks come a little early or late; a frame that is nearly due is shown. */
const NEARLY_MS = 8;
/** How long the steps in which a run diverges stay on screen, and the last of them. */
const FALL_MS = 110;
const END_OF_FALL_MS = 900;

/** @typedef {import('../connection/prefetch.js').Speed} Speed */
/** @typedef {import('../run/run_state.js').View} View */

export class Player {
  #lastActivity;
  #isReady;
  #isCalm;
  /** When the newest frame came on screen. */
  #shownAt = -Infinity;
  /** Whether somebody may train on now; a lesson asks first. */
  mayTrain = () => true;
  /** At so many epochs a frame, each frame stays for so long at least: a lesson's run is to be seen. */
  pace = { epochs: 0, stay: 0 };
  /** Undo and redo, as the keys ask for them. */
  presses = new Presses(this);

  /**
   * @param {{send: (request: Object) => void, firstId?: number, now?: number, left?: import('../run/last_seen.js').Seen|null,
   *   isReady?: (frame: Object) => boolean, timeline?: import('../run/timeline.js').Timeline, isCalm?: () => boolean}} options
   *   `isReady`: whether the next frame can be shown; `isCalm`: whether the visitor wants little movement
   */
  constructor({ send, firstId = 0, now = 0, left = null, isReady = () => true, timeline, isCalm = () => false }) {
    this.#isReady = isReady;
    this.#isCalm = isCalm;
    this.connection = new Connection({ send, firstId, left, timeline });
    this.#lastActivity = now;
  }

  get state() {
    return this.connection.state;
  }

  get timeline() {
    return this.connection.timeline;
  }

  get playing() {
    return this.connection.playing;
  }

  /** @returns {Speed} */
  get speed() {
    return this.connection.speed;
  }

  /** Grows with what is visible. */
  get version() {
    return this.connection.version;
  }

  /** What is on screen is to be drawn again. */
  redraw() {
    this.connection.version++;
  }

  /** Where the timeline's thumb belongs: the frame asked for, even before it arrived. */
  get position() {
    return this.connection.pending.target ?? this.timeline.shown;
  }

  get atStop() {
    return this.state.endsBy(this.timeline.shown);
  }

  /** Training can't go on, and the frame where it stopped has been on screen; a run that diverges is back on its last good one. */
  get stopSeen() {
    return this.state.endsBy(this.timeline.furthest) && !(this.playing && this.state.isFalling(this.timeline.shown));
  }

  /** How long the frame on screen is to stay there. */
  #stay(now) {
    const { state, timeline } = this;
    const { unit, amount } = this.speed;
    const isPaced = unit === 'epoch' && amount === this.pace.epochs;
    const usual = Math.max(this.connection.stay(now), isPaced ? this.pace.stay : 0);
    if (this.#isCalm() || !state.isFalling(timeline.shown + 1)) return usual;
    return Math.max(usual, FALL_MS);
  }

  /** At the end: a run that diverged has been seen to do so, and goes back to its last good frame. */
  #end(now) {
    const { state, timeline } = this;
    if (!state.isFalling(timeline.shown)) {
      this.connection.rest();
      return;
    }
    if (!this.#isCalm() && now - this.#shownAt < END_OF_FALL_MS) return;
    this.scrub(state.stopped.good, now);
    this.connection.rest();
  }

  /** Whoever wants little movement sees where a run that diverges ends, not the way there. */
  #skipFall() {
    const { state, timeline } = this;
    if (!this.#isCalm() || !state.isFalling(timeline.shown + 1)) return;
    const last = Math.min(timeline.ready.end, state.stopped.frame);
    if (last > timeline.shown) timeline.show(last);
  }

  /** One display tick: advance by at most one frame, ask for more, repeat what went unanswered. */
  tick(now) {
    const { connection } = this;
    if (this.playing && now - this.#lastActivity > IDLE_LIMIT_MS) this.pause(this.#lastActivity);
    if (connection.hidden) return;
    connection.repeatOverdue(now);
    connection.watchServer(now);
    this.presses.next(now);
    if (this.playing && !connection.isReplaying) {
      const isDue = now - this.#shownAt >= this.#stay(now) - NEARLY_MS;
      this.#skipFall();
      if (isDue && this.timeline.advance(this.#isReady)) {
        this.#shownAt = now;
        this.redraw();
      }
      if (this.atStop) this.#end(now);
    }
    connection.pump(now);
  }

  play(now) {
    const { connection } = this;
    this.activity(now);
    if (!this.state.run || !this.mayTrain() || (this.atStop && !this.state.goPastStop())) return;
    connection.resetting = false;
    connection.pending.forgetMoves();
    connection.setPlaying(true);
    connection.changed(now);
  }

  pause(now) {
    this.activity(now);
    this.connection.rest();
    this.connection.changed(now);
  }

  /** Train one mini-batch or one epoch on from the frame on screen. @param {'step'|'epoch'} unit */
  step(unit, now) {
    this.activity(now);
    if (!this.state.run || !this.mayTrain()) return;
    this.#halt({ keepSteps: true });
    if (!this.atStop || this.state.goPastStop()) this.connection.pending.queueStep(unit);
    this.connection.changed(now);
  }

  reset(now) {
    this.activity(now);
    this.#halt();
    this.connection.recovery.giveUp();
    this.connection.resetting = true;
    this.#ask({ kind: 'reset' }, now);
  }

  /** Go back to the run before this one, or on again to a later one. @param {'undo'|'redo'} kind */
  changeRun(kind, now) {
    this.activity(now);
    const run = this.state[kind]?.run;
    if (!run || this.connection.awaits(kind)) return;
    this.#halt();
    const seen = seenOf(run);
    this.#ask({ kind, ...(seen ? { frame: seen.frame, steps: seen.steps } : {}) }, now);
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

  #changeBranch(request, now) {
    this.activity(now);
    if (!this.state.run) return;
    // What was trained beyond what was seen is no part of the branch that is left.
    const furthest = this.#lastToKeep;
    this.#halt();
    this.#ask({ ...request, furthest }, now);
  }

  /** The last frame of the run as it is now: an edit that was undone is no part of it. */
  get #lastToKeep() {
    const { position, timeline } = this;
    const undone = position === timeline.undoneTo && this.state.edits.includes(position + 1);
    return undone ? position : timeline.furthest;
  }

  requestSync(now) {
    this.connection.askForSync();
    this.connection.pump(now);
  }

  /** Go to a frame of the past. */
  scrub(number, now) {
    const { connection, timeline } = this;
    this.activity(now);
    if (!this.state.run) return;
    this.#halt();
    const wanted = Math.max(0, Math.min(timeline.furthest, Math.round(number)));
    const nearest = timeline.nearestSeen(wanted);
    if (nearest !== null) timeline.show(nearest);
    if (nearest === wanted) connection.completeFrame();
    else connection.pending.askToShow(wanted);
    connection.changed(now);
  }

  /** Get a frame of the past without going there, if there is nothing else to ask. @returns {boolean} whether it is asked for */
  fetch(number, now) {
    const { pending, channel, isReplaying } = this.connection;
    if (this.playing || isReplaying || channel.inflight || pending.next || pending.target !== null) return false;
    pending.put({ kind: 'show', frame: number });
    this.connection.changed(now);
    return true;
  }

  /** Set a parameter by hand: a frame of its own after frame `base`, where another edit from `base` takes its place. */
  edit(base, index, value, now) {
    this.#halt();
    this.connection.channel.invalidate();
    this.#ask({ kind: 'edit', frame: base, index, value }, now);
  }

  /** Go to a place of the landscape, on a branch: to the server a frame made by hand. @param {{landscape: number, x: number, y: number}} place */
  goToPlace(place, now) {
    if (!this.mayTrain()) return;
    this.#changeBranch({ kind: 'place', frame: this.position, ...place }, now);
  }

  /** Whether an edit waits for its answer. */
  get editing() {
    return this.connection.awaits('edit') || this.connection.awaits('place');
  }

  get landscape() {
    return this.connection.landscape;
  }

  /** Ask for more of the landscape, when there is nothing else to ask for. */
  lookAtLandscape(now) {
    const { connection, landscape, timeline, state } = this;
    if (!state.run || !timeline.shownFrame || connection.isReplaying || connection.awaits('landscape')) return;
    if (this.playing && state.isFalling(timeline.shown)) return;
    connection.pending.aside = landscape.toAsk({ shown: timeline.shown, furthest: timeline.furthest, playing: this.playing, version: state.version, now });
  }

  /** @param {Speed} speed */
  setSpeed(speed, now) {
    const { connection } = this;
    this.activity(now);
    if (speed.unit === this.speed.unit && speed.amount === this.speed.amount) return;
    connection.speed = speed;
    connection.dropAfter(this.timeline.furthest);
    connection.changed(now);
  }

  /** The view that is wanted: asked for already, or the one there is. */
  get wantedView() {
    const { channel, pending } = this.connection;
    const asked = pending.peek('view') ?? (channel.inflight?.purpose === 'view' ? channel.inflight.body : null);
    const { id, hidden, kind, frame, ...view } = { ...this.state.view, ...asked };
    return view;
  }

  /** Choose what the hidden-layer panel shows, or which optional parts frames bring. @param {Partial<View>} change */
  setView(change, now) {
    if (!this.state.run) return;
    if (this.state.isDrawnHere && !change.shows) {
      this.state.hiddenView.look(change);
      this.redraw();
      return;
    }
    const view = { ...this.wantedView, ...change };
    this.connection.dropAfter(this.timeline.furthest);
    this.#ask({ kind: 'view', frame: this.timeline.shown, ...view }, now);
  }

  setHidden(hidden, now) {
    const { connection } = this;
    connection.hidden = hidden;
    // A page in the background hears nothing, and that is nobody's fault.
    if (!hidden && connection.channel.owedSince !== null) connection.channel.heard(now);
    connection.pump(now);
  }

  /** Someone is there: pointer or keyboard. */
  activity(now) {
    this.#lastActivity = now;
  }

  /** Play no further, and go to no frame that was asked for before. */
  #halt(options) {
    this.connection.setPlaying(false);
    this.connection.pending.forgetMoves(options);
  }

  /** @param {{kind: string, [key: string]: *}} request */
  #ask(request, now) {
    this.connection.pending.put(request);
    this.connection.changed(now);
  }
}
