/** The bar above the lanes: one for all of them. */
import { element, select, setAttribute, setText } from '../../kit/dom.js';
import { keepPreference, preference } from '../../kit/preferences.js';
import { amountText, amounts, clockName, clockText } from './clock.js';
import { clockOf } from './race_frame.js';
import { PlayButton, pictureButton } from '../../stage/controls/transport_parts.js';

/** @typedef {{play(): void, pause(): void, step(): void, reset(): void, speed(speed: Object): void, scrub(frame: number): void}} Commands */

export class RaceTransport {
  /** @type {import('./clock.js').Clock} */
  #clock = 'epochs';
  #commands;

  /** @param {Commands} commands */
  constructor(commands) {
    this.#commands = commands;
    this.play = new PlayButton(commands);
    const step = pictureButton('Step', 'stepEpoch', 'nn-button', () => commands.step(), 'Step: one frame of all lanes');
    const reset = pictureButton('Reset', 'reset', 'nn-button', () => commands.reset(), 'Reset: all lanes start again, untrained');
    this.speed = select('Speed', [], '', (value) => this.#setSpeed(Number(value), true));
    this.timeline = element('input', { type: 'range', min: '0', max: '0', step: '1', value: '0', class: 'nn-timeline', 'aria-label': 'Timeline' });
    this.timeline.addEventListener('input', () => commands.scrub(Number(this.timeline.value)));
    this.label = element('span', { class: 'nn-readout-label' });
    this.value = element('span', { class: 'nn-readout-value', text: '–' });
    const readouts = element('div', { class: 'nn-readouts' }, element('div', { class: 'nn-readout nn-clock' }, this.label, this.value));
    const buttons = element('div', { class: 'nn-buttons' }, this.play.root, step, reset, this.speed);
    const timeline = element('div', { class: 'nn-timeline-box' }, this.timeline);
    this.root = element('div', { class: 'nn-transport', role: 'group', 'aria-label': 'Training' }, buttons, timeline, readouts);
    this.#setClock('epochs');
  }

  /** Play at so many epochs a frame, if that is offered. @param {number} epochs */
  suggestSpeed(epochs) {
    if (amounts(this.#clock).includes(epochs)) this.#setSpeed(epochs, false);
  }

  /** @param {{info: {clock: import('./clock.js').Clock}}} race */
  setRun({ info }) {
    this.#setClock(info.clock);
  }

  /** Choose one of the speeds. @param {number} place counted from 1, the slowest */
  chooseSpeed(place) {
    const offered = amounts(this.#clock);
    this.#setSpeed(offered[Math.min(place, offered.length) - 1], true);
  }

  /** @param {import('../../stage/player/player.js').Player} player */
  update(player) {
    this.play.show(player.playing);
    const { timeline, position } = player;
    if (!timeline.shownFrame) return;
    const text = clockText(this.#clock, clockOf(timeline.shownFrame));
    setText(this.value, text);
    const max = Math.max(1, timeline.furthest);
    setAttribute(this.timeline, 'max', String(max));
    if (this.timeline.value !== String(position)) this.timeline.value = String(position);
    this.timeline.style.setProperty('--nn-share', String(position / max));
    setAttribute(this.timeline, 'aria-valuetext', `${clockName(this.#clock)} ${text}`);
  }

  #setClock(clock) {
    this.#clock = clock;
    setText(this.label, clock === 'time' ? 'Training time' : 'Epoch');
    const offered = amounts(clock);
    this.speed.replaceChildren(...offered.map((amount) => element('option', { value: String(amount), text: amountText(clock, amount) })));
    const chosen = preference(`race.${clock}`, 1);
    this.#setSpeed(offered.includes(chosen) ? chosen : 1, false);
  }

  #setSpeed(amount, isChoice) {
    if (isChoice) keepPreference(`race.${this.#clock}`, amount);
    this.speed.value = String(amount);
    this.#commands.speed({ unit: 'epoch', amount });
  }
}
