import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeAlong } from '../../static/stage/response_grid.js';

test('along a column of words the pointer finds a category, along numbers a value', () => {
  const words = { name: 'island', categories: ['Biscoe', 'Dream', 'Torgersen'] };
  assert.deepEqual(placeAlong(words, 0, 24), { point: 0, at: 'Biscoe' });
  assert.deepEqual(placeAlong(words, 0.34, 24), { point: 1, at: 'Dream' });
  assert.deepEqual(placeAlong(words, 1, 24), { point: 2, at: 'Torgersen' });
  assert.deepEqual(placeAlong({ low: 10, high: 33 }, 0.5, 24), { point: 12, at: '22' });
});
