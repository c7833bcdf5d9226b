/**
 * Undo and redo of edits by hand. An edit is a frame (docs/protocol.md), so to undo is to go back to the frame before it
 * and to redo is to go on to it; nothing is lost until something else is done from there.
 */

/** The frame that undo leads to, or null. @param {import('./player.js').Player} player */
export function frameToUndo({ state, timeline }) {
  const edited = state.edits.findLast((number) => number <= timeline.shown);
  return edited === undefined ? null : edited - 1;
}

/** The frame that redo leads to, or null. @param {import('./player.js').Player} player */
export function frameToRedo({ state, timeline }) {
  const edited = state.edits.find((number) => number > timeline.shown);
  return edited === undefined || edited > timeline.furthest ? null : edited;
}

/** Go to one of these frames; not while an edit is under way, for that changes which they are. */
export function goTo(player, frame, now) {
  if (frame === null || player.editing) return;
  player.timeline.undoneTo = frame < player.position ? frame : null;
  player.scrub(frame, now);
}

/** The last frame of the run as it is now: an edit that was undone is no part of it. @param {import('./player.js').Player} player */
export function lastToKeep({ state, timeline, position }) {
  const undone = position === timeline.undoneTo && state.edits.includes(position + 1);
  return undone ? position : timeline.furthest;
}
