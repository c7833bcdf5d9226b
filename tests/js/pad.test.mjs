import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { sendInTurn, whenQuiet } from '../../static/messages/component_turns.js';
import { connect, deliver, listen, say, stopListening } from '../../static/pad/component_link.js';
import { normalised } from '../../static/pad/handwriting.js';
import { centreOfMass, cropped, placed, resized } from '../../static/pad/images.js';
import { inkOf } from '../../static/pad/ink.js';
import { layerGrid, scaleOf } from '../../static/pad/layer_grid.js';
import { read, readerOf } from '../../static/pad/reading.js';
import { RequestQueue } from '../../static/pad/request_queue.js';
import { Strokes } from '../../static/pad/strokes.js';
import { answerInWords, percent, ranking, snapshotInWords } from '../../static/pad/words.js';

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

test('ink is what is painted, however faintly; a bare pad has none', () => {
  assert.equal(inkOf(new Uint8ClampedArray(16), 2), null);
  const { rows, columns, values } = inkOf(new Uint8ClampedArray([1, 2, 3, 0, 5, 6, 7, 8, 0, 0, 0, 255, 0, 0, 0, 1]), 2);
  assert.deepEqual([rows, columns, ...values], [2, 2, 0, 8, 255, 1]);
});

const image = (rows, columns, values) => ({ rows, columns, values: Float64Array.from(values) });

test('an image is cropped to its ink, put where it belongs, and balanced', () => {
  const ink = image(3, 4, [0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0.2, 0, 0]);
  assert.deepEqual(cropped(ink), image(2, 2, [0, 0.5, 0.2, 0]));
  assert.equal(cropped(image(1, 2, [0, 0])), null);
  assert.deepEqual(placed(image(2, 2, [0, 0, 0, 0]), image(2, 2, [1, 2, 3, 4]), 1, -1), image(2, 2, [0, 0, 2, 0]));
  assert.deepEqual(centreOfMass(image(2, 2, [0, 1, 0, 3])), [0.75, 1]);
});

test('a shrunken image keeps its mean, and one of the same size everything', () => {
  const noise = image(31, 17, Array.from({ length: 31 * 17 }, (_, k) => ((k * 7919) % 101) / 100));
  const mean = ({ values }) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean(resized(noise, 8, 5)) - mean(noise)) < 1e-12);
  assert.deepEqual(resized(noise, 31, 17), noise);
  assert.deepEqual(resized(image(1, 3, [1, 2, 3]), 1, 2).values, Float64Array.of(4 / 3, 8 / 3));
});

test('bare paper stays bare, and there is no way to look like data that nobody knows', () => {
  for (const side of [28, 8]) assert.deepEqual(normalised(image(2, 2, [0, 0, 0, 0]), [side, side]).values, new Float64Array(side * side));
  assert.throws(() => normalised(image(1, 1, [1]), [16, 16]), /shape must be 28×28 or 8×8; got 16×16/);
});

test('a network says which snapshot it is of, and reads what it would be fed with', () => {
  const header = { frame: 4, epoch: 2, trained: true, shape: [8, 8], units: [2], activations: [], output: 'identity' };
  const weights = new Float32Array(128).map((_, k) => k % 2);
  const reader = readerOf(header, { weights_1: weights, biases_1: Float32Array.of(0.5, -1) });
  assert.deepEqual(reader.snapshot, { frame: 4, epoch: 2, trained: true });
  const { seen, outputs, layers } = read(reader, image(1, 1, [9]));
  const sum = seen.reduce((total, value) => total + value, 0);
  assert.ok(sum > 0);
  assert.deepEqual([...outputs], [0.5, sum - 1]);
  assert.deepEqual(layers, []);
});

test('one request at a time, and of two for the same that wait the newer one is asked', () => {
  const sent = [];
  const requests = new RequestQueue({ send: (request) => sent.push(request), firstId: 100 });
  for (const frame of [1, 2, 3]) requests.ask('network', () => ({ frame }), 0);
  assert.deepEqual(sent.map(({ id, frame }) => [id, frame]), [[101, 1]]);
  assert.equal(requests.settle(90, 5), null);
  assert.equal(requests.settle(101, 10).frame, 1);
  requests.tick(10);
  assert.deepEqual(sent.map(({ frame }) => frame), [1, 3]);
  assert.equal(requests.settle(101, 11), null);
  assert.equal(requests.settle(102, 12).frame, 3);
  requests.tick(1000);
  assert.equal(sent.length, 2);
});

