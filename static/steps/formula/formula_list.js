/** Formulas on the page: each with letters, with the numbers put in, and a button that copies both. */
import { element } from '../../kit/dom.js';
import { typeset } from '../../kit/katex.js';

const COPIED_MS = 1500;
const COPY = 'Copy as LaTeX';

export class FormulaList {
  #key = '';

  constructor() {
    this.root = element('div', { class: 'nn-fl' });
  }

  /** @param {import('../ledger/formulas.js').Formula[]} formulas */
  show(formulas) {
    const key = JSON.stringify(formulas);
    if (key === this.#key) return;
    this.#key = key;
    this.root.replaceChildren(...formulas.map(formulaNode));
  }
}

/** @param {import('../ledger/formulas.js').Formula} formula */
function formulaNode({ title, letters, numbers }) {
  const copy = element('button', { type: 'button', class: 'nn-text-button nn-fl-copy', title: 'Copies the formula, with letters and with numbers', 'aria-label': `Copy as LaTeX: ${title}`, text: COPY });
  copy.addEventListener('click', async () => {
    await copyText(`\\[ ${letters} \\]\n\\[ ${numbers} \\]\n`);
    copy.textContent = 'Copied';
    setTimeout(() => (copy.textContent = COPY), COPIED_MS);
  });
  const lines = [letters, numbers].map((latex, k) => {
    const node = element('div', { class: `nn-fl-line ${k === 0 ? 'nn-fl-letters' : 'nn-fl-numbers'}`, tabindex: '0', role: 'group', 'aria-label': k === 0 ? `${title}, with letters` : `${title}, with numbers` });
    typeset(node, latex);
    return node;
  });
  return element('section', { class: 'nn-fl-formula' }, element('h3', { class: 'nn-fl-title' }, element('span', { text: title }), copy), ...lines);
}

/** Without a secure page there is no clipboard; then the old way. @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element('textarea', { class: 'nn-fl-clip', readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
