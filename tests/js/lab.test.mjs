import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Evidence, errorText, fromName, inWords, placeName } from '../../static/steps/lab/evidence.js';
import { niceTicks } from '../../static/steps/lab/line_chart.js';

/** A network 1-2-1 at two moments: 4 parameters in layer 1, 3 in layer 2. */
const SIZES = [1, 2, 1];
const BACKWARD = [1, 2, 3, 4, 5, 6, 7, 10, 20, 30, 40, 50, 60, 0];
const ERRORS = [0, 1e-9, 0.5, NaN, 0, 0, 2e-4, 0, 0, 0, 0, 0, 0, 1];

function evidence(told = /** @type {string|null} */ (null)) {
  const header = {
    run: 'a-1', case: 7, layer_sizes: SIZES, faults: [{ key: 'bias', title: 'The biases' }], verdict: null, told, named: [], wrong_from: 1e-4,
    static_layout: [{ name: 'shares', shape: [2, 3] }],
  };
  const list = (/** @type {number[]} */ values) => Float64Array.from(values);
  return new Evidence(header, {
    epochs: list([0, 50]), losses: list([1, 2, 0.25, 0.5]), scores: list([0.5, 0.5, 0.9, 0.8]), parameters: list(BACKWARD), backward: list(BACKWARD),
    differences: list(BACKWARD.map((value) => 2 * value)), errors: list(ERRORS), shares: list([0, 0.5, 1, 0.25, 0.5, 0.75]),
  });
}

test('a parameter is found by its layer, its input and its unit, at each moment', () => {
  const here = evidence();
  assert.equal(here.gradient(0, { layer: 0, from: 0, unit: 1 }).backward, 2);
  assert.equal(here.gradient(0, { layer: 0, from: 1, unit: 0 }).backward, 3); // the bias of unit 1
  assert.equal(here.gradient(1, { layer: 1, from: 0, unit: 0 }).backward, 50);
  assert.deepEqual(here.gradient(1, { layer: 1, from: 2, unit: 0 }), { backward: 0, difference: 0, error: 1, agreement: 'disagree' });
  assert.deepEqual([...here.parameters(1)], [10, 20, 30, 40, 50, 60, 0]);
});

test('what agrees, what does not, and what nobody can tell', () => {
  const here = evidence();
  const agreements = [0, 1].flatMap((from) => [0, 1].map((unit) => here.gradient(0, { layer: 0, from, unit }).agreement));
  assert.deepEqual(agreements, ['agree', 'agree', 'disagree', 'unknown']);
  assert.deepEqual(here.ofLayer(0, 0), { largest: 0.5, wrong: 1, of: 4 });
  assert.deepEqual(here.ofLayer(0, 1), { largest: 2e-4, wrong: 1, of: 3 });
  assert.deepEqual(here.ofLayer(1, 0), { largest: 0, wrong: 0, of: 4 });
});

test('the curves and the batches are taken apart', () => {
  const here = evidence();
  assert.deepEqual(here.curve('losses', 0), [1, 0.25]);
  assert.deepEqual(here.curve('scores', 1), [0.5, 0.8]);
  assert.equal(here.curve('healthy_losses', 0), null);
  assert.deepEqual(here.batches, [[0, 0.5, 1], [0.25, 0.5, 0.75]]);
});

test('a parameter and its error have names', () => {
  assert.equal(placeName(SIZES, { layer: 0, from: 0, unit: 1 }), 'The weight from x₁ to unit 2');
  assert.equal(placeName(SIZES, { layer: 0, from: 1, unit: 1 }), 'The bias of unit 2');
  assert.equal(placeName(SIZES, { layer: 1, from: 1, unit: 0 }), 'The weight from unit 2 to the output');
  assert.equal(placeName(SIZES, { layer: 1, from: 2, unit: 0 }), 'The bias of the output');
  assert.equal(fromName(0, 11, 12), 'x₁₂');
  assert.deepEqual([0, 1.987654, 0.997, 3.2e-9, NaN].map(errorText), ['0', '1.99', '0.997', '3·10⁻⁹', '–']);
});

test('a gradient is said in words', () => {
  const say = (/** @type {number} */ backward, /** @type {number} */ difference, /** @type {number} */ error) => inWords({ backward, difference, error, agreement: evidence().agreement(error) });
  assert.equal(say(1, 1, 2e-10), 'Both agree: their relative error is 2·10⁻¹⁰.');
  assert.equal(say(0.002, 0.75, 0.997), 'They disagree: their relative error is 0.997. The finite difference is 375 times backpropagation’s.');
  assert.equal(say(0, 0.75, 1), 'They disagree: their relative error is 1.00.');
  assert.match(say(1, NaN, NaN), /kink/);
});

test('ticks are round', () => {
  assert.deepEqual(niceTicks(0.76), [0, 0.2, 0.4, 0.6000000000000001]);
  assert.deepEqual(niceTicks(1.9), [0, 0.5, 1, 1.5]);
  assert.deepEqual(niceTicks(24000), [0, 10000, 20000]);
});
