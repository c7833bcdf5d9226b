/**
 * What the browser remembers of a newcomer: how often Play was pressed, and whether the coach was sent away.
 */
import { hasAllControls } from '../../kit/preferences.js';

const KEY = 'nnplay.start';
/** So many presses of Play, and nobody needs to be told where it is. */
const ENOUGH = 6;

/** @returns {{plays: number, closed: boolean}} */
export function remembered() {
  try {
    const { plays = 0, closed = hasAllControls() } = JSON.parse(window.localStorage.getItem(KEY) ?? '{}');
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
