/**
 * The page Step by step: the bar, the diagram with the batch below it, and the formulas beside them. It asks the server for
 * the step's numbers, once; all else is worked out here.
 */
import { element, icon, select, setAttribute, setText } from '../kit/dom.js';
import { listenToCommands } from '../kit/page_commands.js';
import { watchPixelRatio } from '../kit/pixel_ratio.js';
import { isPresenting, isProjected, ThemeWatch } from '../kit/theme.js';
import { decodeOrTell } from '../messages/decode.js';
import { isLeaving, onLeave } from '../messages/page_change.js';
import { listenToKeys } from '../stage/commands/keyboard.js';
import { KeysDialog } from '../stage/commands/keys_dialog.js';
import { carryPresenting, Presenter } from '../stage/commands/presenter.js';
import { hiddenGroups } from '../stage/page/link_hiding.js';
import { watchPaper } from '../stage/page/paper.js';
import { forgetReloaded } from '../stage/run/last_seen.js';
import { Asking } from './asking.js';
import { BatchStrip } from './drawing/batch_strip.js';
import { Diagram } from './drawing/diagram.js';
import { Differences } from './ledger/differences.js';
import { error, forward, gradient, loss, update, whySoLong } from './ledger/formulas.js';
import { FormulaList } from './formula/formula_list.js';
import { formatNumber, formatSetting } from './ledger/numbers.js';
import { beginningOf, placesOf, sentence, STAGES } from './ledger/places.js';
import { Step } from './ledger/step.js';
import { WeightCard } from './weight/weight_card.js';

const TICK_MS = 100;
/** How long a place stays while a step is played. */
const PLACE_MS = 2600;
const KEYS = [
  { keys: [' '], label: 'Space', text: 'Go on', command: 'toggle' },
  { keys: ['ArrowRight'], label: '→', text: 'Go on', command: 'forward', repeats: true },
  { keys: ['ArrowLeft'], label: '←', text: 'Go back', command: 'back', repeats: true },
  { keys: ['1', '2', '3', '4'], label: '1 – 4', text: 'Forward, loss, backward, update', command: 'stage' },
  { keys: ['a'], label: 'A', text: 'Play slowly, or stop', command: 'play' },
  { keys: ['t'], label: 'T', text: 'Take this step, and look at the next one', command: 'take' },
  { keys: ['u'], label: 'U', text: 'Undo a step that was taken here', command: 'untake' },
  { keys: ['b'], label: 'B', text: 'Back to the playground', command: 'leavePage' },
  { keys: ['p'], label: 'P', text: 'Presenter mode: large text, no menu', command: 'present' },
  { keys: ['Escape'], label: 'Esc', text: 'Leave presenter mode, or close what is open', command: 'leave' },
  { keys: ['?'], label: '?', text: 'Show these keys', command: 'keys' },
  { keys: ['g'], label: 'G', text: 'Glossary: what the words mean', command: 'glossary' },
];

export class StepsPage {
  /** @type {Step|null} */
  #step = null;
  /** @type {import('./ledger/places.js').Place[]} */
  #places = [];
  #at = 0;
  /** @type {import('./drawing/diagram.js').Choice} */
  #choice = { unit: [], from: 0, sample: 0 };
  #cardIsOpen = false;
  /** @type {Differences|null} */
  #differences = null;
  #asked = '';
  #shape = '';
  #asking;
  #leave;
  #colours = new ThemeWatch();
  #listeners = new AbortController();
  #timer;
  /** When the next place is due while a step is played, or null. @type {number|null} */
  #nextAt = null;
  #run = '';

