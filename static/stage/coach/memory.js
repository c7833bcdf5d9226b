/**
 * What the browser remembers of a newcomer: how often Play was pressed, and whether the coach was sent away.
 */

const KEY = 'nnplay.start';
/** So many presses of Play, and nobody needs to be told where it is. */
const ENOUGH = 6;

/** Whoever chose to have all controls is no newcomer (nnplay/ui/form/in_sight.py). */
const knowsTheControls = () => document.cookie.split('; ').includes('nnplay-controls=all');

/** @returns {{plays: number, closed: boolean}} */
export function remembered() {
  try {
    const { plays = 0, closed = knowsTheControls() } = JSON.parse(window.localStorage.getItem(KEY) ?? '{}');
    return { plays: Number(plays) || 0, closed: closed === true };
  } catch {
    return { plays: 0, closed: false }; // no storage, or somebody else's text in it
  }
}

/** @param {{plays: number, closed: boolean}} memory */
export function remember(memory) {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(memory));
  } catch {
    // Then it is told again at the next visit.
  }
}

/** @param {{plays: number, closed: boolean}} memory */
export const isNew = ({ plays, closed }) => !closed && plays < ENOUGH;
