import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOX, firstZoom, layOut, placeLabels, unitsShown } from '../../static/steps/drawing/layout.js';
import { formatNumber, formatSetting, latexFactor, latexNumber } from '../../static/steps/ledger/numbers.js';
import { beginningOf, indexOf, isKnown, placesOf, sentence, STAGES } from '../../static/steps/ledger/places.js';
import { Asking } from '../../static/steps/asking.js';

test('numbers are written with about four digits, in text and in formulas', () => {
  const cases = [
    [0, '0', '0'], [1, '1', '1'], [-12, '−12', '-12'], [0.5, '0.5000', '0.5000'], [-0.1473, '−0.1473', '-0.1473'], [0.00123, '0.00123', '0.00123'], [12.345, '12.35', '12.35'], [123.45, '123.5', '123.5'],
    [-0.000047, '−4.70e−5', '-4.70\\cdot10^{-5}'], [123456, '1.23e5', '1.23\\cdot10^{5}'], [Infinity, '∞', '\\infty'], [NaN, '–', '\\text{–}'],
  ];
  for (const [value, text, latex] of cases) assert.deepEqual([formatNumber(value), latexNumber(value)], [text, latex], `${value}`);
  assert.equal(latexFactor(-2), '(-2)');
  assert.equal(latexFactor(4.7e-5), '(4.70\\cdot10^{-5})');
  assert.equal(latexFactor(0.25), '0.2500');
  assert.deepEqual([0.9, 0.001, 1e-8].map(formatSetting), ['0.9', '0.001', '1.00e−8']);
});

test('a step goes forward, has its loss, goes backward and is taken, layer by layer', () => {
  const places = placesOf(3);
  assert.deepEqual(places.map(({ stage, layer }) => `${stage} ${layer}`), ['forward 0', 'forward 1', 'forward 2', 'loss 2', 'backward 2', 'backward 1', 'backward 0', 'update 0', 'update 1', 'update 2']);
  assert.equal(beginningOf(places, 'update'), 7);
  assert.equal(indexOf(places, { stage: 'backward', layer: 1 }), 5);
  assert.deepEqual([0, 1, 2].map((layer) => isKnown({ stage: 'forward', layer: 1 }, layer)), [true, true, false]);
  assert.deepEqual([0, 1, 2].map((layer) => isKnown({ stage: 'backward', layer: 1 }, layer)), [false, true, true]);
});

test('only what bends a sum is said to bend it', () => {
  const layers = ['tanh', 'leaky_relu(slope=0.1)', 'identity', 'softmax'];
  const said = [0, 1, 2, 3].map((layer) => sentence({ stage: 'forward', layer }, layers, 0));
  assert.deepEqual(said.map((each) => /bends/.test(each)), [true, true, false, false]);
  assert.match(said[1], /Then leaky ReLU bends the sum\.$/);
  assert.match(said[2], /^Each unit of hidden layer 3 adds up what reaches it, each input times its weight\. The sum stays as it is\.$/);
  assert.match(said[3], /^The output .*add up to 1\.$/);
  assert.doesNotMatch(sentence({ stage: 'forward', layer: 0 }, ['sigmoid'], null), /bends/);
});

test('error times input is the gradient for the batch, and a share of it for a sample', () => {
  for (const layer of [0, 1]) {
    assert.match(sentence({ stage: 'backward', layer }, ['tanh', 'sigmoid'], null), /Added up over the samples, error times input is the gradient/);
    assert.match(sentence({ stage: 'backward', layer }, ['tanh', 'sigmoid'], 3), /this sample’s share/);
  }
  for (const { name: stage } of STAGES) assert.match(sentence({ stage, layer: 1 }, ['tanh', 'sigmoid'], 0), /^[A-Z].*\.$/);
});

test('a diagram begins fitted where that makes its numbers little smaller, and never smaller on a projector', () => {
  const layout = { width: 800, height: 500 };
  assert.equal(firstZoom(layout, 840, 525, 1), 1.05);
  assert.equal(firstZoom(layout, 2000, 2000, 1), 1.25);
  assert.equal(firstZoom(layout, 840, 450, 1), 0.9); // fits
  assert.equal(firstZoom(layout, 350, 450, 1), 0.9); // too wide, but all rows are seen
  assert.equal(firstZoom(layout, 350, 900, 1), 1);
  assert.equal(firstZoom(layout, 840, 300, 1), 1); // too much to fit
  assert.equal(firstZoom(layout, 1500, 600, 2.2), 2.2);
  assert.equal(firstZoom(layout, 840, 0, 1), 1.05); // its height isn't known yet
});

test('of a wide layer eight units are shown, the chosen one among them', () => {
  assert.deepEqual(unitsShown(3, 1), [0, 1, 2]);
  assert.deepEqual(unitsShown(20, 0), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(unitsShown(20, 9), [8, 9, 10, 11, 12, 13, 14, 15]);
  assert.deepEqual(unitsShown(20, 19), [12, 13, 14, 15, 16, 17, 18, 19]);
});

for (const sizes of [[2, 8, 8, 1], [1, 1], [2, 3, 10], [8, 8, 8, 8, 8, 8, 8, 8, 8, 1], [7, 8, 1, 8, 3]]) {
  for (const room of [0, 828, 1400]) {
    test(`no number lies on another, nor on a unit: ${sizes} in ${room} px`, () => {
      const layout = layOut(sizes, sizes.map(() => 0), room);
      assert.ok(layout.width >= room - 1);
      for (let column = 0; column + 1 < sizes.length; column++) {
        const labels = placeLabels(layout, column).flat();
        labels.forEach(({ x, y }, k) => {
          assert.ok(x - 24 > layout.xs[column] + BOX.width && x + 24 < layout.xs[column + 1], 'beside the units');
          for (const other of labels.slice(0, k)) assert.ok(Math.abs(x - other.x) >= 48 || Math.abs(y - other.y) >= 14.5, `${column}: ${JSON.stringify([{ x, y }, other])}`);
        });
      }
    });
  }
}

test('one request is under way at a time, and is sent again where no answer comes', () => {
  const sent = [];
  const asking = new Asking((request) => sent.push(request), 10);
  asking.ask({ kind: 'next', step: 4 }, 0);
  asking.ask({ kind: 'weight', unit: 1 }, 1);
  asking.ask({ kind: 'weight', unit: 2 }, 2);
  assert.deepEqual(sent, [{ kind: 'next', step: 4, id: 11 }]);
  asking.tick(2000);
  assert.equal(sent.length, 1);
  asking.tick(3500);
  assert.deepEqual(sent[1], { kind: 'next', step: 4, id: 12 });
  asking.heard(11, 3600);
  assert.equal(sent.length, 2);
  asking.heard(12, 3700);
  assert.deepEqual(sent[2], { kind: 'weight', unit: 2, id: 13 });
  asking.heard(13, 3800);
  assert.equal(asking.isWaiting, false);
});
