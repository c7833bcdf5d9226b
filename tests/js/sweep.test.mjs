import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Asking } from '../../static/compare/sweep/asking.js';
import { decades, ticks } from '../../static/compare/sweep/curves_panel.js';
import { Outcomes, median, medianCurve } from '../../static/compare/sweep/outcomes.js';
import { durationText, progressText } from '../../static/compare/sweep/progress.js';
import { inkOn, rangeOf, shareOf } from '../../static/compare/sweep/scale.js';
import { scaleColor } from '../../static/kit/value_scale.js';
import { luminance } from '../../static/kit/theme.js';

const GRID = {
  axes: [{ name: 'learning_rate', label: 'Learning rate', values: ['0.01', '0.1'] }, { name: 'hidden_sizes', label: 'Hidden layers', values: ['2', '4', '8'] }],
  seeds: [0, 5], epochs: 10, common: '', task: 'binary', has_test: true,
};

/** Trainings as a message has them. @param {[number, number, boolean?][]} told number, test score, whether it diverged */
function statics(told) {
  const n = told.length;
  const scores = Float64Array.from(told, ([, score]) => score);
  return {
    index: Uint32Array.from(told, ([index]) => index), diverged: Uint8Array.from(told, ([, , diverged]) => Number(diverged ?? false)),
    points: Uint16Array.from(told, () => 2), curve_epoch: Uint32Array.from({ length: 2 * n }, (_, i) => 10 * (i % 2)),
    curve_train: Float32Array.from({ length: 2 * n }, (_, i) => i), curve_test: Float32Array.from({ length: 2 * n }, (_, i) => 100 + i),
    test_score: scores, train_score: scores, test_loss: scores.map((score) => 1 - score), train_loss: scores.map((score) => 1 - score), epochs: Uint32Array.from(told, () => 10),
  };
}

test('a cell counts the seeds that reach the target, and has the median of those that are done', () => {
  const outcomes = new Outcomes('a', GRID);
  assert.deepEqual([...outcomes.take(statics([[2, 0.9], [3, 0.96], [8, 0.5]]))], [1, 4]);
  assert.deepEqual(outcomes.cell(1, 'success', 0.95), { done: 2, total: 2, reached: 1, diverged: 0, median: 0.9299999999999999 });
  assert.deepEqual(outcomes.cell(4, 'test_loss', 0.95), { done: 1, total: 2, reached: 0, diverged: 0, median: 0.5 });
  assert.ok(Number.isNaN(outcomes.cell(0, 'success', 0.95).median));
  assert.equal(outcomes.size, 3);
});

test('a training that is told again replaces what was told of it', () => {
  const outcomes = new Outcomes('a', GRID);
  outcomes.take(statics([[0, 0.1]]));
  outcomes.take(statics([[0, 0.99], [1, 0.99]]));
  assert.equal(outcomes.size, 2);
  assert.equal(outcomes.cell(0, 'success', 0.95).reached, 2);
});

test('who diverged counts as worst, and reaches nothing', () => {
  const outcomes = new Outcomes('a', GRID);
  outcomes.take(statics([[0, NaN, true], [1, 1]]));
  const cell = outcomes.cell(0, 'success', 0.5);
  assert.deepEqual([cell.reached, cell.diverged], [1, 1]);
  assert.ok(Number.isNaN(cell.median));
  assert.equal(median([3, NaN, 1], Infinity), 3);
  assert.equal(median([3, NaN, 1], -Infinity), 1);
});

test('cells are named, and found, by the values of their settings', () => {
  const outcomes = new Outcomes('a', GRID);
  assert.deepEqual(outcomes.placeOf(4), [1, 1]);
  assert.equal(outcomes.nameOf(4), 'Learning rate 0.1, hidden layers 4');
  assert.equal(outcomes.cells, 6);
  outcomes.take(statics([[2, 0.9], [3, 0.96], [8, 0.5], [9, 0.5]]));
  assert.equal(outcomes.best(0.95), 1);
  assert.deepEqual(outcomes.curves(4, 'test').map(({ seed, losses }) => [seed, [...losses]]), [[0, [104, 105]], [5, [106, 107]]]);
});

test('the median curve goes as far as most curves do', () => {
  const curve = (...losses) => ({ seed: 0, diverged: false, score: 1, epochs: losses.map((_, i) => i), losses });
  assert.deepEqual(medianCurve([curve(1, 2, 3), curve(3, 4, 5), curve(9, 9)]), { epochs: [0, 1, 2], losses: [3, 4, 5] });
  assert.deepEqual(medianCurve([curve(1, 2, 3), curve(3), curve(9)]), { epochs: [0], losses: [3] });
  assert.deepEqual(medianCurve([]), { epochs: [], losses: [] });
});

