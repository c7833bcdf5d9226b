/** What is wrong? The choices, and what comes of an answer. */
import { element, setAttribute, setText } from '../../kit/dom.js';

export class AnswerPanel {
  #key = '';

  /** @param {{name: (fault: string) => void, tell: () => void, another: () => void}} does */
  constructor({ name, tell, another }) {
    this.choices = element('div', { class: 'nn-lab-choices', role: 'radiogroup', 'aria-label': 'What is wrong?' });
    this.answerButton = element('button', { type: 'button', class: 'nn-text-button nn-lab-first', text: 'Answer' });
    this.answerButton.addEventListener('click', () => this.chosen && name(this.chosen));
    this.tellButton = element('button', { type: 'button', class: 'nn-text-button', text: 'Tell me' });
    this.tellButton.addEventListener('click', tell);
    this.anotherButton = element('button', { type: 'button', class: 'nn-text-button nn-lab-first', text: 'Another case' });
    this.anotherButton.addEventListener('click', another);
    this.verdict = element('div', { class: 'nn-lab-verdict', role: 'status' });
    this.root = element('section', { class: 'nn-lab-panel nn-lab-answer', 'aria-label': 'What is wrong?' }, element('h3', { text: 'What is wrong?' }),
      this.choices, element('div', { class: 'nn-lab-buttons' }, this.answerButton, this.tellButton, this.anotherButton), this.verdict);
  }

  /** What is chosen, or empty. */
  get chosen() {
    const input = /** @type {HTMLInputElement|null} */ (this.choices.querySelector('input:checked'));
    return input?.value ?? '';
  }

  /** @param {import('./evidence.js').Evidence} evidence */
  show(evidence) {
    if (evidence.key !== this.#key) {
      this.#key = evidence.key;
      this.choices.replaceChildren(...evidence.faults.map(({ key, title }) => {
        const input = element('input', { type: 'radio', name: 'nn-lab-fault', value: key });
        input.addEventListener('change', () => this.#enable(evidence.told !== null));
        return element('label', {}, input, element('span', { text: title }));
      }));
    }
    for (const label of this.choices.children) {
      const input = /** @type {HTMLInputElement} */ (label.firstChild);
      const wasWrong = evidence.header.named.includes(input.value);
      setAttribute(label, 'data-outcome', wasWrong ? 'wrong' : '');
      input.disabled = wasWrong;
      if (wasWrong) input.checked = false;
    }
    this.choices.hidden = evidence.told !== null;
    this.#enable(evidence.told !== null);
    this.#tell(evidence.verdict, evidence.told !== null);
  }

  #enable(/** @type {boolean} */ isTold) {
    this.answerButton.disabled = this.chosen === '';
    this.answerButton.hidden = this.tellButton.hidden = isTold;
    this.anotherButton.hidden = !isTold;
  }

  #tell(/** @type {import('./evidence.js').Verdict|null} */ verdict, /** @type {boolean} */ isTold) {
    const first = !verdict ? '' : !isTold ? `No, it isn’t “${verdict.title}”.` : verdict.right ? `Right: ${lower(verdict.title)}.` : `It was this: ${lower(verdict.title)}.`;
    const lines = verdict ? [first, verdict.planted, verdict.text, verdict.figures ?? ''].filter(Boolean) : [];
    setAttribute(this.verdict, 'data-outcome', !verdict ? '' : isTold ? (verdict.right ? 'right' : 'told') : 'wrong');
    if (this.verdict.children.length !== lines.length) this.verdict.replaceChildren(...lines.map(() => element('p')));
    lines.forEach((line, k) => setText(this.verdict.children[k], line));
  }
}

const lower = (/** @type {string} */ text) => text[0].toLowerCase() + text.slice(1);
