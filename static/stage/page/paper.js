/**
 * The stage on paper: as it is on the screen, whole, on white ground, as large as the sheet allows.
 */
import { paintFinely } from '../../kit/pixel_ratio.js';

/** Widths and heights in CSS pixels that a sheet has at least, A4 or Letter, within a browser's usual margins. */
const SHEETS = { portrait: [700, 940], landscape: [960, 680] };
/** A stage that is this much higher than wide, as on a phone, takes several sheets. */
const SEVERAL = 1.6;

/** Pixels per CSS pixel of what is painted for paper. */
const FINE = 3;

let onPaper = false;

/**
 * How large a stage is drawn on a sheet.
 * @param {number} width of the stage @param {number} height @param {number[]} sheet width and height
 */
export function paperZoom(width, height, [most, highest]) {
  const across = most / width;
  return Math.min(1, height > SEVERAL * width ? across : Math.min(across, highest / height));
}

/**
 * Let a canvas be printed as the pixels it has. Chromium prints one that was drawn meanwhile by repeating its strokes, and
 * loses or shifts some of them; one that was read and drawn on again it can't repeat.
 */
function asPixels(canvas) {
  const context = canvas.width > 0 && canvas.height > 0 ? canvas.getContext('2d') : null;
  if (!context) return;
  context.getImageData(0, 0, 1, 1);
  context.save();
  context.resetTransform();
  context.globalAlpha = 1;
  context.fillStyle = 'rgba(128, 128, 128, 0.004)'; // too little to be seen
  context.fillRect(0, 0, 1, 1);
  context.restore();
  context.getImageData(0, 0, 1, 1);
}

/**
 * Keep the stage's layout while the page is printed: a sheet is no window.
 * @param {HTMLElement} root of the stage @param {() => void} onChange draws it in other colours @param {AbortSignal} signal
 */
export function watchPaper(root, onChange, signal) {
  const { documentElement: page } = document;
  const set = (printing) => {
    if (printing === onPaper || !root.isConnected) return;
    if (printing) {
      const { offsetWidth: width, offsetHeight: height } = root;
      page.style.setProperty('--nn-paper-width', `${width}px`);
      page.style.setProperty('--nn-paper-height', `${height}px`);
      for (const [name, sheet] of Object.entries(SHEETS)) page.style.setProperty(`--nn-${name}`, String(paperZoom(width, height, sheet)));
    }
    onPaper = printing;
    paintFinely(printing ? FINE : 0);
    page.toggleAttribute('data-nn-paper', printing);
    onChange();
    if (printing) for (const canvas of root.querySelectorAll('canvas')) asPixels(canvas);
  };
  window.addEventListener('beforeprint', () => set(true), { signal });
  window.addEventListener('afterprint', () => set(false), { signal });
  window.matchMedia('print').addEventListener('change', ({ matches }) => set(matches), { signal });
  signal.addEventListener('abort', () => set(false), { once: true });
}
