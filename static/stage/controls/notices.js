/**
 * The line above the panels that says why training stands still, if there is a reason. It lies over nothing.
 */
import { marked } from '../../glossary/marked.js';
import { element, setAttribute } from '../../kit/dom.js';
import { formatEpoch } from '../../kit/text.js';

const UNREADABLE = { message: 'The browser couldn’t read the server’s message.', advice: 'Reload the page. If that doesn’t help, the app needs an update.' };

/** One that is only good to know goes by itself: Play goes on as well, and the header's buttons are wanted again. */
const CALM_MS = 15_000;

export class Notices {
  #text = '';
  #leaving = 0;
  /** The frame that the advice goes back to. */
  #backTo = 0;
  #inWords;

  /**
   * @param {{goOn(): void, goTo(frame: number): void, changeRun(kind: 'undo'|'redo'): void}} commands
   * @param {(news: import('../connection/connection.js').Connection['news']) => {message: string, advice: string}} inWords
   */
  constructor({ goOn, goTo, changeRun }, inWords = newsInWords) {
    this.#inWords = inWords;
    this.root = element('div', { class: 'nn-alerts' });
    this.goOn = element('button', { type: 'button', class: 'nn-text-button', text: 'Continue' });
    this.goOn.addEventListener('click', goOn);
    this.goBack = element('button', { type: 'button', class: 'nn-text-button nn-go-back', text: 'Go back' });
    this.goBack.addEventListener('click', () => goTo(this.#backTo));
    this.undo = element('button', { type: 'button', class: 'nn-text-button', text: 'Undo', title: 'Return to the previous run (Ctrl+Z)' });
    this.undo.addEventListener('click', () => changeRun('undo'));
    this.redo = element('button', { type: 'button', class: 'nn-text-button', text: 'Redo', title: 'Return to the later run (Ctrl+Shift+Z)' });
    this.redo.addEventListener('click', () => changeRun('redo'));
    // Put away, it stays away until there is something else to say.
    this.close = element('button', { type: 'button', class: 'nn-text-button', text: 'Close' });
    this.close.addEventListener('click', () => this.root.replaceChildren());
    for (const name of ['pointerenter', 'focusin']) this.root.addEventListener(name, () => this.stay());
    for (const name of ['pointerleave', 'focusout']) this.root.addEventListener(name, () => this.#leaveSoon());
  }

  /**
   * @param {import('../player/player.js').Player} player
   * @param {boolean} unreadable whether the last message could not be decoded
   * @param {HTMLElement} stage is marked as stopped or not
   */
  update(player, unreadable, stage) {
    const stop = unreadable ? UNREADABLE : player.stopSeen ? player.state.stopped : null;
    const { connection } = player;
    if (stop) connection.news = null;
    if (connection.news) {
      setAttribute(stage, 'data-stopped', 'false');
      this.#tell(connection);
      return;
    }
    const text = stop ? `${stop.message} ${stop.advice}` : '';
    if (text === this.#text) return;
    this.#text = text;
    this.stay();
    this.root.replaceChildren();
    setAttribute(stage, 'data-stopped', String(stop !== null && !unreadable));
    if (!stop) return;
    const calm = !unreadable && player.state.stopIsCalm;
    const words = element('p', {}, element('strong', { text: stop.message }), ' ', element('span', { class: 'nn-advice' }, ...marked(stop.advice)));
    const box = element('div', calm ? { role: 'status', class: 'nn-notice' } : { role: 'alert', class: 'nn-alert' }, words);
    // A lesson's step leaves out what would help where training went wrong.
    if (!unreadable) box.dataset.reason = player.state.stopped.reason;
    this.#backTo = stop.back_to ?? 0;
    const buttons = calm ? [this.goOn] : Number.isInteger(stop.back_to) ? [this.goBack] : [];
    box.append(element('div', { class: 'nn-notice-buttons' }, ...buttons, this.close));
    this.root.append(box);
    // On a phone the visitor may be far below.
    if (!calm) box.scrollIntoView({ block: 'nearest' });
    this.#leaveSoon();
  }

  /** Say that another run is on the stage. */
  #tell({ news, state }) {
    const key = JSON.stringify(news);
    if (key === this.#text) return;
    this.#text = key;
    const { message, advice } = this.#inWords(news);
    const ways = [news.why !== 'undo' && state.undo && this.undo, news.what === 'back' && state.redo && this.redo];
    const words = element('p', {}, element('strong', { text: message }), ' ', element('span', {}, ...marked(advice)));
    const buttons = element('div', { class: 'nn-notice-buttons' }, ...ways.filter(Boolean), this.close);
    this.root.replaceChildren(element('div', { role: 'status', class: 'nn-notice' }, words, buttons));
    this.#leaveSoon();
  }

  /** Don't leave: someone is at it, or there is another one. */
  stay() {
    clearTimeout(this.#leaving);
  }

  #leaveSoon() {
    this.stay();
    if (this.root.querySelector('.nn-notice')) this.#leaving = setTimeout(() => this.root.replaceChildren(), CALM_MS);
  }
}

const KEPT = {
  run: { message: 'The previous run is kept', advice: '' },
  branch: { message: 'The branch is deleted.', advice: 'Undo brings it back.' },
  data: { message: 'Training continues with other data.', advice: 'The previous run is kept' },
};

/** By what took the run away. */
export const RECOVERED = {
  restarted: 'The server was restarted.',
  forgotten: 'The server had ended this visit.',
  reload: 'The page was loaded again.',
};

/** @param {import('../connection/connection.js').Connection['news']} news @returns {{message: string, advice: string}} */
export function newsInWords({ what, why, epoch }) {
  if (what === 'lost') return { message: why, advice: '' };
  if (what === 'taken up') {
    return { message: RECOVERED[why], advice: `Your run went on from epoch ${formatEpoch(epoch)}, with a fresh optimiser.` };
  }
  if (what === 'recovered') return { message: RECOVERED[why], advice: `Your run went on from epoch ${formatEpoch(epoch)}.` };
  if (what === 'back') return { message: why === 'undo' ? 'The previous run is back.' : 'The later run is back.', advice: '' };
  const { message, advice } = KEPT[why] ?? KEPT.run;
  const when = ` at epoch ${formatEpoch(epoch)}.`;
  return { message: why === 'run' ? message + when : message, advice: why === 'data' ? advice + when : advice };
}
