import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Asker } from '../../static/pad/asker.js';
import { inkOf, opacities } from '../../static/pad/ink.js';
import { layerGrid, scaleOf } from '../../static/pad/layer_grid.js';
import { Strokes } from '../../static/pad/strokes.js';
import { moment, percent, ranking, verdict } from '../../static/pad/words.js';
import { sendInTurn } from '../../static/stage/turns.js';
import { connect, deliver, listen, say, stopListening } from '../../static/pad/wire.js';

const NAMES = [...'0123456789'];
const PICTURE = { rows: 1, columns: 1, pixels: new Uint8Array([255]), truth: 7 };

function outputs(...pairs) {
  const all = new Float32Array(10);
  for (const [k, value] of pairs) all[k] = value;
  return all;
}

test('a stroke grows by places that differ, and is taken back as one', () => {
  const drawing = new Strokes();
  assert.equal(drawing.extend([0.5, 0.5]), false);
  drawing.begin([0.5, 0.5]);
  assert.equal(drawing.extend([0.5, 0.501]), false);
  assert.equal(drawing.extend([NaN, 0.5]), false);
  assert.equal(drawing.extend([0.6, 0.5]), true);
  drawing.begin([0.1, 0.1]);
  const { version } = drawing;
  assert.equal(drawing.undo(), true);
  assert.deepEqual(drawing.strokes, [[[0.5, 0.5], [0.6, 0.5]]]);
  assert.ok(drawing.version > version);
  drawing.undo();
  assert.equal(drawing.isEmpty, true);
  assert.equal(drawing.undo(), false);
});

test('an image takes the place of what was drawn; strokes on it go first, then the image', () => {
  const drawing = new Strokes();
  drawing.begin([0.5, 0.5]);
  drawing.show(PICTURE);
  assert.equal(drawing.strokes.length, 0);
  drawing.begin([0.1, 0.1]);
  drawing.undo();
  assert.equal(drawing.picture, PICTURE);
  drawing.undo();
  assert.equal(drawing.isEmpty, true);
});

test('ink is the smallest part of the pad that holds it', () => {
  const bytes = new Uint8Array(36);
  assert.equal(inkOf(bytes, 6), null);
  bytes[1 * 6 + 2] = 9;
  bytes[3 * 6 + 4] = 200;
  const { rows, columns, ink } = inkOf(bytes, 6);
  assert.deepEqual([rows, columns], [3, 3]);
  assert.deepEqual([...Buffer.from(ink, 'base64')], [9, 0, 0, 0, 0, 0, 0, 0, 200]);
  assert.deepEqual([...opacities(new Uint8ClampedArray([1, 2, 3, 4, 5, 6, 7, 8]))], [4, 8]);
});

test('one question at a time, and of two that wait the newer one is asked', () => {
  const sent = [];
  const asker = new Asker({ send: (request) => sent.push(request), firstId: 100 });
  for (const ink of ['a', 'b', 'c']) asker.wish('read', () => ({ ink }), 0);
  assert.deepEqual(sent.map(({ id, ink }) => [id, ink]), [[101, 'a']]);
  assert.equal(asker.settle(90, 5), null);
  assert.equal(asker.settle(101, 10).ink, 'a');
  asker.tick(10);
  assert.deepEqual(sent.map(({ ink }) => ink), ['a', 'c']);
  assert.equal(asker.settle(101, 11), null);
  assert.equal(asker.settle(102, 12).ink, 'c');
  assert.equal(asker.isBusy, false);
});

test('a question that a frame brings waits a while, and takes nothing else its turn', () => {
  const sent = [];
  const asker = new Asker({ send: ({ ink }) => sent.push(ink), firstId: 0 });
  asker.wish('read', () => ({ ink: 'drawn' }), 1000);
  asker.settle(1, 1010);
  asker.wishPatiently('read', () => ({ ink: 'frame' }), 1020);
  asker.tick(1100);
  assert.deepEqual(sent, ['drawn']);
  asker.wish('read', () => ({ ink: 'drawn again' }), 1110);
  asker.settle(2, 1120);
  asker.wishPatiently('read', () => ({ ink: 'frame 2' }), 1130);
  asker.tick(1320);
  assert.deepEqual(sent, ['drawn', 'drawn again', 'frame 2']);
});

test('what goes unanswered is asked again as it is by then; bare paper asks nothing', () => {
  const sent = [];
  let ink = 'old';
  const asker = new Asker({ send: (request) => sent.push(request.ink), firstId: 0 });
  asker.wish('read', () => (ink === null ? null : { ink }), 0);
  ink = 'new';
  asker.tick(20_000);
  assert.deepEqual(sent, ['old', 'new']);
  ink = null;
  asker.tick(60_000);
  assert.equal(sent.length, 2);
  assert.equal(asker.isBusy, false);
});

test('the answer in words', () => {
  assert.deepEqual(ranking([0.1, 0.7, 0.2]), [1, 2, 0]);
  assert.equal(percent(0.9999), 'over 99 %');
  assert.equal(percent(0.001), 'under 1 %');
  assert.equal(verdict(outputs([3, 0.97], [5, 0.02]), NAMES), 'It reads 3 (97 %).');
  assert.equal(verdict(outputs([3, 0.6], [5, 0.3]), NAMES), 'It reads 3 (60 %), or 5 (30 %).');
  assert.equal(verdict(outputs([3, 0.3], [5, 0.1]), NAMES), 'Undecided: 3 (30 %).');
  assert.equal(verdict(outputs([3, 0.9]), NAMES, '8'), 'It reads 3 (90 %). It is 8.');
  assert.equal(verdict(outputs([3, 0.9]), NAMES, '3'), 'It reads 3 (90 %). Right.');
  assert.equal(verdict(new Float32Array(10).fill(NaN), NAMES), 'The network answers no number.');
  assert.match(moment({ epoch: 0, trained: false }), /Nothing is trained yet/);
  assert.match(moment({ epoch: 12, trained: true }), /epoch 12/);
});

test('units fill a grid, and the scale is the bound of their activation or what is reached', () => {
  assert.deepEqual(layerGrid(100), { rows: 4, columns: 25 });
  assert.deepEqual(layerGrid(10), { rows: 1, columns: 10 });
  assert.deepEqual(layerGrid(30), { rows: 2, columns: 15 });
  assert.equal(scaleOf([0.2], [-1, 1]), 1);
  assert.equal(scaleOf([0.2], [0, null]), 1);
  assert.ok(Math.abs(scaleOf([-12.31, NaN], [0, null]) - 13) < 1e-9);
});

test('what is said before there is a component is sent when there is one; whoever does not listen hears nothing', () => {
  const sent = [];
  const taken = [];
  deliver('early');
  const take = (bytes) => taken.push(bytes);
  listen(take);
  say('first');
  connect((request) => sent.push(request));
  say('second');
  deliver('late');
  stopListening(take);
  deliver('too late');
  assert.deepEqual(taken, ['late']);
  assert.deepEqual(sent, ['first', 'second']);
});

test('components of different fragments say nothing in the same moment', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const said = [];
  for (const [who, what] of [['stage', 1], ['pad', 2], ['stage', 3], ['pad', 4]]) sendInTurn(who, () => said.push(what));
  assert.deepEqual(said, [1, 3]);
  mock.timers.tick(20);
  assert.deepEqual(said, [1, 3, 2, 4]);
  mock.timers.tick(20);
  sendInTurn('stage', () => said.push(5));
  assert.equal(said.at(-1), 5);
  mock.timers.reset();
});
