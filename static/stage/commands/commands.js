/**
 * What the keys of the page and the buttons in its header do on the stage, presenter mode and the list of keys among it.
 */
import { listenToCommands } from '../../kit/page_commands.js';
import { isPresenting } from '../../kit/theme.js';
import { undoKey } from '../player/undo.js';
import { KEYS, LESSON_KEYS, listenToKeys } from './keyboard.js';
import { KeysDialog } from './keys_dialog.js';
import { Presenter } from './presenter.js';
import { done } from './take_back.js';

const WAIT_MS = 30;

/** Goes from frame to frame; where some were thinned out, a press that led nowhere makes the next one reach farther. */
export class FrameSteps {
  #from = null;
  #reach = 1;

  /** @param {{player: import('../player/player.js').Player, now: () => number}} options */
  constructor({ player, now }) {
    this.player = player;
    this.now = now;
  }

  back() {
    this.#go(-1);
  }

  /** Beyond the newest frame, training goes on by one of the speed's units. */
  forward() {
    const { player } = this;
    if (player.position < player.timeline.furthest) this.#go(1);
    else player.step(player.speed.unit, this.now());
  }

  #go(direction) {
    const { player } = this;
    const from = player.position;
    const stuck = this.#from?.frame === from && this.#from.direction === direction;
    this.#reach = stuck ? 2 * this.#reach : 1;
    this.#from = { frame: from, direction };
    player.scrub(from + direction * this.#reach, this.now());
  }
}

/** Ctrl+Z and the like, where no text is written and the diagram hasn't taken it for one of its edits. */
function undoOrRedo(event, player, showMe, now) {
  const which = undoKey(event);
  const busy = event.target.closest?.('input:not([type=range]), textarea, [contenteditable], [role=dialog], dialog');
  if (!which || busy) return;
  if (showMe?.takes(event)) {
    event.preventDefault();
    return;
  }
  if (!player.presses.mayDo(which)) return;
  event.preventDefault();
  player.presses.press(which, now);
}

export class StageCommands {
  #step = '';
  /** @type {(() => void)|undefined} */
  #unlisten;

  /**
   * @param {{player: import('../player/player.js').Player, transport: import('../controls/transport.js').Transport, root: HTMLElement,
   *   coach?: import('../coach/coach.js').Coach|null, showMe?: import('./show_me.js').ShowMe|null, onChange: () => void, signal: AbortSignal, guide?: import('../../lessons/guide.js').Guide, explain?: () => void}} options
   *   `onChange` is called when presenter mode begins or ends; `guide`: of the lesson that the stage is for; `explain`: the next step, where that can be
   */
  constructor({ player, transport, root, coach = null, showMe = null, onChange, signal, guide, explain }) {
    const now = () => performance.now();
    const steps = new FrameSteps({ player, now });
    this.presenter = new Presenter({ onChange, signal, isOfLesson: guide !== undefined });
    const known = [...KEYS.filter(({ command }) => explain || command !== 'explain'), ...(guide ? LESSON_KEYS : [])];
    this.keys = new KeysDialog(known, coach ? () => coach.start() : null);
    root.append(this.presenter.root, ...this.keys.nodes);
    // In a lesson the address is the step's, not the run's.
    const takeBack = () => {
      if (!guide) return done.takeBack(player, { back: () => window.history.back(), now: now() });
      const back = () => guide.commands.takeBack?.();
      return done.takeBack(player, { back, now: now(), isEntry: false }) || back();
    };
    // What was pressed just before may not be known yet.
    const takeBackInTurn = () => {
      if (done.isComing(now()) || player.presses.areHeld) setTimeout(takeBackInTurn, WAIT_MS);
      else takeBack();
    };
    const commands = {
      toggle: () => (player.playing ? player.pause(now()) : player.play(now())),
      back: () => steps.back(),
      forward: () => steps.forward(),
      reset: () => player.reset(now()),
      // A question is answered by the number of the answer.
      speed: (key) => (isPresenting() && guide?.choose(Number(key) - 1)) || transport.chooseSpeed(Number(key)),
      present: () => this.presenter.toggle(),
      leave: () => this.presenter.leave(),
      keys: () => this.keys.open(),
      glossary: () => this.keys.glossary.open(),
      takeBack: () => (isPresenting() ? showMe?.undo(now()) || takeBackInTurn() : false),
      data: () => this.presenter.toggleData(),
      draw: () => this.presenter.drawData(),
      start: () => coach?.start(),
      explain: () => explain?.(),
    };
    const ofLesson = (/** @type {string} */ name, isScene = true) => () => (isScene && !isPresenting() ? false : guide?.commands[name]?.());
    const all = guide ? { ...commands, data: ofLesson('data'), draw: () => {
      done.touch(now());
      return ofLesson('draw')();
    }, scrollDown: ofLesson('scrollDown'), scrollUp: ofLesson('scrollUp'), answer: ofLesson('answer', false), nextStep: ofLesson('nextStep'), previousStep: ofLesson('previousStep'), skip: ofLesson('skip', false), attempt: ofLesson('attempt', false), notes: ofLesson('notes', false) } : commands;
    listenToKeys(all, signal, known, () => root.isConnected);
    this.#unlisten = guide?.listen(() => {
      const { lesson = '', index = 0, free = false } = guide.step ?? {};
      const step = JSON.stringify([lesson, index, free]);
      // Nothing of the step before is taken back in this one.
      if (step !== this.#step) done.forget();
      this.#step = step;
    });
    if (!guide) window.addEventListener('popstate', () => done.wentBack(), { signal });
    document.addEventListener('keydown', (event) => root.isConnected && undoOrRedo(event, player, showMe, now()), { signal });
    listenToCommands(commands, signal, () => root.isConnected);
    this.presenter.beginAsLinked(window.location.search);
  }

  destroy() {
    this.#unlisten?.();
    this.presenter.destroy();
  }
}
