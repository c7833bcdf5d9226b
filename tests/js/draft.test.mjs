import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Draft, MAX_POINTS, pointsOf, sameFingerprint } from '../../static/stage/panels/drawing/drawn_points.js';

function draftOf(...points) {
  const draft = new Draft();
  draft.load(points, 'classification');
  return draft;
}

function gesture(draft, ...points) {
  draft.begin();
  for (const point of points) draft.add(...point);
  return draft.commit();
}

test('a gesture is undone and done again as one', () => {
  const draft = draftOf([0, 0, 0]);
  assert.equal(gesture(draft, [1, 1, 1], [2, 2, 1]), true);
  assert.equal(draft.points.length, 3);
  assert.equal(draft.undo(), true);
  assert.deepEqual(draft.points, [[0, 0, 0]]);
  assert.equal(draft.undo(), false);
  assert.equal(draft.redo(), true);
  assert.equal(draft.points.length, 3);
  draft.undo();
  gesture(draft, [5, 5, 0]);
  assert.equal(draft.canRedo, false);
});

test('a gesture that changes nothing is none', () => {
  const draft = draftOf([0, 0, 0]);
  draft.begin();
  assert.equal(draft.erase(5, 5, 1, 1), 0);
  assert.equal(draft.commit(), false);
  assert.equal(draft.canUndo, false);
});

test('the eraser takes what is within its reach, and clear takes all', () => {
  const draft = draftOf([0, 0, 0], [0.5, 0, 1], [2, 0, 1], [0, 0.9, 1]);
  draft.begin();
  assert.equal(draft.erase(0, 0, 1, 0.5), 2);
  draft.commit();
  assert.deepEqual(draft.points, [[2, 0, 1], [0, 0.9, 1]]);
  assert.equal(draft.clear(), true);
  assert.equal(draft.clear(), false);
  draft.undo();
  draft.undo();
  assert.equal(draft.points.length, 4);
});

test('no more points than the limit, and none that is no number', () => {
  const draft = draftOf(...Array.from({ length: MAX_POINTS - 1 }, (_, k) => [k, 0, 0]));
  assert.equal(draft.add(NaN, 0, 0), false);
  assert.equal(draft.add(0, Infinity, 0), false);
  assert.equal(draft.add(0, 0, 0), true);
  assert.equal(draft.add(0, 0, 0), false);
  assert.equal(draft.points.length, MAX_POINTS);
});

test('it says what is missing before there is enough to learn from', () => {
  assert.match(draftOf().missing, /2 classes/);
  assert.match(draftOf([0, 0, 0], [1, 0, 0], [2, 0, 0]).missing, /2 classes/);
  assert.match(draftOf([0, 0, 0], [1, 0, 0], [2, 0, 3]).missing, /Each class/);
  assert.equal(draftOf([0, 0, 0], [1, 0, 0], [2, 0, 3], [2, 1, 3]).missing, null);
  const values = new Draft();
  values.load([[0, 0, 0.5]], 'regression');
  assert.match(values.missing, /4 points/);
});

test('points are known again in another order and in single precision, and others are not', () => {
  const points = Array.from({ length: 300 }, (_, k) => [Math.sin(k), Math.cos(3 * k), k % 3]);
  const inputs = Float32Array.from(points.toReversed().flatMap(([x, y]) => [x, y]));
  const targets = Float32Array.from(points.toReversed().map((point) => point[2]));
  const back = draftOf(...pointsOf({ statics: { inputs, targets } }));
  const draft = draftOf(...points);
  assert.ok(sameFingerprint(draft.fingerprint, back.fingerprint, 2.4));
  const other = draftOf(...points.slice(1), [0.9, -0.9, 0]);
  assert.ok(!sameFingerprint(draft.fingerprint, other.fingerprint, 2.4));
  const fewer = draftOf(...points.slice(1));
  assert.ok(!sameFingerprint(draft.fingerprint, fewer.fingerprint, 2.4));
});
