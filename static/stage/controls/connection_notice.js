/**
 * The line above the panels that says that the server keeps one waiting, and with what. It goes when an answer comes.
 */
import { element, setAttribute } from '../../kit/dom.js';

const STALLED = 'The server isn’t answering. Waiting for it; you can still look at the frames that have arrived.';
const CUT = 'The connection to the server is lost. Reconnecting; you can still look at the frames that have arrived.';
/** Streamlit says here whether it is connected. */
const CONNECTION = '[data-test-connection-state]';

/** Whether the line to the server is cut, as far as the browser and Streamlit know. */
function isCut() {
  /** @type {HTMLElement|null} */
  const told = document.querySelector(CONNECTION);
  const state = told?.dataset.testConnectionState ?? 'CONNECTED';
  return !navigator.onLine || state !== 'CONNECTED';
}

/** @param {[number, number]} progress completed epochs, and how many there will be */
export const replayingInWords = ([epoch, epochs]) =>
  `Replaying the run: ${epoch.toLocaleString('en')} of ${epochs.toLocaleString('en')} epoch${epochs === 1 ? '' : 's'}`;

export class ConnectionNotice {
  #text = '';
  #inWords;

  /** @param {(progress: [number, number]) => string} inWords how far a run is that is trained again */
  constructor(inWords = replayingInWords) {
    this.#inWords = inWords;
    this.words = element('p');
    this.box = element('div', { class: 'nn-notice nn-waiting', hidden: true }, element('span', { class: 'nn-spinner', 'aria-hidden': 'true' }), this.words);
    // Stays in the document, so that what is said in it is heard.
    this.root = element('div', { role: 'status', class: 'nn-waiting-room', 'data-testid': 'waiting' }, this.box);
  }

  /** @param {import('../player/player.js').Player} player @param {HTMLElement} stage is marked as waiting or not */
  update(player, stage) {
    const { progress } = player.connection.recovery;
    const replaying = progress ? this.#inWords(progress) : '';
    const text = !player.state.run ? '' : isCut() ? CUT : player.connection.isStalled ? STALLED : replaying || player.connection.heldBack(performance.now());
    if (text === this.#text) return;
    this.#text = text;
    this.words.textContent = text;
    this.box.hidden = text === '';
    setAttribute(stage, 'data-waiting-for-server', String(text !== ''));
  }
}
