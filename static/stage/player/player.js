/**
 * What the visitor does with a run: play, pause, step, scrub, fork, edit. Pure, so that node can test it: time is passed in
 * (milliseconds), requests go out through a callback, and `version` grows with what is visible.
 */
import { Dialogue } from '../connection/connection.js';
import { seenOf } from '../run/last_seen.js';

const IDLE_LIMIT_MS = 15 * 60 * 1000;

/** @typedef {import('../connection/prefetch.js').Speed} Speed */
/** @typedef {import('../run/run_state.js').View} View */

export class Player extends Dialogue {
  #lastActivity;

  /** @param {{send: (request: Object) => void, firstId?: number, now?: number, left?: import('../run/last_seen.js').Seen|null}} options */
  constructor({ send, firstId = 0, now = 0, left = null }) {
    super({ send, firstId, left });
    this.#lastActivity = now;
  }

  /** Where the timeline's thumb belongs: the frame asked for, even before it arrived. */
  get position() {
    return this.wishes.target ?? this.timeline.shown;
  }

  get atStop() {
    return this.state.endsBy(this.timeline.shown);
  }

  /** Training can't go on, and the frame where it stopped has been on screen. */
  get stopSeen() {
    return this.state.endsBy(this.timeline.furthest);
  }

  /** One display tick: advance by at most one frame, ask for more, repeat what went unanswered. */
  tick(now) {
    if (this.playing && now - this.#lastActivity > IDLE_LIMIT_MS) this.pause(this.#lastActivity);
    if (this.hidden) return;
    this.repeatOverdue(now);
    this.watchServer(now);
    if (this.playing) {
      if (this.timeline.advance()) this.version++;
      if (this.atStop) this.rest();
    }
    this.pump(now);
  }

  play(now) {
    this.activity(now);
    if (!this.state.run || (this.atStop && !this.state.goPastStop())) return;
    this.resetting = false;
    this.wishes.forgetMoves();
    this.setPlaying(true);
    this.changed(now);
  }

  pause(now) {
    this.activity(now);
    this.rest();
    this.changed(now);
  }

  /** Train one mini-batch or one epoch on from the frame on screen. @param {'step'|'epoch'} unit */
  step(unit, now) {
    this.activity(now);
    if (!this.state.run) return;
    this.setPlaying(false);
    this.wishes.forgetMoves({ keepSteps: true });
    if (!this.atStop || this.state.goPastStop()) this.wishes.queueStep(unit);
    this.changed(now);
  }

  reset(now) {
    this.activity(now);
    this.setPlaying(false);
    this.wishes.forgetMoves();
    this.resetting = true;
    this.wishes.put({ kind: 'reset' });
    this.changed(now);
  }

  /** Go back to the run before this one, or on again to a later one. @param {'undo'|'redo'} kind */
  changeRun(kind, now) {
    this.activity(now);
    const run = this.state[kind]?.run;
    if (!run || this.awaits(kind)) return;
    this.setPlaying(false);
    this.wishes.forgetMoves();
    const seen = seenOf(run);
    this.wishes.put({ kind, ...(seen ? { frame: seen.frame } : {}) });
    this.changed(now);
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
    this.setPlaying(false);
    // What was trained beyond what was seen is no part of the branch that is left.
    const furthest = this.#lastToKeep;
    this.wishes.forgetMoves();
    this.wishes.put({ ...wish, furthest });
    this.changed(now);
  }

  /** The last frame of the run as it is now: an edit that was undone is no part of it. */
  get #lastToKeep() {
    const { position, timeline } = this;
    const undone = position === timeline.undoneTo && this.state.edits.includes(position + 1);
    return undone ? position : timeline.furthest;
  }

  requestSync(now) {
    this.wishForSync();
    this.pump(now);
  }

  /** Go to a frame of the past. */
  scrub(number, now) {
    this.activity(now);
    if (!this.state.run) return;
    this.setPlaying(false);
    this.wishes.forgetMoves();
    const wanted = Math.max(0, Math.min(this.timeline.furthest, Math.round(number)));
    const nearest = this.timeline.nearestSeen(wanted);
    if (nearest !== null) this.timeline.show(nearest);
    if (nearest === wanted) this.completeFrame();
    else this.wishes.askToShow(wanted);
    this.changed(now);
  }

  /** Set a parameter by hand: a frame of its own after frame `base`, where another edit from `base` takes its place. */
  edit(base, index, value, now) {
    this.setPlaying(false);
    this.wishes.forgetMoves();
    this.channel.invalidate();
    this.wishes.put({ kind: 'edit', frame: base, index, value });
    this.changed(now);
  }

  /** Whether an edit waits for its answer. */
  get editing() {
    return this.awaits('edit');
  }

  /** @param {Speed} speed per frame */
  setSpeed(speed, now) {
    this.activity(now);
    if (speed.unit === this.speed.unit && speed.amount === this.speed.amount) return;
    this.speed = speed;
    this.dropAfter(this.timeline.furthest);
    this.changed(now);
  }

  /** The view that is wanted: asked for already, or the one there is. */
  get wantedView() {
    const { inflight } = this.channel;
    const wish = this.wishes.peek('view') ?? (inflight?.purpose === 'view' ? inflight.body : null);
    const { id, hidden, kind, frame, ...view } = { ...this.state.view, ...wish };
    return view;
  }

  /** Choose what the hidden-layer panel shows, or which optional parts frames bring. @param {Partial<View>} change */
  setView(change, now) {
    if (!this.state.run) return;
    const view = { ...this.wantedView, ...change };
    this.dropAfter(this.timeline.furthest);
    this.wishes.put({ kind: 'view', frame: this.timeline.shown, ...view });
    this.changed(now);
  }

  setHidden(hidden, now) {
    this.hidden = hidden;
    // A page in the background hears nothing, and that is nobody's fault.
    if (!hidden && this.channel.owedSince !== null) this.channel.heard(now);
    this.pump(now);
  }

  /** Someone is there: pointer or keyboard. */
  activity(now) {
    this.#lastActivity = now;
  }
}
