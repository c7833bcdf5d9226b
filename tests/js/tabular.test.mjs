import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesAbove } from '../../static/stage/panels/curves/curve_painter.js';
import { baselineLosses, limitOf, usualTop, withoutFall } from '../../static/stage/panels/curves/loss_range.js';
import { predictionChart } from '../../static/stage/panels/measures/residuals.js';
import { barShares, importanceTexts } from '../../static/stage/panels/tabular/importance_panel.js';
import { AXIS_WIDTH, cellAt, responseGrid } from '../../static/stage/panels/tabular/response_grid.js';
import { comparedInWords } from '../../static/stage/panels/tabular/scores_panel.js';
import { isChanged, original, originalFrame, originalStatics } from '../../static/stage/run/target_units.js';

const LOG = { name: 'price', log: true, centre: 1, spread: 1 };
const BASELINES = [
  { name: 'predicting the mean', short: 'mean', train_loss: 4, test_loss: 5 },
  { name: 'linear regression', short: 'linear', train_loss: 2, test_loss: 3 },
];

test('answers come back in the units of the target', () => {
  assert.equal(original(LOG, -1), 1);
  assert.equal(original({ log: false, centre: 150, spread: 80 }, 0.5), 190);
  assert.deepEqual([null, { log: false, centre: 0, spread: 1 }, LOG].map(isChanged), [false, false, true]);
});

test('residuals and scores are those of the own units', () => {
  const learned = { targets: Float32Array.of(0, 1, 2, 0), is_test: Uint8Array.of(0, 0, 0, 1) };
  const statics = originalStatics(learned, LOG);
  const frame = { predictions: Float32Array.of(0, 1, 1, 0), residual_counts: new Uint32Array(8) };
  const own = originalFrame(frame, statics, LOG);
  const miss = Math.E ** 3 - Math.E ** 2;
  assert.ok(Math.abs(own.regression_scores[1] - miss / 3) < 1e-9, 'mean size');
  assert.ok(Math.abs(own.regression_scores[2] - miss / Math.sqrt(3)) < 1e-9, 'root mean square');
  assert.ok(own.regression_scores[0] > 0 && own.regression_scores[0] < 1, 'R²');
  assert.ok(Number.isNaN(own.regression_scores[3]), 'one sample has no R²');
  assert.equal(own.residual_reach[0], 20);
  assert.deepEqual([...own.residual_counts], [0, 0, 2, 1, 0, 0, 1, 0]);
  const burst = originalFrame({ ...frame, predictions: Float32Array.of(0, 1, 1e6, 0) }, statics, LOG);
  assert.equal(burst.residual_counts[0], 1, 'an answer beyond all bounds is in the outermost bin');
  const { x } = predictionChart.ranges(burst, statics, null);
  assert.ok(x[1] < 2 * Math.E ** 3, 'and doesn’t press the others together');
});

test('bars are shares of a round length, and what does no harm has none', () => {
  assert.deepEqual(barShares([0.5, -0.1, 1, NaN]), [0.5, 0, 1, 0]);
  assert.deepEqual(barShares([0, 0]), [0, 0]);
});

test('numbers beside the bars have as many decimals as the longest bar needs', () => {
  assert.deepEqual(importanceTexts([0.0528, -0.00002, NaN, 0.00061]), ['0.0528', '0.0000', '–', '0.0006']);
  assert.deepEqual(importanceTexts([1.225, -0.5]), ['1.23', '−0.50']);
  assert.deepEqual(importanceTexts([53_000, 12]), ['53000', '12']);
  assert.deepEqual(importanceTexts([2e-9, -1e-12, NaN]), ['0', '0', '–'], 'rounding is of no importance');
  assert.deepEqual(barShares([2e-9, -1e-12, NaN]), [0, 0, 0]);
});

test('small charts fill their box, and are never too small to be read', () => {
  for (const [n, width, height] of [[3, 700, 250], [8, 700, 250], [10, 730, 256], [1, 300, 200]]) {
    const grid = responseGrid(n, width, height);
    assert.ok(grid.columns * grid.rows >= n && grid.height <= height + 1, `${n} fit`);
    assert.ok(Math.abs(AXIS_WIDTH + grid.columns * grid.cellWidth - width) < 1e-9);
  }
  const many = responseGrid(50, 340, 240);
  assert.ok(many.cellWidth >= 118 && many.cellHeight >= 84 && many.height > 240);
});

test('the pointer finds the chart that it is over', () => {
  const grid = responseGrid(3, 44 + 600, 150);
  assert.equal(grid.columns, 3);
  assert.equal(cellAt(grid, 3, 10, 50), null);
  assert.deepEqual(cellAt(grid, 3, 44 + 200 + 100, 50), { index: 1, along: 0.5 });
  assert.equal(cellAt(grid, 3, 44 + 599, 50).along, 1);
  assert.equal(cellAt(responseGrid(2, 44 + 200, 300), 2, 60, 290).index, 1);
});

test('the network is told apart from what it must beat', () => {
  assert.deepEqual(baselineLosses({ has_test: true, table: { baselines: BASELINES } }).map(({ value }) => value), [5, 3]);
  assert.deepEqual(baselineLosses({ has_test: true }), []);
  assert.match(comparedInWords(BASELINES, [9, 2.9], true), /better than both/);
  assert.match(comparedInWords(BASELINES, [0, 4], true), /better than predicting the mean, but not than linear regression/);
  assert.match(comparedInWords(BASELINES, [1, 6], true), /not better than either/);
  assert.match(comparedInWords(BASELINES, [1, NaN], false), /better than both/);
});

test('a few losses far above all others do not press them flat, and nothing else is cut off', () => {
  const curve = (y) => ({ x: y.map((_, i) => i), y });
  const calm = Array.from({ length: 60 }, (_, i) => 0.2 + 0.3 / (i + 1));
  const early = [4.2, 2.9, ...calm];
  assert.ok(usualTop([curve(calm), curve(early)], 4.2) < 1);
  assert.ok(usualTop([curve(calm), curve(early)], 4.2, [0.99]) > 0.99, 'what simple models reach is seen');
  assert.equal(usualTop([curve(early.slice(0, 8))], 4.2), 4.2, 'too few to know what is usual');
  assert.equal(usualTop([curve(calm)], 0.5), 0.5);
  assert.ok(usualTop([curve([...calm, 4.2])], 4.2) >= 4.2, 'where the run is now is seen');
  assert.equal(usualTop([curve(calm.map(() => NaN))], 3), 3);
});

test('the axis is made without the steps in which a run diverges', () => {
  const curve = { x: [0, 1, 2, 2.1, 2.2], y: [0.5, 0.3, 0.4, 5, 900] };
  assert.deepEqual(withoutFall(curve, 2).y, [0.5, 0.3, 0.4]);
  assert.deepEqual(withoutFall(curve).y, [0.5, 0.3, 0.4, 5, 900], 'nobody said that it diverged');
  assert.deepEqual(withoutFall({ x: curve.x, y: [0.5, 0.3, 0.4, 5, 9e6] }).y, [0.5, 0.3, 0.4, 5], 'that much needs no saying');
  assert.equal(limitOf({ x: [0, 1, 2], y: [0.5, 0.3, 7] }), 1);
});

test('of two levels close together, the upper one is named above its line and the lower one below', () => {
  assert.deepEqual(namesAbove([150, 50], 16, 200), [true, true]);
  assert.deepEqual(namesAbove([150, 140], 16, 200), [false, true]);
  assert.deepEqual(namesAbove([195, 185], 16, 200), [true, true], 'no room below');
});
