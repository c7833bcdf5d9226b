import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrawnPoints, MAX_POINTS, pointsOf, sameFingerprint } from '../../static/stage/panels/drawing/drawn_points.js';

function drawnOf(...points) {
  const drawn = new DrawnPoints();
  drawn.load(points, 'classification');
  return drawn;
}

function gesture(drawn, ...points) {
  drawn.begin();
  for (const point of points) drawn.add(...point);
  return drawn.commit();
}

test('a gesture is undone and done again as one', () => {
  const drawn = drawnOf([0, 0, 0]);
  assert.equal(gesture(drawn, [1, 1, 1], [2, 2, 1]), true);
  assert.equal(drawn.points.length, 3);
  assert.equal(drawn.undo(), true);
  assert.deepEqual(drawn.points, [[0, 0, 0]]);
  assert.equal(drawn.undo(), false);
  assert.equal(drawn.redo(), true);
  assert.equal(drawn.points.length, 3);
  drawn.undo();
  gesture(drawn, [5, 5, 0]);
  assert.equal(drawn.canRedo, false);
});

test('a gesture that changes nothing is none', () => {
  const drawn = drawnOf([0, 0, 0]);
  drawn.begin();
  assert.equal(drawn.erase(5, 5, 1, 1), 0);
  assert.equal(drawn.commit(), false);
  assert.equal(drawn.canUndo, false);
});

test('the eraser takes what is within its reach, and clear takes all', () => {
  const drawn = drawnOf([0, 0, 0], [0.5, 0, 1], [2, 0, 1], [0, 0.9, 1]);
  drawn.begin();
  assert.equal(drawn.erase(0, 0, 1, 0.5), 2);
  drawn.commit();
  assert.deepEqual(drawn.points, [[2, 0, 1], [0, 0.9, 1]]);
  assert.equal(drawn.clear(), true);
  assert.equal(drawn.clear(), false);
  drawn.undo();
  drawn.undo();
  assert.equal(drawn.points.length, 4);
});

test('no more points than the limit, and none that is no number', () => {
  const drawn = drawnOf(...Array.from({ length: MAX_POINTS - 1 }, (_, k) => [k, 0, 0]));
  assert.equal(drawn.add(NaN, 0, 0), false);
  assert.equal(drawn.add(0, Infinity, 0), false);
  assert.equal(drawn.add(0, 0, 0), true);
  assert.equal(drawn.add(0, 0, 0), false);
  assert.equal(drawn.points.length, MAX_POINTS);
});

test('it says what is missing before there is enough to learn from', () => {
  assert.match(drawnOf().missing, /2 classes/);
  assert.match(drawnOf([0, 0, 0], [1, 0, 0], [2, 0, 0]).missing, /2 classes/);
  assert.match(drawnOf([0, 0, 0], [1, 0, 0], [2, 0, 3]).missing, /Each class/);
  assert.equal(drawnOf([0, 0, 0], [1, 0, 0], [2, 0, 3], [2, 1, 3]).missing, null);
  const values = new DrawnPoints();
  values.load([[0, 0, 0.5]], 'regression');
  assert.match(values.missing, /4 points/);
});

test('points are known again in another order and in single precision, and others are not', () => {
  const points = Array.from({ length: 300 }, (_, k) => [Math.sin(k), Math.cos(3 * k), k % 3]);
  const inputs = Float32Array.from(points.toReversed().flatMap(([x, y]) => [x, y]));
  const targets = Float32Array.from(points.toReversed().map((point) => point[2]));
  const back = drawnOf(...pointsOf({ statics: { inputs, targets } }));
  const drawn = drawnOf(...points);
  assert.ok(sameFingerprint(drawn.fingerprint, back.fingerprint, 2.4));
  const other = drawnOf(...points.slice(1), [0.9, -0.9, 0]);
  assert.ok(!sameFingerprint(drawn.fingerprint, other.fingerprint, 2.4));
  const fewer = drawnOf(...points.slice(1));
  assert.ok(!sameFingerprint(drawn.fingerprint, fewer.fingerprint, 2.4));
});
