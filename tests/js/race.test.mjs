import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountText, amounts, clockText, momentText } from '../../static/compare/race/clock.js';
import { curvesOf } from '../../static/compare/race/curves.js';
import { areComparable, differenceOf, farthestApart } from '../../static/plot/difference.js';
import { lanesOf, numbersOf, runOf } from '../../static/compare/race/race_frame.js';
import { RaceTimeline } from '../../static/compare/race/race_timeline.js';
import { reachedAt, targetOf } from '../../static/compare/race/target.js';
import { DASHES } from '../../static/compare/shared/lane_look.js';
import { Player } from '../../static/stage/player/player.js';

/** What a frame tells of a lane. */
const row = (epoch, { loss = 1 / (1 + epoch), score = epoch / 10, running = 1, seconds = epoch / 100 } = {}) =>
  [epoch, 0, 30 * epoch, loss, 2 * loss, score, score, 0.03, seconds, running];

/** A frame of two lanes; the second one stops after epoch `end`. */
const frame = (number, end = Infinity) => ({
  counters: Float64Array.of(number, number, 0, number, 0),
  measures: new Float64Array(5).fill(NaN),
  lanes: Float64Array.from([...row(number), ...row(Math.min(number, end), { running: number > end ? 0 : 1 })]),
  A_parameters: Float32Array.of(number),
  B_parameters: Float32Array.of(-number),
});

const history = (epochs, measured) => Object.fromEntries([
  ['history_frame', epochs], ['history_clock', epochs],
  ...['A', 'B'].flatMap((name) => [[`history_${name}_epoch`, measured[name]], ...['train_loss', 'test_loss', 'train_score', 'test_score'].map((column) => [`history_${name}_${column}`, measured[name].map((x) => x / 10)])]),
].map(([name, values]) => [name, Float64Array.from(values)]));

function started(end) {
  const timeline = new RaceTimeline();
  timeline.start(history([0], { A: [0], B: [0] }), frame(0, end), 1);
  return timeline;
}

test('a lane is a frame of its own run, the same one each time', () => {
  const whole = frame(7);
  const [a, b] = lanesOf(whole, ['A', 'B']);
  assert.deepEqual([...a.parameters, ...b.parameters], [7, -7]);
  assert.deepEqual([...a.counters], [7, 7, 0, 210, 0]);
  assert.equal(a.measures[0], 1 / 8);
  assert.equal(lanesOf(whole, ['A', 'B'])[0], a); // pictures are kept by it
});

test('what is said of a lane is read by name', () => {
  const { epoch, steps, trainLoss, testLoss, testScore, seconds, isRunning } = numbersOf(frame(4, 3), 1);
  assert.deepEqual([epoch, steps, trainLoss, testLoss, testScore, seconds, isRunning], [3, 90, 0.25, 0.5, 0.3, 0.03, false]);
});

test('a run is made of what begins with its lane\'s letter', () => {
  const race = { id: 'r', info: { lanes: [{ name: 'A', info: { task: 'binary' } }, { name: 'B', info: {} }] }, statics: { A_inputs: [1], A_targets: [2], B_inputs: [3], history_A_epoch: [4] } };
  assert.deepEqual(runOf(race, 0), { id: 'r A', info: { task: 'binary' }, statics: { inputs: [1], targets: [2] } });
  assert.deepEqual(runOf(race, 1).statics, { inputs: [3] });
});

