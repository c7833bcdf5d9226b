/**
 * The strip above the stage of an assigned run: the task, where the run stands against the goal, and the answer once it is
 * reached. The first time that a run reaches it, it pauses there.
 */
import { element, setAttribute, setText } from '../../kit/dom.js';
import { formatEpoch } from '../../kit/text.js';
import { epochsDone } from '../../messages/frame.js';
import { firstReached, inWords, isReached } from './standing.js';

/** @typedef {import('./standing.js').Assignment} Assignment */

export class AssignmentStrip {
  #run = '';
  #said = '';
  /** The frame that reached the goal first, of the run that is on the stage. @type {{number: number, epoch: number}|null} */
  #reached = null;
  #isNow = false;

  /** @param {{pause(): void, goTo(frame: number): void, answer(): void}} commands */
  constructor({ pause, goTo, answer }) {
    this.pause = pause;
    this.title = element('strong', { class: 'nn-task-title' });
    this.task = element('span', { class: 'nn-task-text' });
    this.more = element('button', { type: 'button', class: 'nn-text-button nn-task-more', text: 'More', 'aria-expanded': 'false', hidden: true });
    this.more.addEventListener('click', () => this.#open(this.more.getAttribute('aria-expanded') !== 'true'));
    this.state = element('p', { class: 'nn-task-state', 'data-testid': 'assignment-state' });
    this.news = element('span', { class: 'nn-task-news', role: 'status' });
    this.button = element('button', { type: 'button', class: 'nn-text-button nn-task-button' });
    this.button.addEventListener('click', () => (this.#isNow ? answer() : this.#reached && goTo(this.#reached.number)));
    this.words = element('p', { class: 'nn-task-words' }, this.title, ' ', this.task);
    // What else is in the address is of the assignment's run.
    const leave = element('a', { class: 'nn-task-leave', href: window.location.pathname, target: '_self', text: 'Leave', title: 'Go on without the assignment. The browser’s Back leads here again.' });
    const right = element('div', { class: 'nn-task-right' }, this.state, this.news, this.button, leave);
    this.root = element('section', { class: 'nn-task', 'aria-label': 'Assignment', 'data-testid': 'assignment', hidden: true }, this.words, this.more, right);
  }

  /** The goal that was reached, as the page around is told of it; null as long as it isn't. */
  get goal() {
    return this.#isNow && this.#reached ? { of: 'assignment', title: this.title.textContent, epoch: this.#reached.epoch } : null;
  }

  /** @param {import('../player/player.js').Player} player @param {boolean} readable whether words may change now */
  update(player, readable) {
    const { state, timeline } = player;
    /** @type {Assignment|undefined} */
    const assignment = state.run?.info.assignment;
    const frame = timeline.shownFrame;
    this.root.hidden = !assignment || !frame;
    if (!assignment || !frame) {
      this.#isNow = false;
      return;
    }
    const perEpoch = state.run.info.steps_per_epoch;
    if (state.id !== this.#run) this.#startRun(state.id, assignment, timeline);
    this.#isNow = isReached(assignment, frame, perEpoch);
    if (this.#reached && this.#reached.number > timeline.furthest) this.#reached = null; // gone back, and on in another way
    if (this.#isNow && !this.#reached) {
      this.#reached = { number: timeline.shown, epoch: epochsDone(frame) };
      if (player.playing) this.pause();
    }
    if (readable || !player.playing) this.#say(inWords(assignment, frame, perEpoch));
  }

  /** @param {string} run @param {Assignment} assignment @param {import('../run/timeline.js').Timeline} timeline */
  #startRun(run, assignment, timeline) {
    this.#run = run;
    this.#reached = firstReached(assignment, timeline.history, timeline.furthest);
    setText(this.title, assignment.title);
    setText(this.task, assignment.task);
    this.#open(false);
    requestAnimationFrame(() => (this.more.hidden = this.words.scrollHeight <= this.words.clientHeight + 2));
  }

  #open(open) {
    setAttribute(this.more, 'aria-expanded', String(open));
    setText(this.more, open ? 'Less' : 'More');
    this.root.classList.toggle('nn-task-open', open);
  }

  /** @param {import('./standing.js').Part[]} parts */
  #say(parts) {
    setAttribute(this.root, 'data-reached', String(this.#isNow));
    const news = this.#isNow ? 'Goal reached.' : '';
    const action = this.#isNow ? 'Get your answer' : this.#reached ? `Back to epoch ${formatEpoch(this.#reached.epoch)}, where it was reached` : '';
    setText(this.news, news);
    setText(this.button, action);
    this.button.hidden = !action;
    const said = JSON.stringify(parts);
    if (said === this.#said) return;
    this.#said = said;
    const nodes = parts.map(({ text, over }) => element('span', { class: over ? 'nn-task-over' : 'nn-task-part', text }));
    this.state.replaceChildren(...nodes.flatMap((node, index) => (index ? [' · ', node] : [node])));
  }
}
