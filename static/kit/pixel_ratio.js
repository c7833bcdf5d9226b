/**
 * Device pixels per CSS pixel. It changes when the visitor zooms, or takes the window to another screen: what is painted
 * on a canvas is then painted again.
 */

let least = 0;
let fixed = 0;

/** @returns {number} */
export const pixelRatio = () => fixed || Math.max(least, window.devicePixelRatio || 1);

/** Paint in at least so many pixels from now on: paper has more than a screen. @param {number} ratio 0 for the screen's */
export function paintFinely(ratio) {
  least = ratio;
}

/** Paint in so many pixels from now on, whatever the screen has: for a picture of a size that was asked for. @param {number} ratio */
export function paintAt(ratio) {
  fixed = ratio;
}

/** A visitor who zooms sees old pixels for so long at most. */
const LOOK_MS = 250;

/**
 * Call `onChange` whenever the ratio becomes another one. Browsers tell of it late, in part or not at all (a query for one
 * resolution says nothing where a device is emulated), so it is looked at.
 * @param {() => void} onChange @param {AbortSignal} signal
 */
export function watchPixelRatio(onChange, signal) {
  let before = pixelRatio();
  const timer = setInterval(() => {
    if (pixelRatio() === before) return;
    before = pixelRatio();
    onChange();
  }, LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
