/**
 * What is wrong with the run on the stage: nothing is seen of it while all is well, else one quiet button that opens a list. The
 * server finds it (nnplay/experiment/explain/doctor), so that what is said here, by the coach and in a notebook is the same.
 */
import { marked } from '../../glossary/marked.js';
import { element, icon, setText } from '../../kit/dom.js';
import { formatEpoch } from '../../kit/text.js';
import { frameNumber } from '../../messages/frame.js';
import { hasTrained, Questions } from './questions.js';

/** A panel is lit up for so long. */
const LIT_MS = 2400;
/** Which panels show what a finding is about, by its word for it: the first that is there is taken. */
const PLACES = {
  loss: ['loss', 'accuracy'],
  layers: ['layers', 'network', 'weights'],
  measures: ['measures'],
  boundary: ['boundary', 'measures', 'scores'],
  diagram: ['network', 'weights', 'layers'],
  data: ['boundary', 'responses', 'measures'],
};

/**
 * @typedef {{kind: string, sentence: string, evidence: [string, string][], panel: string, advice: string,
 *   change: Object|null, words: string, goes_on: boolean}} Finding `words`: the change, as settings; `goes_on`: on a fork of this run
 */

export class Doctor {
  #questions = new Questions();
  /** @type {Finding[]} */
  #findings = [];
  #drawn = '';
  #run = '';
  #lit = 0;

