import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fileOf, nameOf } from '../../static/share/answer_code.js';
import { sha256 } from '../../static/share/sha256.js';
import { History } from '../../static/stage/run/history.js';
import { epochsTaken, firstReached, inWords, isReached } from '../../static/stage/assignment/standing.js';

const GOAL = { title: '', task: '', measure: 'accuracy', is_loss: false, value: 0.95, on_test: true, most_units: 8, most_epochs: 200, most_parameters: null, why_no_layers: '', units: 6, parameters: 31 };
const frame = (testScore, { epoch = 120, step = 0, testLoss = 0.2 } = {}) => ({ counters: [0, epoch, step, 0, 0], measures: [0.1, testLoss, 0.99, testScore, 0.03] });
const words = (goal, shown) => inWords(goal, shown, 10).map(({ text }) => text).join(' · ');

test('SHA-256 is the one that everybody has, whatever the length', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 5000]) {
    const bytes = Uint8Array.from({ length }, (_, k) => (k * 31 + length) & 255);
    assert.equal(Buffer.from(sha256(bytes)).toString('hex'), createHash('sha256').update(bytes).digest('hex'), String(length));
  }
});

test('the standing is said as the goal is', () => {
  assert.equal(words(GOAL, frame(0.93)), 'accuracy 0.93 of 0.95 · 6 of 8 units · 120 of 200 epochs');
  assert.equal(words({ ...GOAL, most_units: null, most_epochs: null }, frame(NaN)), 'accuracy – of 0.95');
  assert.equal(words({ ...GOAL, measure: 'loss', is_loss: true, value: 0.1, most_epochs: 1, most_units: 5 }, frame(0, { epoch: 2 })), 'loss 0.2000, at most 0.1 · 6 of 5 units: too many · 2 of 1 epoch: too many');
  assert.equal(words({ ...GOAL, most_parameters: 30 }, frame(0.96)), 'accuracy 0.96 of 0.95 · 6 of 8 units · 120 of 200 epochs · 31 of 30 parameters: too many');
});

test('what isn’t quite the goal is not rounded up to it', () => {
  assert.match(words(GOAL, frame(0.9499)), /^accuracy 0\.949 of/);
  assert.equal(isReached(GOAL, frame(0.9499), 10), false);
  assert.equal(isReached(GOAL, frame(0.95), 10), true);
});

test('the goal is reached within all limits or not at all, and an epoch that has begun counts', () => {
  assert.equal(epochsTaken(frame(1, { epoch: 0 }), 10), 0);
  assert.equal(epochsTaken(frame(1, { epoch: 199, step: 1 }), 10), 200);
  assert.equal(isReached(GOAL, frame(1, { epoch: 200 }), 10), true);
  assert.equal(isReached(GOAL, frame(1, { epoch: 200, step: 1 }), 10), false);
  assert.equal(isReached({ ...GOAL, units: 9 }, frame(1), 10), false);
  assert.equal(isReached(GOAL, frame(NaN), 10), false);
  assert.equal(isReached({ ...GOAL, is_loss: true, value: 0.2 }, frame(0), 10), true);
  assert.equal(isReached({ ...GOAL, on_test: false }, frame(0), 10), true);
});

test('where a run that was found again had reached the goal is known from its history', () => {
  const history = new History();
  const scores = [0.5, 0.94, 0.96, 0.93, 0.97];
  scores.forEach((score, k) => history.record(2 * k, 10 * k + 0.5, 0.1, 0.2, 0.99, score, NaN));
  assert.deepEqual(firstReached(GOAL, history, 8), { number: 4, epoch: 20 });
  assert.equal(firstReached(GOAL, history, 3), null); // not seen yet
  assert.equal(firstReached({ ...GOAL, most_epochs: 20 }, history, 8), null); // an epoch that has begun counts
  assert.equal(firstReached({ ...GOAL, units: 9 }, history, 8), null);
  assert.deepEqual(firstReached({ ...GOAL, is_loss: true, value: 0.2 }, history, 8), { number: 0, epoch: 0 });
  history.record(10, 50, 0.1, 0.2, 0.99, 0.5, 0.99); // measured on the whole test set
  assert.deepEqual(firstReached({ ...GOAL, value: 0.98 }, history, 10), { number: 10, epoch: 50 });
});

test('a name is one line of what can be seen', () => {
  assert.equal(nameOf('  Anna \n\u202e Lee\u200b '), 'Anna Lee');
  assert.equal(nameOf('e\u0301'), '\u00e9');
  assert.equal([...nameOf('😀'.repeat(80))].length, 60);
  assert.equal(fileOf('../=Anna|Lee', 'x'.repeat(80), 'head').file, 'nnplay-answer-AnnaLee.txt');
  assert.equal(fileOf('=', 'x'.repeat(80), 'head').text, `head\n\n${'x'.repeat(76)}\nxxxx\n`);
});
