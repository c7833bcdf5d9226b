/**
 * Which optional parts of a frame the panels on screen need (docs/protocol.md). A panel names its own in `needs`.
 */

/**
 * What to ask the server for, or null where frames bring it already. A part that is no longer needed is asked away, too:
 * it costs the server time in every frame.
 * @param {{needs: string[]}[]} panels those on screen
 * @param {{shows?: string[]}} view
 * @returns {string[]|null} sorted names
 */
export function partsToAsk(panels, view) {
  const wanted = [...new Set(panels.flatMap(({ needs }) => needs))].sort();
  const there = [...(view.shows ?? [])].sort();
  return wanted.length === there.length && wanted.every((name, k) => name === there[k]) ? null : wanted;
}
