/**
 * A lesson's words as parts: `**strong**`, `*emphasis*`, `` `code` `` and `$formulas$`. Whatever else is in a text is shown as
 * it is. No DOM, so that node can test it.
 */

/** @typedef {{kind: 'text'|'strong'|'em'|'code'|'sub'|'sup'|'var', text: string}} Part */

const MARKS = /\*\*(?<strong>[^*]+)\*\*|\*(?<em>[^*\s](?:[^*]*[^*\s])?)\*|`(?<code>[^`]+)`|\$(?<formula>[^$]+)\$/gu;
const NAMES = {
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', eta: 'η', theta: 'θ', lambda: 'λ', mu: 'μ', pi: 'π', rho: 'ρ', sigma: 'σ', phi: 'φ', omega: 'ω',
  cdot: '·', times: '×', le: '≤', leq: '≤', ge: '≥', geq: '≥', ne: '≠', neq: '≠', approx: '≈', pm: '±', infty: '∞', sum: 'Σ', partial: '∂', nabla: '∇', to: '→', in: '∈',
  log: 'log', ln: 'ln', exp: 'exp', tanh: 'tanh', sin: 'sin', cos: 'cos', max: 'max', min: 'min', sqrt: '√', dots: '…', ldots: '…', quad: ' ',
};

/** @param {string} text @returns {Part[]} */
export function partsOf(text) {
  /** @type {Part[]} */
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(MARKS)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    at = match.index + match[0].length;
    const { strong, em, code, formula } = match.groups ?? {};
    if (formula) parts.push(...formulaOf(formula));
    else if (strong) parts.push({ kind: 'strong', text: strong });
    else if (em) parts.push({ kind: 'em', text: em });
    else parts.push({ kind: 'code', text: code });
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

/** A formula's letters slanted, its indices low and its powers high. @param {string} formula @returns {Part[]} */
export function formulaOf(formula) {
  const plain = formula.replace(/\\([a-zA-Z]+)\s?/g, (whole, name) => NAMES[name] ?? whole).replace(/\\[,;! ]/g, ' ').replace(/-/g, '−');
  /** @type {Part[]} */
  const parts = [];
  for (const [whole, sign, group, single, word] of plain.matchAll(/([_^])(?:\{([^}]*)\}|(.))|([a-zA-Zα-ω]+)|./gu)) {
    if (sign) parts.push({ kind: sign === '_' ? 'sub' : 'sup', text: group ?? single });
    else if (word?.length === 1) parts.push({ kind: 'var', text: word });
    else if (parts.at(-1)?.kind === 'text') parts[parts.length - 1].text += whole;
    else parts.push({ kind: 'text', text: whole });
  }
  return parts;
}
