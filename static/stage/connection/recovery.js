/**
 * A run goes on though the server was restarted, or has forgotten the visit: the browser keeps its recipe, and knows how many
 * steps the frame shown is from its beginning. The server trains it again, request by request, and tells how far it is.
 */
import { canComeBack } from '../run/last_seen.js';

/** @typedef {import('../run/last_seen.js').Texts} Texts */
/**
 * @typedef {{run: string, recipe: string, texts?: Texts, steps: number, events?: number, reloaded?: boolean}} Held what is known of the run that
 *   was on screen, and of the frame: `events`, how many of the recipe's changes are in it, where it isn't all up to `steps`
 */
/**
 * @typedef {{kind: string, recipe?: string, steps?: number, events?: number, again?: boolean, beside?: string, points?: string, stand?: string}} Body of a request
 */

/** A run's name begins with its server's, and then the visit's. */
const SERVER_LETTERS = 8;
const visitOf = (run) => run.split('-')[0];

export class Recovery {
  /** How far the server is with training a run again: completed epochs, and how many there will be. @type {[number, number]|null} */
  progress = null;
  /** How the run on the stage came about, as the server tells it; empty if that isn't known. */
  recipe = '';
  /** Other branches, the runs before, where a long run stands, …: what is new is sent once. @type {Texts} */
  texts = {};
  /** What took the run away. @type {'restarted'|'forgotten'|'reload'} */
  why = 'reload';
  /** @type {Body|null} what the server was asked for */
  #asked = null;

  /** Whether a run that was on screen is to come back, and the one on the stage is only in its place. */
  get isUnderWay() {
    return this.#asked !== null;
  }

  /**
   * The request that brings back what was on screen, if a sync is of a server or a visit that doesn't know it.
   * @param {Object} header @param {Held|null} held @returns {Body|null}
   */
  missing(header, held) {
    if (header.kind !== 'sync' || header.recovered || header.lost || !held?.steps) return null;
    if (!canComeBack(held)) return null;
    if (visitOf(header.run) === visitOf(held.run)) return null;
    const sameServer = header.run.slice(0, SERVER_LETTERS) === held.run.slice(0, SERVER_LETTERS);
    this.why = !sameServer ? 'restarted' : held.reloaded ? 'reload' : 'forgotten';
    const { recipe, steps, events, texts = {} } = held;
    const more = Object.fromEntries(Object.entries(texts).map(([kind, { text }]) => [kind, text]));
    this.#asked = { kind: 'recover', recipe, steps, ...(events === undefined ? {} : { events }), ...more };
    return this.#asked;
  }

  /** Take note of a message. @param {Object} header @param {string} run on the stage now @returns {Body|null} what to ask for next */
  hear(header, run) {
    this.progress = header.replaying ?? null;
    if (header.recovered || header.lost) this.#asked = null;
    if (header.run === run) {
      this.recipe = header.recipe ?? '';
      this.#hold(header);
    }
    if (!this.progress) return null;
    if (!this.#asked) return { kind: 'follow' };
    const { recipe, steps, events } = this.#asked;
    return { kind: 'recover', recipe, steps, ...(events === undefined ? {} : { events }), again: true };
  }

  /** Names of what is held, as each request tells the server. */
  get holds() {
    return Object.values(this.texts).map(({ name }) => name);
  }

  #hold({ hold = {}, texts = {} }) {
    const known = (kind, name) => texts[name] ?? (this.texts[kind]?.name === name ? this.texts[kind].text : null);
    const wanted = Object.entries(hold).map(([kind, name]) => /** @type {const} */ ([kind, { name, text: known(kind, name) }]));
    this.texts = Object.fromEntries(wanted.filter(([, { text }]) => text !== null));
  }

  /** The visitor went on to something else. */
  giveUp() {
    this.#asked = null;
    this.progress = null;
  }
}
