/**
 * The bug lab: a case, its evidence, and the answer. It asks the server for a case and for what comes of an answer; all
 * evidence is drawn here.
 */
import { element, setText } from '../../kit/dom.js';
import { listenToCommands } from '../../kit/page_commands.js';
import { watchPixelRatio } from '../../kit/pixel_ratio.js';
import { isProjected, ThemeWatch } from '../../kit/theme.js';
import { decodeOrTell } from '../../messages/decode.js';
import { listenToKeys } from '../../stage/commands/keyboard.js';
import { KeysDialog } from '../../stage/commands/keys_dialog.js';
import { Presenter } from '../../stage/commands/presenter.js';
import { watchPaper } from '../../stage/page/paper.js';
import { Asking } from '../asking.js';
import { AnswerPanel } from './answer_panel.js';
import { BatchesPanel } from './batches_panel.js';
import { CheckPanel } from './check_panel.js';
import { Evidence } from './evidence.js';
import { RunPanel } from './run_panel.js';

const TICK_MS = 250;
/** The moment that one sees first: early enough for gradients to be large. */
const FIRST_MOMENT = 8;
const KEYS = [
  { keys: ['ArrowLeft'], label: '←', text: 'An earlier moment of the run', command: 'back', repeats: true },
  { keys: ['ArrowRight'], label: '→', text: 'A later moment of the run', command: 'forward', repeats: true },
  { keys: ['n'], label: 'N', text: 'Another case', command: 'another' },
  { keys: ['p'], label: 'P', text: 'Presenter mode: large text, no menu', command: 'present' },
  { keys: ['Escape'], label: 'Esc', text: 'Leave presenter mode', command: 'leave' },
  { keys: ['?'], label: '?', text: 'Show these keys', command: 'keys' },
  { keys: ['g'], label: 'G', text: 'Glossary: what the words mean', command: 'glossary' },
];

export class LabPage {
  /** @type {Evidence|null} */
  #evidence = null;
  #moment = FIRST_MOMENT;
  #run = '';
  #colours = new ThemeWatch();
  /** @type {import('../../kit/theme.js').Theme|null} */
  #theme = null;
  #listeners = new AbortController();
  #asking;
  #timer;

  /** @param {HTMLElement} host @param {(name: string) => (value: Object) => void} trigger */
  constructor(host, trigger) {
    this.#asking = new Asking((request) => trigger('request')({ ...request, run: this.#run }), Date.now());
    this.runPanel = new RunPanel((moment) => this.#look(moment));
    this.checkPanel = new CheckPanel();
    this.batchesPanel = new BatchesPanel();
    this.answerPanel = new AnswerPanel({ name: (fault) => this.#ask({ kind: 'name', fault }), tell: () => this.#ask({ kind: 'tell' }), another: () => this.#another() });
    this.title = element('h2', { class: 'nn-lab-title' });
    this.words = element('p', { class: 'nn-lab-words' });
    this.problem = element('p', { class: 'nn-lab-problem', role: 'alert' });
    const another = element('button', { type: 'button', class: 'nn-text-button', title: 'Another case (N)', text: 'Another case' });
    another.addEventListener('click', () => this.#another());
    this.root = element('div', { class: 'nn-stage nn-lab', 'data-testid': 'bug-lab', 'data-ready': 'false' },
      element('header', { class: 'nn-lab-head' }, this.title, another, this.words), this.problem,
      element('div', { class: 'nn-lab-main' }, this.runPanel.root, this.checkPanel.root, element('div', { class: 'nn-lab-last' }, this.batchesPanel.root, this.answerPanel.root)));
    host.replaceChildren(this.root);
    this.#listen();
    this.refresh();
    this.#timer = setInterval(() => this.#asking.tick(performance.now()), TICK_MS);
  }

  #listen() {
    const { signal } = this.#listeners;
    this.presenter = new Presenter({ onChange: () => this.refresh(), signal, hint: 'Escape leaves presenter mode, ? lists the keys.' });
    this.presenter.data.hidden = true;
    this.keys = new KeysDialog(KEYS);
    this.root.append(this.presenter.root, ...this.keys.nodes);
    const commands = {
      back: () => this.#look(this.#moment - 1), forward: () => this.#look(this.#moment + 1), another: () => this.#another(),
      present: () => this.presenter?.toggle(), leave: () => this.presenter?.leave() ?? false, keys: () => this.keys?.open(), glossary: () => this.keys?.glossary.open(),
      toggle: () => false, reset: () => false, speed: () => false,
    };
    listenToKeys(commands, signal, KEYS, () => this.root.isConnected);
    listenToCommands(commands, signal, () => this.root.isConnected);
    this.presenter.beginAsLinked(window.location.search);
    watchPaper(this.root, () => this.refresh(), signal);
    watchPixelRatio(() => this.refresh(), signal);
  }

  /** Take a message as it came. @param {Uint8Array} bytes */
  receive(bytes) {
    const message = decodeOrTell(bytes, (sentence) => setText(this.problem, sentence));
    if (!message) return;
    const { header, statics } = message;
    this.#asking.heard(header.reply, performance.now());
    if (header.run !== this.#run) this.#moment = FIRST_MOMENT;
    this.#run = header.run;
    this.#evidence = new Evidence(header, /** @type {any} */ (statics));
    setText(this.title, `Case ${this.#evidence.number}`);
    setText(this.words, `${header.words} What is wrong with it, if anything?`);
    this.#show();
    this.root.dataset.case = String(this.#evidence.number);
    this.root.dataset.ready = 'true';
  }

  moveTo(host) {
    host.replaceChildren(this.root);
  }

  /** Take over the theme's colours if they changed. */
  refresh() {
    const theme = this.#colours.changed(this.root);
    if (!theme) return;
    this.#theme = theme;
    this.#show();
  }

  destroy() {
    clearInterval(this.#timer);
    this.#listeners.abort();
    this.presenter?.destroy();
    this.runPanel.destroy();
    this.batchesPanel.destroy();
  }

  #ask(/** @type {{kind: string, fault?: string}} */ body) {
    this.#asking.ask(body, performance.now());
  }

  #another() {
    this.#ask({ kind: 'new' });
  }

  #look(/** @type {number} */ moment) {
    if (!this.#evidence) return;
    this.#moment = Math.min(this.#evidence.nMoments - 1, Math.max(0, moment));
    this.runPanel.at(this.#moment);
    this.checkPanel.show(this.#evidence, this.#moment);
  }

  #show() {
    if (!this.#evidence || !this.#theme) return;
    // The panels are enlarged as a whole there, and the charts' type a little more.
    const theme = { ...this.#theme, scale: isProjected() ? 1.2 : 1 };
    this.runPanel.show(this.#evidence, theme, this.#moment);
    this.checkPanel.show(this.#evidence, this.#moment);
    this.batchesPanel.show(this.#evidence, theme);
    this.answerPanel.show(this.#evidence);
  }
}
