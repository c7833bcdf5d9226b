/**
 * The notice over the lower end of the stage: why training stands still, if there is a reason.
 */
import { element, setAttribute } from './dom.js';

const UNREADABLE = { message: 'The browser could not read what the server sent.', advice: 'Reload the page; if that does not help, the app needs an update.' };

export class Notices {
  #text = '';

  /** @param {{goOn(): void}} commands */
  constructor({ goOn }) {
    this.root = element('div', { class: 'nn-alerts' });
    this.goOn = element('button', { type: 'button', class: 'nn-text-button', text: 'Go on' });
    this.goOn.addEventListener('click', goOn);
    // Put away, it stays away until there is something else to say.
    this.close = element('button', { type: 'button', class: 'nn-text-button', text: 'Close' });
    this.close.addEventListener('click', () => this.root.replaceChildren());
  }

  /**
   * @param {import('./player.js').Player} player
   * @param {boolean} unreadable whether the last message could not be decoded
   * @param {HTMLElement} stage is marked as stopped or not
   */
  update(player, unreadable, stage) {
    const stop = unreadable ? UNREADABLE : player.stopSeen ? player.state.stopped : null;
    const text = stop ? `${stop.message} ${stop.advice}` : '';
    if (text === this.#text) return;
    this.#text = text;
    this.root.replaceChildren();
    setAttribute(stage, 'data-stopped', String(stop !== null && !unreadable));
    if (!stop) return;
    const calm = !unreadable && player.state.stopIsCalm;
    const words = element('p', {}, element('strong', { text: stop.message }), ' ', element('span', { text: stop.advice }));
    const box = element('div', calm ? { role: 'status', class: 'nn-notice' } : { role: 'alert', class: 'nn-alert' }, words);
    box.append(element('div', { class: 'nn-notice-buttons' }, ...(calm ? [this.goOn, this.close] : [this.close])));
    this.root.append(box);
  }
}
