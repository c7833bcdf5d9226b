/**
 * The parts *Picture* and *Video* of the dialog Take away.
 *
 * data: { part: 'picture'|'video', name }: what files are called, without their ending.
 */
import { applyTheme, readTheme } from '../kit/theme.js';
import { PictureForm } from './picture_form.js';
import { VideoForm } from './video_form.js';

/** For so long an element may be away from the page while Streamlit draws it again. */
const GRACE_MS = 300;

/** @type {WeakMap<Element, import('./file_form.js').FileForm>} */
const parts = new WeakMap();

export default function takeAway({ data, parentElement }) {
  const root = parentElement.querySelector('.nnplay-take-away');
  applyTheme(root, readTheme(root));
  let part = parts.get(root);
  if (!part) {
    part = data.part === 'video' ? new VideoForm() : new PictureForm();
    parts.set(root, part);
    root.replaceChildren(part.root);
  }
  part.take(data);
  // A cleanup may be called while the element is still on the page.
  return () => setTimeout(() => !root.isConnected && part.destroy(), GRACE_MS);
}
