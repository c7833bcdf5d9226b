import assert from 'node:assert/strict';
import test from 'node:test';

import { thinned } from '../../static/plot/sample_stamps.js';
import { Pace, timeLeft } from '../../static/stage/controls/progress.js';
import { fittingSpeed, stepsToOffer } from '../../static/stage/controls/transport.js';
import { floorOf, ringsOf } from '../../static/stage/panels/curves/accuracy_panel.js';
import { fitSheet } from '../../static/stage/panels/digits/image_grid.js';
import { History } from '../../static/stage/run/history.js';

test('images fill a box as well as they can, and stay in it', () => {
  for (const [n, width, height] of [[24, 400, 230], [10, 90, 700], [1, 50, 60], [24, 300, 300]]) {
    const { across, width: wide, height: high, left, top } = fitSheet(n, width, height, [28, 28], 1);
    assert.ok(across >= 1 && across <= n);
    assert.ok(left >= -1e-9 && top >= -1e-9 && 2 * left + wide <= width + 1e-9 && 2 * top + high <= height + 1e-9);
    assert.ok(left < 1e-9 || top < 1e-9, 'it touches two sides');
    const scale = wide / (29 * across - 1);
    for (let other = 1; other <= n; other++) {
      assert.ok(Math.min(width / (29 * other - 1), height / (29 * Math.ceil(n / other) - 1)) <= scale + 1e-9);
    }
  }
});

test('the accuracy axis begins where all but the first rise is on it', () => {
  assert.equal(floorOf([]), 0);
  assert.equal(floorOf([0.1]), 0);
  const rise = [0.1, 0.5, ...Array(40).fill(0.97)];
  assert.ok(floorOf(rise) > 0.6 && floorOf(rise) < 0.97);
  assert.equal(floorOf([0.1, 0.2, 0.3, 0.4]), 0);
});

test('whole-test scores are known at the ends of epochs, up to the furthest frame shown', () => {
  const history = new History();
  const at = (frame, epoch, whole) => history.record(frame, epoch, 1, 1, 0.5, 0.5, whole);
  at(0, 0, 0.1);
  at(1, 0.5, NaN);
  at(2, 1, 0.9);
  at(3, 2, 0.95);
  assert.deepEqual(ringsOf({ history, furthest: 2 }), [{ epoch: 0, score: 0.1 }, { epoch: 1, score: 0.9 }]);
  history.record(4, 3, 1, 1);
  assert.ok(Number.isNaN(history.trainScore[4]));
});

test('the pace is that of late, and unknown at first and after going back', () => {
  const pace = new Pace();
  pace.note(0, 0);
  pace.note(1, 500);
  assert.ok(Number.isNaN(pace.perMillisecond));
  for (let k = 2; k <= 40; k++) pace.note(k, 500 * k);
  assert.ok(Math.abs(pace.perMillisecond - 1 / 500) < 1e-9);
  for (let k = 1; k <= 40; k++) pace.note(40 + 2 * k, 20000 + 500 * k);
  assert.ok(Math.abs(pace.perMillisecond - 2 / 500) < 1e-9, 'what was long ago no longer counts');
  pace.note(3, 41000);
  assert.ok(Number.isNaN(pace.perMillisecond));
});

test('a time left is said as roughly as it is known', () => {
  assert.equal(timeLeft(300), 'about 1 s left');
  assert.equal(timeLeft(43000), 'about 45 s left');
  assert.equal(timeLeft(200000), 'about 3 min left');
  assert.equal(timeLeft(4 * 3600e3), 'about 4 h left');
});

test('an epoch has a few frames, or sixty, unless one chooses a speed', () => {
  const steps = [1, 10, 100, 500];
  assert.equal(fittingSpeed(steps, 6000), 'step:100');
  assert.equal(fittingSpeed(steps, 469), 'step:10');
  assert.equal(fittingSpeed(steps, 43), 'step:10');
  assert.equal(fittingSpeed(steps, 1), 'epoch:1');
});

test('the speed of a link is on offer, also where a page has no such steps', () => {
  assert.deepEqual(stepsToOffer([1, 10, 100, 500], 'step:50'), [1, 10, 50, 100, 500]);
  assert.deepEqual(stepsToOffer([1], 'step:200'), [1, 200]);
  for (const chosen of ['step:1', 'epoch:5', '']) assert.deepEqual(stepsToOffer([1, 10], chosen), [1, 10]);
});

test('of too many samples every so many-th is drawn, of each class alike', () => {
  const group = (index, isTest, n) => ({ index, isTest, members: Uint32Array.from({ length: n }, (_, k) => k) });
  const groups = [group(0, false, 100), group(1, false, 50), group(0, true, 30)];
  assert.deepEqual(thinned(groups, Infinity), groups);
  assert.deepEqual(thinned(groups, 60).map(({ members }) => members.length), [34, 17, 30]);
});