  /**
   * @param {{player: import('../player/player.js').Player, panels: import('../panels/panel_set.js').PanelSet,
   *   showMe: import('../commands/show_me.js').ShowMe, signal: AbortSignal}} options
   */
  constructor({ player, panels, showMe, signal }) {
    this.player = player;
    this.panels = panels;
    this.showMe = showMe;
    this.number = element('span');
    this.word = element('span', { class: 'nn-doctor-word' });
    this.chip = element('button', { type: 'button', class: 'nn-doctor-chip', hidden: true, 'aria-expanded': 'false', 'aria-controls': 'nnplay-findings', 'data-testid': 'doctor' }, icon('info'), this.number, this.word);
    this.chip.addEventListener('click', () => this.#setOpen(Boolean(this.list.hidden)));
    this.list = element('section', { class: 'nn-findings', id: 'nnplay-findings', 'aria-label': 'Findings', hidden: true });
    this.root = element('div', { class: 'nn-findings-place' }, this.list);
    document.addEventListener('keydown', (event) => this.#onKey(event), { signal, capture: true });
    document.addEventListener('pointerdown', ({ target }) => this.#onPress(target), { signal });
  }

  /** What is wrong with the run as a frame shows it, or a later one; null until the server has said so. @param {*} frame @param {number} now @returns {Finding[]|null} */
  about(frame, now) {
    const { state, connection } = this.player;
    return /** @type {Finding[]|null} */ (this.#questions.answer(connection.diagnosis, { run: state.id, frame: frameNumber(frame), now }));
  }

  open() {
    if (this.#findings.length === 0) return;
    this.#setOpen(true);
    this.list.querySelector('button')?.focus({ preventScroll: true });
  }

  /** @param {number} now in milliseconds */
  update(now) {
    const { state, timeline, connection, playing } = this.player;
    const frame = timeline.shownFrame;
    if (!state.run || !frame) return;
    // What is wrong may be an assignment's whole point.
    const isHidden = Boolean(state.run.info.assignment);
    const place = { run: state.id, frame: frameNumber(frame), settings: state.marks.length, diverged: this.player.stopSeen && state.stopped?.reason === 'diverged' };
    if (!isHidden && !connection.isReplaying && !connection.awaits('diagnose') && this.#questions.isDue(place, { playing, now })) {
      this.#questions.note(place, now);
      connection.pending.put({ kind: 'diagnose', frame: place.frame });
    }
    const { diagnosis } = connection;
    if (this.#run !== state.id || isHidden) {
      this.#run = state.id;
      this.#show([]);
    }
    // Of a frame before, when little was wrong perhaps, what was found later says nothing.
    if (!isHidden && diagnosis?.run === state.id) this.#show(!hasTrained(place) || (place.frame < diagnosis.frame && !playing) ? [] : diagnosis.findings, diagnosis.epoch);
  }

  /** @param {Finding[]} findings @param {number} [epoch] of the frame whose numbers they give */
  #show(findings, epoch = 0) {
    const key = JSON.stringify([findings, epoch]);
    if (key === this.#drawn) return;
    const wasKinds = this.#findings.map(({ kind }) => kind).join();
    const isHeld = this.list.contains(document.activeElement) && wasKinds === findings.map(({ kind }) => kind).join();
    if (isHeld) return; // somebody is at one of its buttons, and only numbers have changed
    this.#drawn = key;
    this.#findings = findings;
    const n = findings.length;
    setText(this.number, String(n));
    setText(this.word, n === 1 ? 'finding' : 'findings');
    this.chip.setAttribute('aria-label', n === 1 ? '1 finding' : `${n} findings`);
    this.chip.hidden = n === 0;
    if (n === 0) this.#setOpen(false);
    const when = element('p', { class: 'nn-findings-when', text: `At epoch ${formatEpoch(epoch)}` });
    this.list.replaceChildren(when, element('ol', {}, ...findings.map((finding) => this.#entry(finding))));
  }

  /** @param {Finding} finding */
  #entry(finding) {
    const { sentence, evidence, advice, change, panel } = finding;
    const numbers = element('dl', { class: 'nn-evidence' }, ...evidence.map(([name, value]) => element('div', {}, element('dt', { text: name }), element('dd', { text: value }))));
    const buttons = element('div', { class: 'nn-findings-buttons' });
    const place = this.#placeOf(panel);
    if (place) buttons.append(button(`Show: ${place.box.title.textContent}`, () => this.#goTo(place)));
    if (change) buttons.append(button('Try it', () => this.#try(finding), 'nn-coach-primary'));
    const words = element('p', { class: 'nn-finding-sentence' }, ...marked(sentence));
    return element('li', { 'data-kind': finding.kind }, words, numbers, element('p', {}, ...marked(advice)), buttons);
  }

  /** The panel that shows something, if the page has it and no link hides it. @param {string} what */
  #placeOf(what) {
    const names = PLACES[what] ?? [];
    return names.map((name) => this.panels.find(name)).find(Boolean) ?? null;
  }

  /** @param {import('../panels/panel.js').Panel} panel */
  #goTo(panel) {
    this.panels.reveal(panel);
    const { root } = panel;
    if (this.list.offsetParent && getComputedStyle(this.list).position === 'absolute') this.#setOpen(false);
    root.scrollIntoView({ block: 'nearest' });
    clearTimeout(this.#lit);
    for (const other of this.panels.all) other.root.classList.toggle('nn-lit', other === panel);
    this.#lit = window.setTimeout(() => root.classList.remove('nn-lit'), LIT_MS);
  }

  /** @param {Finding} finding */
  #try({ change, words, goes_on: live }) {
    this.#setOpen(false);
    const text = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
    this.showMe.show({ setting: '', label: 'As advised', live, text, values: change ?? {} }, performance.now());
  }

  /** @param {boolean} open */
  #setOpen(open) {
    if (!open && this.list.contains(document.activeElement) && !this.chip.hidden) this.chip.focus({ preventScroll: true });
    this.list.hidden = !open;
    this.chip.setAttribute('aria-expanded', String(open));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== 'Escape' || this.list.hidden) return;
    // Nothing has the focus where what had it was drawn anew.
    const focused = document.activeElement ?? document.body;
    if (!this.list.contains(focused) && focused !== this.chip && focused !== document.body) return;
    event.stopPropagation();
    this.#setOpen(false);
    this.chip.focus({ preventScroll: true });
  }

  /** @param {EventTarget|null} target */
  #onPress(target) {
    const isOurs = target instanceof Node && (this.list.contains(target) || this.chip.contains(target));
    // The card of a term that is explained lies elsewhere on the page.
    const isCard = target instanceof Element && target.closest('.nn-term-card, .nn-glossary-card, dialog') !== null;
    const isCoach = target instanceof Element && target.closest('.nn-coach') !== null;
    if (!this.list.hidden && !isOurs && !isCard && !isCoach) this.#setOpen(false);
  }
}

function button(text, onClick, className = '') {
  const node = element('button', { type: 'button', class: `nn-text-button ${className}`, text });
  node.addEventListener('click', onClick);
  return node;
}
