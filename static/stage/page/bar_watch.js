/**
 * Notices when a slider of the page's bar is set: in the very moment, while Streamlit collects what it is about to send.
 * A request made then travels with the slider's new value, and its answer comes with the page's.
 *
 * Streamlit has no event for it. Its sliders write `aria-valuetext` whenever they are drawn, and are drawn as soon as a
 * key was pressed on them or the pointer let go of them, right before the value is handed on. If that ever changes, nothing is
 * noticed, and the effect of a slider is seen a tenth of a second later.
 */
const BAR = '.st-key-bar';
/** The bar that an event is in. @param {Event} event */
const barOf = ({ target }) => (target instanceof Element ? target.closest(BAR) : null);
/** What isn't drawn by then was not set. */
const PATIENCE_MS = 300;

/**
 * @param {{onSet: () => void, onNear: () => void}} callbacks `onNear` is called while the pointer or the keyboard is at the bar
 * @param {AbortSignal} signal ends it
 */
export function watchBar({ onSet, onNear }, signal) {
  let timer;
  const observer = new MutationObserver(() => {
    stop();
    onSet();
  });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  const expect = (bar) => {
    stop();
    if (!bar) return;
    observer.observe(bar, { subtree: true, attributeFilter: ['aria-valuetext'] });
    timer = setTimeout(stop, PATIENCE_MS);
  };
  /** A slider is let go of wherever the pointer is by then. */
  let held = null;
  const options = { signal, passive: true, capture: true };
  document.addEventListener('pointerdown', (event) => { held = barOf(event); }, options);
  document.addEventListener('pointerup', () => expect(held), options);
  document.addEventListener('keydown', (event) => expect(barOf(event)), options);
  for (const name of ['pointermove', 'focusin', 'keydown']) {
    document.addEventListener(name, (event) => barOf(event) && onNear(), options);
  }
  signal.addEventListener('abort', stop);
}
