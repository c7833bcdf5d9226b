/**
 * Undo and redo: of edits by hand, and of what put another run on the stage, the last thing first. An edit is a frame
 * (docs/protocol.md), so to undo is to go back to the frame before it and to redo is to go on to it; nothing is lost until
 * something else is done from there. A place of the landscape puts another run on the stage, with a branch of its own.
 */

/**
 * What is asked of the player, which imports this module.
 * @typedef {{state: import('../run/run_state.js').RunState, timeline: import('../run/timeline.js').Timeline,
 *   connection: import('../connection/connection.js').Connection, position: number, editing: boolean,
 *   scrub(number: number, now: number): void, changeRun(kind: 'undo'|'redo', now: number): void}} Changing
 */

/** What the run on the stage was changed by, and is kept as it was before. */
const CHANGES = ['place', 'branch'];

/** The frame that undo leads to, or null. @param {Changing} player */
export function frameToUndo({ state, timeline }) {
  const edited = state.edits.findLast((number) => number <= timeline.shown);
  if (edited === undefined || (state.places.includes(edited) && CHANGES.includes(state.undo?.why ?? ''))) return null;
  return edited - 1;
}

/** The frame that redo leads to, or null. @param {Changing} player */
export function frameToRedo({ state, timeline }) {
  const edited = state.edits.find((number) => number > timeline.shown);
  return edited === undefined || edited > timeline.furthest ? null : edited;
}

/** What a press of keys asks for: Ctrl+Z, or Ctrl+Shift+Z and Ctrl+Y. @param {KeyboardEvent} event @returns {'undo'|'redo'|null} */
export function undoKey({ key, ctrlKey, metaKey, altKey, shiftKey, defaultPrevented }) {
  if (defaultPrevented || altKey || !(ctrlKey || metaKey)) return null;
  if (key.toLowerCase() === 'z') return shiftKey ? 'redo' : 'undo';
  return key.toLowerCase() === 'y' && !shiftKey ? 'redo' : null;
}

/**
 * What was done last, and is to be undone or done again first: an edit by hand, or that another run took the place of one.
 * @param {Changing} player @param {'undo'|'redo'} which @returns {'edit'|'run'|null}
 */
export function nextToUndo(player, which) {
  const { state, timeline, editing } = player;
  const isRun = state[which] !== null;
  if (which === 'undo') return editing || frameToUndo(player) !== null ? 'edit' : isRun ? 'run' : null;
  // Of edits that were undone before another run came, and of runs, the runs were undone later.
  const isEdit = frameToRedo(player) !== null && (timeline.undoneTo !== null || !isRun);
  return isEdit ? 'edit' : isRun ? 'run' : null;
}

/** Go to one of these frames; not while an edit is under way, for that changes which they are. */
export function goTo(player, frame, now) {
  if (frame === null || player.editing) return;
  player.timeline.undoneTo = frame < player.position ? frame : null;
  player.scrub(frame, now);
  // The page's address leaves out what was undone, and says again what is done again.
  player.connection.rest();
  player.connection.changed(now);
}

/** What changes which edit, or run, is the last one. */
const UNDER_WAY = ['undo', 'redo', 'edit', 'place', 'branch', 'fork', 'delete_branch', 'carry_over', 'reset'];
/** So many presses wait at most. */
const MOST_PRESSES = 8;

/** Undo and redo as they were asked for: each once what is under way has had its answer, which says what there is to undo. */
export class Presses {
  /** @type {{which: 'undo'|'redo', only: 'edit'|null}[]} */
  #waiting = [];

  /** @param {Changing} player */
  constructor(player) {
    this.player = player;
  }

  /** Whether an answer is on its way that changes what there is to undo. */
  get areHeld() {
    const { connection } = this.player;
    return connection.isReplaying || UNDER_WAY.some((kind) => connection.awaits(kind));
  }

  /** Whether there is something to be done, or may be when what is under way is done. @param {'undo'|'redo'} which */
  mayDo(which) {
    return this.#waiting.length > 0 || this.areHeld || nextToUndo(this.player, which) !== null;
  }

  /** @param {'undo'|'redo'} which @param {number} now @param {'edit'|null} [only] what alone is to be undone, or done again */
  press(which, now, only = null) {
    if (this.#waiting.length < MOST_PRESSES) this.#waiting.push({ which, only });
    this.next(now);
  }

  /** Do what was asked for first, if its turn has come. @param {number} now */
  next(now) {
    if (this.#waiting.length === 0 || this.areHeld) return;
    const { player } = this;
    const { which, only } = this.#waiting.shift();
    const what = only ?? nextToUndo(player, which);
    if (what === 'run') player.changeRun(which, now);
    else if (what === 'edit') goTo(player, which === 'undo' ? frameToUndo(player) : frameToRedo(player), now);
  }
}
