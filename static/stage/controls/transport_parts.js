/** What the bars have in common by which something is played: the stage's, a race's, and a replay page's. */
import { marked } from '../../glossary/marked.js';
import { element, icon } from '../../kit/dom.js';

/** @param {string} name @param {Parameters<typeof icon>[0]} picture @param {string} className @param {(event: MouseEvent) => void} onClick */
export function pictureButton(name, picture, className, onClick, title = name) {
  const node = element('button', { type: 'button', class: className, 'aria-label': name, title }, icon(picture));
  node.addEventListener('click', onClick);
  return node;
}

/** A number with what it is called, whose words are explained. @param {string} name */
export function readout(name, className = '') {
  const label = element('span', { class: 'nn-readout-label' }, ...marked(name));
  const value = element('span', { class: 'nn-readout-value', text: '–' });
  return { label, value, root: element('div', { class: `nn-readout ${className}` }, label, value) };
}

/** Plays, or pauses what plays. */
export class PlayButton {
  /** @type {boolean|null} */
  #playing = null;

  /** @param {{play(): void, pause(): void}} commands */
  constructor(commands) {
    this.root = pictureButton('Play', 'play', 'nn-button nn-primary', () => (this.#playing ? commands.pause() : commands.play()));
    this.icons = { play: this.root.firstChild, pause: icon('pause') };
  }

  /** @param {boolean} playing whether it plays by now */
  show(playing) {
    if (playing === this.#playing) return;
    this.#playing = playing;
    const name = playing ? 'Pause' : 'Play';
    this.root.setAttribute('aria-label', name);
    this.root.title = name;
    this.root.replaceChildren(this.icons[playing ? 'pause' : 'play']);
  }
}
