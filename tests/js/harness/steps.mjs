/**
 * What the page Step by step shows, for Python: `node tests/js/harness/steps.mjs`, driven by tests/server/steps/page_in_node.py.
 *
 * Comes in: messages of docs/protocol.md, each after its length (u4), of the kind "step". Goes out, a line for each: JSON, what
 * the diagram shows at every place, of some samples and of the whole batch, read from its elements; and what KaTeX says of every
 * formula.
 */
import './page.mjs';
import { readFileSync } from 'node:fs';
import { decode } from '../../../static/messages/decode.js';
import { Diagram } from '../../../static/steps/drawing/diagram.js';
import { error, forward, gradient, loss, update } from '../../../static/steps/ledger/formulas.js';
import { placesOf } from '../../../static/steps/ledger/places.js';
import { Step } from '../../../static/steps/ledger/step.js';
import { WeightCard } from '../../../static/steps/weight/weight_card.js';
import { stdinMessages } from './stdin_messages.mjs';

/** It is a script for browsers, and no module. */
const library = { exports: /** @type {any} */ ({}) };
new Function('module', 'exports', readFileSync(new URL('../../../static/vendor/katex/katex.min.js', import.meta.url), 'utf8'))(library, library.exports);
const katex = library.exports;

/** What the diagram shows: texts of weights by their place, and of units. */
function read(diagram) {
  const weights = {}, units = {};
  for (const node of diagram.svg.all) {
    const weight = node.getAttribute('data-weight');
    if (weight && node.tagName === 'text') weights[weight] = node.textContent;
    const unit = node.getAttribute('data-unit');
    if (unit !== null) units[`${node.getAttribute('data-column')}-${unit}`] = node.children.filter(({ tagName }) => tagName === 'text').slice(0, 2).map(({ textContent }) => textContent);
  }
  return { weights, units };
}

function formulasAt(step, { stage, layer }, unit, from, sample) {
  if (stage === 'forward') return forward(step, layer, unit, sample);
  if (stage === 'loss') return loss(step, sample);
  if (stage === 'update') return update(step, { layer, from, unit });
  return [error(step, layer, unit, sample), gradient(step, { layer, from, unit }, sample)];
}

function complaintsOf({ title, letters, numbers }) {
  return [letters, numbers].flatMap((latex) => {
    try {
      katex.renderToString(latex, { displayMode: true, throwOnError: true, strict: 'error' });
      // Nor are there two signs in a row.
      return /undefined|NaN|null|[-+]\s*[-+]/.test(latex) ? [`${title}: ${latex}`] : [];
    } catch (why) {
      return [`${title}: ${why.message}`];
    }
  });
}

for await (const bytes of stdinMessages()) {
  const { header, statics } = decode(bytes);
  const step = new Step(header, statics);
  const diagram = new Diagram({ chooseUnit: () => {}, chooseWeight: () => {} });
  const card = new WeightCard({ choose: () => {}, follow: () => {}, close: () => {} });
  const shown = [], complaints = [], cards = [];
  const unit = step.sizes.map((count) => count - 1);
  for (const sample of [0, step.told - 1, null]) {
    for (const place of placesOf(step.layers.length)) {
      diagram.show(step, place, { unit, from: 0, sample });
      shown.push({ ...place, sample, ...read(diagram) });
      for (const from of [0, step.sizes[place.layer]]) {
        if (from === step.sizes[place.layer] && !step.info.has_bias) continue;
        const weight = { layer: place.layer, from, unit: unit[place.layer + 1] };
        for (const formula of formulasAt(step, place, weight.unit, from, sample)) complaints.push(...complaintsOf(formula));
        if (place.stage !== 'backward') continue;
        card.show(step, weight, sample, null);
        const values = card.root.all.filter((node) => node.getAttribute('data-value')).map((node) => [node.getAttribute('data-value'), node.textContent]);
        cards.push({ weight, sample, values });
      }
    }
  }
  process.stdout.write(`${JSON.stringify({ shown, complaints, cards })}\n`);
}
