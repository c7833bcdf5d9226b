import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newEntries, plain, queryToWrite } from '../../static/stage/page/history_entries.js';

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

test('the address follows the run at once, unless a newer choice is there', () => {
  const now = before(4, 'a=3');
  assert.equal(queryToWrite(before(4, 'a=3&recipe=x'), now, '?recipe=x&a=3'), 'a=3');
  assert.equal(queryToWrite(before(4, 'a=3&recipe=x'), now, '?a=3&recipe=x&embed=true'), 'a=3&embed=true');
  assert.equal(queryToWrite(before(4, 'a=3&recipe=x'), now, '?a=4'), null, 'a newer choice');
  assert.equal(queryToWrite(before(4, 'a=3&recipe=x'), now, '?a=3'), null, 'written already');
  assert.equal(queryToWrite(now, now, '?a=3'), null);
  assert.equal(queryToWrite(before(4, 'a=2', 'digits'), now, '?a=2'), null, 'another page');
  assert.equal(queryToWrite(null, now, ''), null);
});

test('of a query counts what it says, not how', () => {
  assert.equal(plain('?b=2&a=1%2C2&embed=true'), plain('a=1,2&b=2'));
  assert.notEqual(plain('a=1'), plain('a=2'));
});