test('the scale grows brighter in even steps, and what is written on it can be read', () => {
  const lightness = (color) => 116 * Math.cbrt(luminance(color)) - 16;
  const steps = Array.from({ length: 11 }, (_, i) => lightness(scaleColor(i / 10)));
  const growth = steps.slice(1).map((value, i) => value - steps[i]);
  for (const step of growth) assert.ok(step > 3.5 && step < 9, `steps of lightness: ${growth}`);
  for (let i = 0; i <= 20; i++) {
    const color = scaleColor(i / 20);
    const [dark, light] = [luminance(color), inkOn(color) === '#ffffff' ? 1 : 0].sort((a, b) => a - b);
    assert.ok((light + 0.05) / (dark + 0.05) > 4.5, `contrast at ${i / 20}`);
  }
});

test('the scale goes around what is there, by factors where losses are far apart', () => {
  assert.deepEqual(rangeOf([0.3], 'success'), { low: 0, high: 1, log: false, reversed: false });
  const scores = rangeOf([0.61, 0.97], 'test_score');
  assert.ok(Math.abs(scores.low - 0.6) < 1e-9 && Math.abs(scores.high - 1) < 1e-9);
  assert.equal(shareOf(scores.high, scores), 1);
  const losses = rangeOf([0.002, 0.5], 'test_loss');
  assert.equal(losses.log, true);
  assert.equal(shareOf(losses.low, losses), 1);
  assert.equal(shareOf(losses.high, losses), 0);
  const alike = rangeOf([0.5, 0.5], 'train_score');
  assert.ok(alike.high > alike.low);
});

test('one request at a time, again when no answer comes, and what was asked for is not lost', () => {
  const sent = [];
  const asking = new Asking((request) => sent.push(request), 100);
  const known = { id: 'a', size: 3, running: false };
  asking.act('run', known, 0);
  assert.deepEqual(sent, [{ id: 101, do: 'run', sweep: 'a', have: 3, running: false }]);
  asking.look(known, 1);
  asking.tick(known, 1000);
  assert.equal(sent.length, 1);
  asking.tick(known, 3500);
  assert.deepEqual(sent[1], { id: 102, do: 'run', sweep: 'a', have: 3, running: false });
  asking.heard(101, 3600);
  assert.ok(asking.isActing);
  asking.heard(102, 3700);
  assert.ok(!asking.isActing);
  asking.lookLater(3700);
  asking.tick(known, 3750);
  assert.equal(sent.length, 2);
  asking.tick(known, 3900);
  assert.deepEqual(sent[2], { id: 103, do: null, sweep: 'a', have: 3, running: false });
  asking.heard(103, 4000);
  asking.tick(known, 90_000);
  assert.equal(sent.length, 3);
});

test('how far it is stands there in words', () => {
  const header = { done: 12, running: true, sweep: 'a', grid: GRID, progress: { finished: false, seconds_left: 42 }, next: { refusal: null, new: false, trainings: 12 } };
  assert.equal(progressText(header), '12 of 12 trainings, about 40 seconds left');
  assert.equal(progressText({ ...header, running: false }), '12 of 12 trainings, stopped');
  assert.equal(progressText({ ...header, running: false, progress: { finished: true } }), '12 trainings done');
  assert.equal(progressText({ ...header, running: false, next: { refusal: null, new: true, trainings: 30 } }), '12 of 12 trainings. The settings have changed: 30 trainings to run');
  assert.equal(progressText({ ...header, sweep: '', running: false }), '12 trainings to run');
  assert.match(progressText({ ...header, sweep: '', running: false, next: { refusal: 'x', new: true, trainings: 0 } }), /^Correct/);
  assert.deepEqual([0.4, 7, 200, 9000].map(durationText), ['about a second', 'about 7 seconds', 'about 3 minutes', 'about 3 hours']);
});

test('axes have round values', () => {
  assert.deepEqual(ticks(200), [0, 50, 100, 150, 200]);
  assert.deepEqual(ticks(0.9), [0, 0.2, 0.4, 0.6, 0.8]);
  assert.deepEqual(ticks(1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(decades(0.005, 2), [0.01, 0.1, 1]);
  assert.equal(decades(0.2, 0.6).length, 3);
});