test('a network and a test digit take nothing of each other', () => {
  const sent = [];
  const requests = new RequestQueue({ send: ({ kind }) => sent.push(kind), firstId: 0 });
  requests.ask('network', () => ({}), 0);
  requests.ask('take', () => ({}), 1);
  requests.ask('network', () => ({}), 2);
  for (const id of [1, 2, 3]) {
    requests.settle(id, 10 * id);
    requests.tick(10 * id);
  }
  assert.deepEqual(sent, ['network', 'take', 'network']);
});

test('a request that a frame brings waits a while, and takes nothing else its turn', () => {
  const sent = [];
  const requests = new RequestQueue({ send: ({ at }) => sent.push(at), firstId: 0 });
  requests.ask('network', () => ({ at: 'once' }), 1000);
  requests.settle(1, 1010);
  requests.askPatiently('network', () => ({ at: 'frame' }), 1020);
  requests.askPatiently('network', () => ({ at: 'frame 2' }), 1030);
  requests.tick(1100);
  assert.deepEqual(sent, ['once']);
  requests.ask('network', () => ({ at: 'by hand' }), 1110);
  requests.settle(2, 1120);
  requests.askPatiently('network', () => ({ at: 'frame 3' }), 1130);
  requests.tick(1320);
  assert.deepEqual(sent, ['once', 'by hand', 'frame 3']);
});

test('where answers take long, frames bring fewer requests', () => {
  const sent = [];
  const requests = new RequestQueue({ send: ({ at }) => sent.push(at), firstId: 0 });
  requests.ask('network', () => ({ at: 'once' }), 0);
  requests.settle(1, 1000);
  requests.askPatiently('network', () => ({ at: 'frame' }), 1000);
  requests.tick(1400);
  assert.deepEqual(sent, ['once']);
  requests.tick(1500);
  assert.deepEqual(sent, ['once', 'frame']);
});

test('what goes unanswered is asked again as it is by then; what nobody wants any more is not', () => {
  const sent = [];
  let frame = 1;
  const requests = new RequestQueue({ send: (request) => sent.push(request.frame), firstId: 0 });
  requests.ask('network', () => (frame === null ? null : { frame }), 0);
  frame = 2;
  requests.tick(20_000);
  assert.deepEqual(sent, [1, 2]);
  frame = null;
  requests.tick(60_000);
  assert.equal(sent.length, 2);
});

test('the answer in words', () => {
  assert.deepEqual(ranking([0.1, 0.7, 0.2]), [1, 2, 0]);
  assert.equal(percent(0.9999), 'over 99 %');
  assert.equal(percent(0.001), 'under 1 %');
  assert.equal(answerInWords(outputs([3, 0.97], [5, 0.02]), NAMES), 'It reads 3 (97 %).');
  assert.equal(answerInWords(outputs([3, 0.6], [5, 0.3]), NAMES), 'It reads 3 (60 %), or 5 (30 %).');
  assert.equal(answerInWords(outputs([3, 0.3], [5, 0.1]), NAMES), 'Undecided: 3 (30 %).');
  assert.equal(answerInWords(outputs([3, 0.9]), NAMES, '8'), 'It reads 3 (90 %). It is 8.');
  assert.equal(answerInWords(outputs([3, 0.9]), NAMES, '3'), 'It reads 3 (90 %). Correct.');
  assert.equal(answerInWords(new Float32Array(10).fill(NaN), NAMES), 'The network’s output isn’t a number.');
  assert.match(snapshotInWords({ epoch: 0, trained: false }), /isn’t trained yet/);
  assert.match(snapshotInWords({ epoch: 12, trained: true }), /epoch 12\./);
  assert.match(snapshotInWords({ epoch: 10.934, trained: true }), /epoch 10\.93\./); // as the bar above says it
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
  mock.timers.tick(20);
  mock.timers.reset();
});

test('a change of page waits for what is under way, and nothing is said after it', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const said = [];
  assert.equal(whenQuiet(() => said.push('never')), false);
  sendInTurn('stage', () => said.push('stage'));
  sendInTurn('pad', () => said.push('pad'));
  assert.equal(whenQuiet(() => said.push('page')), true);
  mock.timers.tick(20);
  assert.deepEqual(said, ['stage', 'page']);
  mock.timers.reset();
});