test('each lane has a history, which ends where the lane does', () => {
  const timeline = started(3);
  for (let n = 1; n <= 6; n++) timeline.store(frame(n, 3));
  timeline.show(6);
  assert.deepEqual(timeline.lanes.map(({ length }) => length), [7, 4]);
  const [a, b] = curvesOf(timeline, 'train');
  assert.deepEqual(a.x, [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(b.x, [0, 1, 2, 3]);
  assert.deepEqual(b.y, [1, 1 / 2, 1 / 3, 1 / 4]);
});

test('curves go as far as was shown, and are cut where one goes back', () => {
  const timeline = started();
  for (let n = 1; n <= 6; n++) timeline.store(frame(n));
  timeline.show(4);
  assert.deepEqual(curvesOf(timeline, 'test')[1].x, [0, 1, 2, 3, 4]);
  timeline.dropAfter(2);
  assert.deepEqual(timeline.lanes.map(({ length }) => length), [3, 3]);
});

test('a sync brings the lanes\' past, up to where each stopped', () => {
  const timeline = new RaceTimeline();
  timeline.start(history([0, 1, 2, 3], { A: [0, 1, 2, 3], B: [0, 1, 1, 1] }), frame(3, 1), 1, 3);
  assert.deepEqual(timeline.lanes.map(({ length }) => length), [4, 2]);
  assert.equal(timeline.history.length, 4);
});

test('the player of a run plays a race: frames come in order, for all lanes at once', () => {
  const asked = [];
  const timeline = new RaceTimeline();
  const player = new Player({ send: (request) => asked.push(request), timeline });
  const header = { seq: 1, kind: 'sync', run: 'R', settings: 0, reply: 0, view: { id: 0, shows: [] }, last_frame: 0, stopped: null, info: { steps_per_epoch: 1, lanes: [], input_names: [] } };
  player.connection.receive({ header, statics: history([0], { A: [0], B: [0] }), frames: [frame(0)] }, 0);
  player.setSpeed({ unit: 'epoch', amount: 2 }, 0);
  player.play(0);
  const request = asked.at(-1);
  assert.deepEqual([request.kind, request.from, request.amount, request.run], ['frames', 0, 2, 'R']);
  const frames = [1, 2, 3].map((n) => frame(n));
  player.connection.receive({ header: { ...header, seq: 2, kind: 'frames', reply: request.id, last_frame: 3 }, statics: {}, frames }, 0);
  for (const n of [1, 2, 3]) {
    player.tick(0);
    assert.equal(timeline.shown, n);
    const lanes = [0, 1].map((k) => numbersOf(timeline.shownFrame, k).epoch);
    assert.deepEqual(lanes, [n, n]);
  }
});

test('a target is reached at the first moment with that score', () => {
  const timeline = started();
  for (let n = 1; n <= 9; n++) timeline.store(frame(n));
  timeline.show(9);
  const [lane] = timeline.lanes;
  assert.equal(reachedAt(lane, 9, 0.5, true), 5);
  assert.equal(reachedAt(lane, 4, 0.5, true), null);
  assert.equal(reachedAt(lane, 9, 0.95, false), null);
});

test('a target is a percentage, or none', () => {
  assert.deepEqual(['95', ' 99.5 ', '90 %', '0,5'].map(targetOf), [0.95, 0.995, 0.9, 0.005]);
  assert.deepEqual(['', ' ', 'x', '0', '-3', '101', '1e999', 'NaN'].map(targetOf), Array(8).fill(null));
});

test('what the clock says', () => {
  assert.equal(amounts('epochs').length, 9); // the keys 1 to 9
  assert.equal(amountText('epochs', 1), '1 epoch/frame');
  assert.equal(amountText('time', 2), '2 ms/frame');
  assert.equal(clockText('epochs', 1240), '1,240');
  assert.equal(clockText('time', 0.0771), '0.077 s');
  assert.equal(momentText('time', 1.5), '1.50 s of training');
});

test('four lanes have four dashes', () => assert.equal(new Set(DASHES.map(String)).size, 4));

// -- where two lanes disagree ----------------------------------------------------------------------------------------

const DOMAIN = [[-1, 1], [-1, 1]];
const picture = (side, planes, at) => ({
  surface: Uint8Array.from({ length: planes * side * side }, (_, i) => at(Math.floor(i / (side * side)), i % side, Math.floor((i % (side * side)) / side))),
  plot: { columns: side, rows: side, domain: DOMAIN },
});

test('networks that answer alike do not disagree anywhere', () => {
  const one = picture(5, 1, (_, x, y) => 10 * x + y);
  const { share, mean, apart } = differenceOf(one, one, 'binary', 2);
  assert.deepEqual([share, mean, Math.max(...apart)], [0, 0, 0]);
});

test('where another class is named is told from where one is only less sure', () => {
  const one = picture(4, 1, (_, x) => (x < 2 ? 200 : 20));
  const two = picture(4, 1, (_, x, y) => (y === 0 ? 20 : x < 2 ? 140 : 20));
  const { share, other, apart } = differenceOf(one, two, 'binary', 2);
  assert.deepEqual([...other.slice(0, 4)], [1, 1, 0, 0]);
  assert.deepEqual([...apart.slice(0, 8)], [180, 180, 0, 0, 60, 60, 0, 0]);
  assert.equal(share, 2 / 16);
});

test('of several classes the largest counts', () => {
  const of = (classes) => picture(2, 3, (k, x, y) => (classes[2 * y + x] === k ? 230 : 10));
  const { share, other, apart } = differenceOf(of([0, 1, 2, 0]), of([0, 1, 1, 0]), 'multiclass', 3);
  assert.deepEqual([...other], [0, 0, 1, 0]);
  assert.equal(apart[2], 220);
  assert.equal(share, 0.25);
});

test('for values no class is named', () => {
  const { share, mean } = differenceOf(picture(2, 1, () => 0), picture(2, 1, () => 255), 'regression', 0);
  assert.deepEqual([share, mean], [0, 1]);
});

test('pictures of two resolutions are laid over each other', () => {
  const split = (side) => picture(side, 1, (_, x) => (x < side / 2 ? 255 : 0));
  const { columns, share } = differenceOf(split(40), split(8), 'binary', 2);
  assert.deepEqual([columns, share], [8, 0]);
});

test('only answers to the same question are compared', () => {
  const info = { input_names: ['x₁', 'x₂'], task: 'binary', class_names: ['a', 'b'], domain: DOMAIN, surface_range: [0, 1] };
  assert.ok(areComparable(info, { ...info, surface_range: [0, 2] }));
  assert.ok(!areComparable(info, { ...info, task: 'regression' }));
  assert.ok(!areComparable(info, { ...info, domain: [[-2, 2], [-1, 1]] }));
  assert.ok(!areComparable(info, { ...info, class_names: ['a', 'c'] }));
  assert.ok(!areComparable({ ...info, input_names: ['x'] }, info));
  assert.ok(areComparable({ ...info, input_names: ['x'] }, { ...info, input_names: ['x'] }));
});

test('two curves are farthest apart somewhere', () => {
  const curve = (columns, at) => ({ curve: Float32Array.from({ length: columns }, (_, k) => at(k / (columns - 1))), plot: { columns, domain: [[-2, 2], [0, 1]] } });
  assert.deepEqual(farthestApart(curve(5, (x) => x), curve(5, (x) => (x === 0.75 ? 0.25 : x))), { at: 1, apart: 0.5 });
  assert.deepEqual(farthestApart(curve(5, (x) => x), curve(9, (x) => x)).apart, 0);
});