  /** @param {HTMLElement} host @param {(name: string) => (value: Object) => void} trigger */
  constructor(host, trigger) {
    this.#asking = new Asking((request) => trigger('request')({ ...request, run: this.#run }), Date.now());
    this.#leave = trigger('leave');
    this.diagram = new Diagram({ chooseUnit: (layer, unit) => this.#chooseUnit(layer, unit), chooseWeight: (weight) => this.#chooseWeight(weight) });
    this.strip = new BatchStrip((sample) => this.#chooseSample(sample));
    this.formulas = new FormulaList();
    this.card = new WeightCard({ choose: (sample) => this.#chooseSample(sample), follow: (layer, unit) => this.#chooseUnit(layer, unit), close: () => this.#closeCard() });
    this.#build(host);
    this.#listen();
    this.refresh();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  #build(host) {
    const button = (/** @type {string} */ name, /** @type {any} */ picture, /** @type {string} */ title, /** @type {() => void} */ act) => {
      const node = element('button', { type: 'button', class: 'nn-button', 'aria-label': name, title }, icon(picture));
      node.addEventListener('click', act);
      return node;
    };
    const wordy = (/** @type {string} */ text, /** @type {string} */ title, /** @type {() => void} */ act) => {
      const node = element('button', { type: 'button', class: 'nn-text-button', title, text });
      node.addEventListener('click', act);
      return node;
    };
    this.backButton = button('Go back', 'before', 'Go back (←)', () => this.#go(-1));
    this.playButton = button('Play slowly', 'play', 'Play slowly (A)', () => this.#togglePlay());
    this.playIcons = { play: this.playButton.firstChild, pause: icon('pause') };
    this.onButton = button('Go on', 'after', 'Go on (Space)', () => this.#go(1));
    this.stages = element('div', { class: 'nn-st-stages', role: 'group', 'aria-label': 'Stages of the step' }, ...STAGES.map(({ name, text, title }) => {
      const node = element('button', { type: 'button', class: 'nn-st-stage', 'data-stage': name, title, text });
      node.addEventListener('click', () => this.#goTo(beginningOf(this.#places, name)));
      return node;
    }));
    this.where = element('p', { class: 'nn-st-where' });
    this.takeButton = wordy('Take this step', 'Take this step, and look at the next one (T)', () => this.#take());
    this.untakeButton = wordy('Undo the step', 'Go back to the step before (U)', () => this.#untake());
    this.leaveButton = wordy('Back to the playground', 'Back to the playground, at this moment of the run (B)', () => this.#leavePage());
    this.bar = element('div', { class: 'nn-st-bar' }, element('div', { class: 'nn-st-buttons' }, this.backButton, this.playButton, this.onButton), this.stages, this.where,
      element('div', { class: 'nn-st-acts' }, this.untakeButton, this.takeButton, this.leaveButton));
    this.problem = element('p', { class: 'nn-st-problem', role: 'alert' });
    this.waiting = element('p', { class: 'nn-st-waiting', role: 'status' });
    this.sentence = element('p', { class: 'nn-st-sentence', 'aria-live': 'polite' });
    this.layerChoice = this.#choiceOf('Layer', (value) => this.#chooseUnit(value, this.#choice.unit[value + 1] ?? 0));
    this.unitChoice = this.#choiceOf('Unit', (value) => this.#chooseUnit(this.#place.layer, value));
    this.fromChoice = this.#choiceOf('Weight from', (value) => this.#chooseFrom(value));
    this.cardButton = wordy('Look into this weight', 'Each sample’s share of its gradient, the chain back to the loss, and the finite difference', () => this.#openCard());
    this.choices = element('div', { class: 'nn-st-choices' }, this.layerChoice.root, this.unitChoice.root, this.fromChoice.root, this.cardButton);
    this.why = element('p', { class: 'nn-st-why' });
    this.settings = element('p', { class: 'nn-st-settings' });
    this.side = element('div', { class: 'nn-st-side', tabindex: '0', role: 'group', 'aria-label': 'Formulas' }, this.sentence, this.choices, this.formulas.root, this.why, this.settings, this.card.root);
    const below = element('div', { class: 'nn-bs-row' }, this.strip.root, this.diagram.zooms);
    const left = element('div', { class: 'nn-st-left' }, this.diagram.root, below);
    this.main = element('div', { class: 'nn-st-main', hidden: true }, left, this.side);
    this.root = element('div', { class: 'nn-stage nn-st', 'data-testid': 'steps', 'data-ready': 'false' }, this.bar, this.problem, this.waiting, this.main);
    this.#hide(hiddenGroups(window.location.search), left, below);
    host.replaceChildren(this.root);
  }

  /** Leave out what a link hides; the rest has the room. @param {string[]} names @param {HTMLElement} left @param {HTMLElement} below */
  #hide(names, left, below) {
    for (const name of names) for (const node of { transport: [this.bar], diagram: [this.diagram.root, this.diagram.zooms], boundary: [this.strip.root] }[name] ?? []) node.hidden = true;
    const hasNo = (/** @type {string} */ name) => names.includes(name);
    left.hidden = below.hidden = hasNo('diagram') && hasNo('boundary');
    this.root.classList.toggle('nn-st-no-diagram', hasNo('diagram'));
  }

  /** A select with its name. @param {string} name @param {(value: number) => void} onChange */
  #choiceOf(name, onChange) {
    const node = select(name, [], '', (value) => onChange(Number(value)));
    return { node, root: element('label', { class: 'nn-st-choice' }, element('span', { text: name }), node), key: '' };
  }

  #listen() {
    const { signal } = this.#listeners;
    this.presenter = new Presenter({ onChange: () => this.refresh(), signal, hint: 'Escape leaves presenter mode, Space goes on, ← goes back, ? lists the keys.' });
    this.presenter.data.hidden = true;
    this.keys = new KeysDialog(KEYS);
    this.root.append(this.presenter.root, ...this.keys.nodes);
    const commands = {
      toggle: () => this.#go(1), forward: () => this.#go(1), back: () => this.#go(-1),
      stage: (/** @type {string} */ key) => this.#goTo(beginningOf(this.#places, STAGES[Number(key) - 1].name)),
      play: () => this.#togglePlay(), take: () => this.#take(), untake: () => this.#untake(), leavePage: () => this.#leavePage(),
      present: () => this.presenter.toggle(), leave: () => this.#escape(), keys: () => this.keys.open(), glossary: () => this.keys.glossary.open(),
      reset: () => false, speed: () => false,
    };
    listenToKeys(commands, signal, KEYS, () => this.root.isConnected);
    listenToCommands(commands, signal, () => this.root.isConnected);
    this.presenter.beginAsLinked(window.location.search);
    watchPaper(this.root, () => this.refresh(), signal);
    watchPixelRatio(() => this.refresh(), signal);
    onLeave(() => this.#stop(), signal);
  }

  /** Take a message as it came. @param {Uint8Array} bytes */
  receive(bytes) {
    const message = decodeOrTell(bytes, (sentence) => setText(this.problem, sentence));
    if (!message) return;
    const { header, statics } = message;
    const now = performance.now();
    this.#run = header.run;
    this.#asking.heard(header.reply, now);
    if (header.kind === 'weight') this.#takeDifferences(header, statics);
    if (header.kind === 'step') this.#takeStep(header, statics);
    else if (header.kind !== 'weight') this.#showNothing(header);
    // A message of a weight that comes before its step: the page was loaded again.
    if (!this.#step && (header.kind === 'weight' || header.kind === 'training')) this.#asking.ask({ kind: header.kind === 'weight' ? 'sync' : 'go_on' }, now);
    setText(this.problem, header.problem);
    writeAddress(header.address);
    this.untakeButton.hidden = !header.can_go_back;
    this.takeButton.disabled = !this.#step || header.problem !== '';
    this.#showWaiting();
  }

  moveTo(host) {
    host.replaceChildren(this.root);
  }

  /** Take over the theme's colours if they changed. */
  refresh() {
    const theme = this.#colours.changed(this.root);
    if (!theme) return;
    this.strip.setDark(theme.dark);
    this.diagram.setScale(isProjected() ? 2.2 : isPresenting() ? 1.3 : 1);
    this.#show();
  }

  destroy() {
    clearInterval(this.#timer);
    this.#listeners.abort();
    this.presenter?.destroy();
    this.diagram.destroy();
  }

  #tick() {
    const now = performance.now();
    if (document.hidden) return;
    this.#asking.tick(now);
    if (this.#nextAt !== null && now >= this.#nextAt) {
      if (this.#at + 1 < this.#places.length) {
        this.#nextAt = now + PLACE_MS;
        this.#goTo(this.#at + 1, true);
      } else this.#stop();
    }
  }

  // -- messages --------------------------------------------------------------------------------------------------------

  #takeStep(header, statics) {
    if (this.#step && this.#step.run === header.run && this.#step.number === header.step) return;
    const step = new Step(header, statics);
    const shape = JSON.stringify([step.sizes, header.run]);
    const isOther = shape !== this.#shape;
    this.#shape = shape;
    this.#step = step;
    this.#differences = null;
    this.#asked = '';
    this.#places = placesOf(step.layers.length);
    if (isOther) {
      this.#at = 0;
      this.#cardIsOpen = false;
      this.#choice = { unit: step.sizes.map(() => 0), from: 0, sample: 0 };
    } else if (this.#choice.sample !== null && this.#choice.sample >= step.told) this.#choice.sample = 0;
    this.#show();
  }

  #takeDifferences(header, statics) {
    if (!this.#step || header.run !== this.#step.run || header.step !== this.#step.number) return;
    this.#differences = new Differences(header, statics);
    this.#show();
  }

  #showNothing({ progress }) {
    this.#step = null;
    this.progress = progress;
    this.#show();
  }

  #showWaiting() {
    const { progress } = this;
    const share = progress && progress[1] > 0 ? `: ${progress[0].toLocaleString('en-US')} of ${progress[1].toLocaleString('en-US')} steps` : '';
    setText(this.waiting, this.#step || this.problem.textContent ? '' : `Training up to the step${share}`);
  }

  // -- what is looked at -------------------------------------------------------------------------------------------------

  get #place() {
    return this.#places[this.#at];
  }

  #weight() {
    const { layer } = this.#place;
    const most = /** @type {Step} */ (this.#step).sizes[layer];
    const isThere = this.#choice.from < most + Number(this.#step?.info.has_bias);
    return { layer, from: isThere ? this.#choice.from : 0, unit: this.#choice.unit[layer + 1] };
  }

  #go(direction) {
    this.#stop();
    this.#goTo(this.#at + direction);
  }

  #goTo(index, isPlaying = false) {
    if (!this.#step || index < 0 || index >= this.#places.length) return;
    if (!isPlaying) this.#stop();
    this.#at = index;
    this.#show();
  }

  /** Look at a unit of a layer in the stage that is shown. */
  #chooseUnit(layer, unit) {
    if (!this.#step) return;
    this.#stop();
    this.#choice.unit[layer + 1] = unit;
    const { stage } = this.#place;
    const index = this.#places.findIndex((place) => place.layer === layer && place.stage === (stage === 'loss' ? 'forward' : stage));
    if (stage !== 'loss' || layer < this.#step.last) this.#at = index;
    this.#show();
  }

  #chooseFrom(from) {
    this.#stop();
    this.#choice.from = from;
    this.#show();
  }

  /** Look into a weight: where its gradient comes from, or what the optimiser makes of it. */
  #chooseWeight({ layer, from, unit }) {
    if (!this.#step) return;
    this.#stop();
    this.#choice.unit[layer + 1] = unit;
    this.#choice.from = from;
    const stage = this.#place.stage === 'update' ? 'update' : 'backward';
    this.#at = this.#places.findIndex((place) => place.layer === layer && place.stage === stage);
    this.#openCard();
  }

  #chooseSample(sample) {
    this.#choice.sample = sample;
    this.#show();
  }

  #openCard() {
    this.#cardIsOpen = true;
    this.#show();
    this.card.root.scrollIntoView({ block: 'nearest' });
  }

  #closeCard() {
    this.#cardIsOpen = false;
    this.#show();
    this.cardButton.focus();
  }

  #escape() {
    if (this.presenter.leave()) return true;
    if (!this.#cardIsOpen) return false;
    this.#closeCard();
    return true;
  }

  #togglePlay() {
    if (this.#nextAt !== null) this.#stop();
    else if (this.#step) {
      if (this.#at + 1 >= this.#places.length) this.#at = -1;
      this.#goTo(this.#at + 1, true);
      this.#nextAt = performance.now() + PLACE_MS;
    }
    this.#showPlaying();
  }

  #stop() {
    this.#nextAt = null;
    this.#showPlaying();
  }

  #showPlaying() {
    const isPlaying = this.#nextAt !== null;
    this.playButton.replaceChildren(/** @type {Node} */ (this.playIcons[isPlaying ? 'pause' : 'play']));
    setAttribute(this.playButton, 'aria-label', isPlaying ? 'Stop' : 'Play slowly');
    setAttribute(this.playButton, 'title', isPlaying ? 'Stop (A)' : 'Play slowly (A)');
    setAttribute(this.root, 'data-playing', String(isPlaying));
  }

  #take() {
    if (!this.#step || this.takeButton.disabled) return;
    this.#stop();
    this.#asking.ask({ kind: 'next', step: this.#step.number }, performance.now());
  }

  #untake() {
    if (!this.#step || this.untakeButton.hidden) return;
    this.#stop();
    this.#asking.ask({ kind: 'previous', step: this.#step.number }, performance.now());
  }

  #leavePage() {
    forgetReloaded('playground');
    carryPresenting();
    this.#leave({ id: Date.now() });
  }

  // -- drawing -----------------------------------------------------------------------------------------------------------

  #show() {
    const step = this.#step;
    this.main.hidden = step === null;
    setAttribute(this.root, 'data-ready', String(step !== null));
    for (const node of [this.backButton, this.playButton, this.onButton, ...this.stages.children]) /** @type {HTMLButtonElement} */ (node).disabled = step === null;
    if (!step) return;
    const place = this.#place;
    const { sample } = this.#choice;
    this.backButton.disabled = this.#at === 0;
    this.onButton.disabled = this.#at + 1 === this.#places.length;
    for (const node of this.stages.children) setAttribute(node, 'aria-pressed', String(/** @type {HTMLElement} */ (node).dataset.stage === place.stage));
    setText(this.where, whereIs(step));
    setText(this.sentence, sentence(place, step.layers.map(({ activation }) => activation), sample));
    this.#showChoices(step, place);
    this.diagram.show(step, place, { ...this.#choice, from: this.#weight().from });
    this.strip.show(step, sample);
    this.formulas.show(this.#formulasOf(step, place, sample));
    const weight = this.#weight();
    setText(this.why, place.stage === 'update' ? whySoLong(step, weight, formatNumber) : '');
    setText(this.settings, place.stage === 'update' ? settingsOf(step) : place.stage === 'loss' && step.penalty > 0 ? `Training minimises this loss plus the penalty, ${formatNumber(step.penalty)}.` : '');
    const isOpen = this.#cardIsOpen && (place.stage === 'backward' || place.stage === 'update');
    if (isOpen) this.#showCard(step, weight, sample);
    else this.card.hide();
    this.#showAttributes(step, place, sample);
  }

  #showCard(step, weight, sample) {
    const differences = this.#differences?.isOf(weight) ? this.#differences : null;
    this.card.show(step, weight, sample, differences);
    const key = `${step.number} ${JSON.stringify(weight)}`;
    if (differences || key === this.#asked) return;
    this.#asked = key;
    this.#asking.ask({ kind: 'weight', ...weight }, performance.now());
  }

  #formulasOf(step, place, sample) {
    const { layer, stage } = place;
    const unit = this.#choice.unit[layer + 1];
    const weight = this.#weight();
    if (stage === 'forward') return forward(step, layer, unit, sample);
    if (stage === 'loss') return loss(step, sample);
    if (stage === 'update') return update(step, weight);
    return [error(step, layer, unit, sample), gradient(step, weight, sample)];
  }

  #showChoices(step, { stage, layer }) {
    const inLayer = stage !== 'loss';
    this.choices.hidden = !inLayer;
    if (!inLayer) return;
    const weight = this.#weight();
    fill(this.layerChoice, step.layers.map((_, k) => step.layerName(k)), layer);
    fill(this.unitChoice, [...Array(step.sizes[layer + 1]).keys()].map((unit) => step.unitName(layer, unit)), weight.unit);
    const sources = [...Array(step.sizes[layer]).keys()].map((from) => step.unitName(layer - 1, from));
    fill(this.fromChoice, step.info.has_bias ? [...sources, 'bias'] : sources, weight.from);
    const hasWeight = stage === 'backward' || stage === 'update';
    this.fromChoice.root.hidden = this.cardButton.hidden = !hasWeight;
    if (this.#cardIsOpen) this.cardButton.hidden = true;
  }

  /** For whoever looks at the page from outside. */
  #showAttributes(step, { stage, layer }, sample) {
    const weight = this.#weight();
    const said = { run: step.run, step: step.number, stage, layer, unit: weight.unit, from: weight.from, sample: sample ?? 'batch' };
    for (const [name, value] of Object.entries(said)) setAttribute(this.root, `data-${name}`, String(value));
  }
}

/**
 * Let the page's address be that of the step. The server writes it, too, but what it writes as the page arrives is lost on
 * the way (nnplay/ui/streamlit_internals/history_entries.py).
 * @param {string} address
 */
function writeAddress(address) {
  const { pathname, search, hash } = window.location;
  if (!window.nnplayReplace || isLeaving() || !pathname.endsWith('/step_by_step')) return;
  const query = new URLSearchParams(search);
  for (const name of ['recipe', 'step', 'epoch']) query.delete(name);
  for (const [name, value] of new URLSearchParams(address)) query.set(name, value);
  if (query.toString() !== new URLSearchParams(search).toString()) window.nnplayReplace(window.history.state, '', `${pathname}?${query}${hash}`);
}

/** Put options into a select, if they are others. */
function fill(choice, texts, value) {
  const key = JSON.stringify(texts);
  if (key !== choice.key) {
    choice.key = key;
    choice.node.replaceChildren(...texts.map((text, k) => element('option', { value: String(k), text })));
  }
  if (choice.node.value !== String(value)) choice.node.value = String(value);
}

/** @param {Step} step */
function whereIs({ info, number }) {
  const count = (/** @type {number} */ n) => n.toLocaleString('en-US');
  const part = info.steps_per_epoch > 1 ? `, mini-batch ${count(info.step_in_epoch + 1)} of ${count(info.steps_per_epoch)}` : '';
  return `Step ${count(number + 1)}: epoch ${count(info.epoch + 1)}${part}`;
}

/** What the step is taken by, in a line. @param {Step} step */
function settingsOf({ info, loss: before, lossAfter }) {
  const { schedule, base_rate: base, schedule_factor: factor, learning_rate: rate, dropout, regularizer } = info;
  const parts = [factor === 1 && schedule === 'constant' ? `Rate ${formatSetting(rate)}.` : `Rate ${formatSetting(base)} × ${formatNumber(factor)} by the schedule = ${formatNumber(rate)}.`];
  if (regularizer) parts.push(`Penalty ${regularizer.name.toUpperCase()}, rate ${formatSetting(regularizer.rate)}.`);
  if (dropout > 0) parts.push(`Dropout ${formatSetting(dropout)}: units that are off in this step are dashed.`);
  parts.push(`With this step the loss of the batch goes from ${formatNumber(before)} to ${formatNumber(lossAfter)}.`);
  return parts.join(' ');
}
