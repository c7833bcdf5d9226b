/**
 * Device pixels per CSS pixel. It changes when the visitor zooms, or takes the window to another screen: what is painted
 * on a canvas is then painted anew.
 */

/** @returns {number} */
export const pixelRatio = () => window.devicePixelRatio || 1;

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
