import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newEntries } from '../../static/stage/page/history_entries.js';

const TRAIL = [[0, ''], [1, 'a=1'], [2, 'a=2'], [3, 'a=2'], [4, 'a=3']];
const before = (choices, address, page = 'playground') => ({ page, choices, address });
const entries = (known, trail = TRAIL) => newEntries(known, 'playground', trail);

test('each choice is an entry, also where the browser heard of several at once', () => {
  assert.deepEqual(entries(before(3, 'a=2')), ['a=3']);
  assert.deepEqual(entries(before(0, '')), ['a=1', 'a=2', 'a=3']);
});

test('what is no choice, or changes no address, is no entry', () => {
  assert.deepEqual(entries(before(4, 'a=7')), []);
  assert.deepEqual(entries(before(3, 'a=3')), []);
  assert.deepEqual(entries(null), []);
  assert.deepEqual(entries(before(0, '', 'digits')), []);
  assert.deepEqual(entries(before(9, 'a=1'), [[0, 'a=5']]), [], 'another visit');
});
