import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPercent } from '../../static/kit/text.js';
import { accuracyOf, rowTotal } from '../../static/stage/panels/measures/confusion.js';
import { predictionChart, residualChart, residualShares } from '../../static/stage/panels/measures/residuals.js';

test('totals and accuracy are read from the right set', () => {
  const counts = Uint32Array.of(3, 1, 0, 4, 0, 0, 0, 0);
  assert.deepEqual([rowTotal(counts, 2, 0, 0), rowTotal(counts, 2, 0, 1), rowTotal(counts, 2, 1, 0)], [4, 4, 0]);
  assert.equal(accuracyOf(counts, 2, 0), 7 / 8);
  assert.ok(Number.isNaN(accuracyOf(counts, 2, 1)), 'no test set');
});

test('what is not defined is a dash', () => {
  assert.deepEqual([NaN, 0, 0.9731, 1].map(formatPercent), ['–', '0.0', '97.3', '100.0']);
});

test('residuals of few and of many samples are comparable', () => {
  const counts = Uint32Array.of(1, 1, 0, 8);
  assert.deepEqual(residualShares(counts, 0), [0.5, 0.5]);
  assert.deepEqual(residualShares(counts, 1), [0, 1]);
  assert.deepEqual(residualShares(Uint32Array.of(1, 1, 0, 0), 1), [0, 0]);
});

test('axes of the residuals stand still until they must change', () => {
  const statics = { targets: Float32Array.of(-1, 1) };
  const frame = (prediction, reach) => ({
    predictions: Float32Array.of(prediction, 0),
    residual_counts: Uint32Array.of(1, 1, 0, 0),
    residual_reach: Float32Array.of(reach),
  });
  const first = predictionChart.ranges(frame(0, 1), statics, null);
  assert.equal(predictionChart.ranges(frame(0.5, 1), statics, first), first);
  assert.ok(predictionChart.ranges(frame(7, 1), statics, first).y[1] >= 7);
  const histogram = residualChart.ranges(frame(0, 1), statics, null);
  assert.equal(residualChart.ranges(frame(1, 1), statics, histogram), histogram);
  assert.deepEqual(residualChart.ranges(frame(1, 2), statics, histogram).x, [-2, 2]);
});
