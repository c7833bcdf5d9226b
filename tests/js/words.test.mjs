import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBetween } from '../../static/kit/text.js';
import { placeAlong } from '../../static/stage/panels/tabular/response_grid.js';
import { originalFrame, originalStatics } from '../../static/stage/run/target_units.js';

test('along a column of words the pointer finds a category, along numbers a value', () => {
  const words = { name: 'island', categories: ['Biscoe', 'Dream', 'Torgersen'] };
  assert.deepEqual(placeAlong(words, 0, 24), { point: 0, at: 'Biscoe' });
  assert.deepEqual(placeAlong(words, 0.34, 24), { point: 1, at: 'Dream' });
  assert.deepEqual(placeAlong(words, 1, 24), { point: 2, at: 'Torgersen' });
  assert.deepEqual(placeAlong({ low: 10, high: 33 }, 0.5, 24), { point: 12, at: '22' });
});

test('R² of test targets that are all the same is undefined, however they were rounded', () => {
  const target = { name: 'rain', log: false, centre: 0.3, spread: 1.7 };
  const learned = { targets: Float32Array.of(0, 1, 0.1, 0.1), is_test: Uint8Array.of(0, 0, 1, 1) };
  const statics = originalStatics(learned, target);
  const frame = { predictions: Float32Array.of(0, 1, 0.2, 0.2), residual_counts: new Uint32Array(8) };
  const { regression_scores: scores } = originalFrame(frame, statics, target, [null, 'R² is undefined: …']);
  assert.equal(scores[0], 1);
  assert.ok(Number.isNaN(scores[3]));
});

test('the ends of an axis are told apart', () => {
  const ends = (low, high) => [formatBetween(low, low, high), formatBetween(high, low, high)];
  assert.deepEqual(ends(2007, 2009), ['2007', '2009']);
  assert.deepEqual(ends(1234567, 1234569), ['1234567', '1234569']);
  assert.deepEqual(ends(-0.5, 0.25), ['−0.5', '0.25']);
  assert.deepEqual(ends(3, 3), ['3', '3']);
  assert.deepEqual(ends(0, 0), ['0', '0']);
  assert.deepEqual(ends(-1.11e-16, 6), ['0', '6']);
});
