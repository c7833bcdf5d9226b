/**
 * Undo and redo: of edits by hand, and of what put another run on the stage, the last thing first. An edit is a frame
 * (docs/protocol.md), so to undo is to go back to the frame before it and to redo is to go on to it; nothing is lost until
 * something else is done from there. A place of the landscape puts another run on the stage, with a branch of its own.
 */

/** What the run on the stage was changed by, and is kept as it was before. */
const CHANGES = ['place', 'branch'];

/** The frame that undo leads to, or null. @param {import('./player.js').Player} player */
export function frameToUndo({ state, timeline }) {
  const edited = state.edits.findLast((number) => number <= timeline.shown);
  if (edited === undefined || (state.places.includes(edited) && CHANGES.includes(state.undo?.why ?? ''))) return null;
  return edited - 1;
}

/** The frame that redo leads to, or null. @param {import('./player.js').Player} player */
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
 * @param {import('./player.js').Player} player @param {'undo'|'redo'} which @returns {'edit'|'run'|null}
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
}
