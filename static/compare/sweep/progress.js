/** How far a sweep is, in words. No DOM in here. */

/** Seconds, as exactly as one cares. @param {number} seconds */
export function durationText(seconds) {
  if (seconds < 1.5) return 'about a second';
  if (seconds < 90) return `about ${seconds < 20 ? Math.round(seconds) : 5 * Math.round(seconds / 5)} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} minutes` : `about ${Math.round(minutes / 60)} hours`;
}

const counted = (number, word) => `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;

/** @param {{done: number, running: boolean, sweep: string, grid: any, progress: any, next: any}} header */
export function progressText({ done, running, sweep, grid, progress, next }) {
  if (!grid || !sweep) return next.refusal !== null ? 'Correct what is marked in the settings, then run.' : planned(next);
  const total = grid.seeds.length * grid.axes.reduce((product, { values }) => product * values.length, 1);
  const told = progress.finished ? `${counted(total, 'training')} done` : `${done.toLocaleString('en')} of ${counted(total, 'training')}`;
  if (running) return progress.seconds_left === null ? told : `${told}, ${durationText(progress.seconds_left)} left`;
  if (next.refusal !== null) return `${told}. Correct what is marked in the settings, then run.`;
  if (next.new) return `${told}. The settings have changed: ${planned(next)}`;
  return progress.finished ? told : `${told}, stopped`;
}

const planned = ({ trainings }) => `${counted(trainings, 'training')} to run`;
