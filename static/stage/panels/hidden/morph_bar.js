/**
 * The morph's slider and its play button, and in words where one is.
 */
import { element, icon, setAttribute, setText } from '../../../kit/dom.js';
import { eased, morphCaption, morphEnd, morphStages } from './morph.js';

const MS_PER_STEP = 1300;
/** With reduced motion the picture jumps from step to step, and rests there. */
const MS_PER_JUMP = 1600;

export class MorphBar {
  #stages = [];
  #animation = 0;
  #position = 0;
  #still = window.matchMedia('(prefers-reduced-motion: reduce)');

  /** @param {{onMove: (position: number) => void}} events */
  constructor({ onMove }) {
    this.onMove = onMove;
    this.play = element('button', { type: 'button', class: 'nn-button nn-morph-play' });
    this.play.addEventListener('click', () => (this.playing ? this.stop() : this.start()));
    this.slider = element('input', { type: 'range', min: '0', step: '0.02', value: '0', class: 'nn-timeline', 'aria-label': 'Morph: from the input plane to the last hidden layer' });
    this.slider.addEventListener('input', () => {
      this.stop();
      this.#moveTo(Number(this.slider.value));
    });
    this.caption = element('output', { class: 'nn-morph-caption', hidden: true });
    this.root = element('div', { class: 'nn-morph', hidden: true, role: 'group', 'aria-label': 'Morph' }, this.play, this.slider);
    this.#showPlaying();
  }

  get playing() {
    return this.#animation !== 0;
  }

  setRun({ info }) {
    this.stop();
    this.#stages = morphStages(info);
    setAttribute(this.slider, 'max', String(morphEnd(this.#stages)));
    this.#moveTo(0);
  }

  /** Show or hide it; a morph that was just chosen plays once by itself, unless the visitor wants things still. */
  show(visible) {
    if (visible === !this.root.hidden) return;
    this.root.hidden = this.caption.hidden = !visible;
    if (!visible) this.stop();
    else if (!this.#still.matches) this.start();
  }

  start() {
    const end = morphEnd(this.#stages);
    const from = this.#position >= end ? 0 : this.#position;
    const duration = this.#still.matches ? MS_PER_JUMP : MS_PER_STEP;
    const began = performance.now();
    const move = (now) => {
      const passed = from + Math.max(0, now - began) / duration;
      this.#animation = passed < end ? requestAnimationFrame(move) : 0;
      this.#moveTo(Math.min(end, this.#still.matches ? Math.floor(passed) : eased(passed)));
      if (!this.playing) this.#showPlaying();
    };
    this.#animation = requestAnimationFrame(move);
    this.#showPlaying();
  }

  stop() {
    if (!this.playing) return;
    cancelAnimationFrame(this.#animation);
    this.#animation = 0;
    this.#showPlaying();
  }

  #moveTo(position) {
    this.#position = position;
    if (Number(this.slider.value) !== position) this.slider.value = String(position);
    const share = String(position / Math.max(1, morphEnd(this.#stages)));
    this.slider.style.setProperty('--nn-share', share);
    const caption = morphCaption(position, this.#stages);
    setText(this.caption, caption);
    setAttribute(this.slider, 'aria-valuetext', caption);
    this.onMove(position);
  }

  #showPlaying() {
    const name = this.playing ? 'Pause the morph' : 'Play the morph';
    if (this.play.title === name) return;
    this.play.title = name;
    this.play.setAttribute('aria-label', name);
    this.play.replaceChildren(icon(this.playing ? 'pause' : 'play'));
  }
}
