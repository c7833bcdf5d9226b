// The tab Luck: what is said of many seeds, their history, and the pictures of many networks at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PictureMaker } from '../../static/network/picture.js';
import { extentOf, fanOf, nearestSeed } from '../../static/stage/panels/luck/fan_curves.js';
import { successInWords } from '../../static/stage/panels/luck/scores_panel.js';
import { ROW, isTraining, measureOf, seedCount } from '../../static/stage/panels/luck/seed_frame.js';
import { SeedHistory } from '../../static/stage/panels/luck/seed_history.js';
import { SeedTimeline } from '../../static/stage/panels/luck/seed_timeline.js';
import { Spotlight } from '../../static/stage/panels/luck/spotlight.js';
import { BINS, binOf, cellsIn, lowEnd, orderOf, quantiles, reached, wilsonInterval } from '../../static/stage/panels/luck/statistics.js';
import { Pictures } from '../../static/stage/pictures/pictures.js';
import { Resolution } from '../../static/stage/pictures/resolution.js';

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

/** A frame of seeds with these test losses. */
const frameOf = (number, losses) => ({
  counters: Float64Array.of(number, number, 0, number, 0),
  measures: Float64Array.of(1, 1, 0.5, 0.5, 0.1),
  seeds: Float64Array.from(losses.flatMap((loss) => [loss / 2, loss, 0.8, 0.9, Number.isFinite(loss) ? 1 : 0])),
});

test('quantiles lie between neighbours by their distance; a seed that diverged is the worst', () => {
  assert.deepEqual(quantiles([4, 1, 3, 2], [0, 0.25, 0.5, 1]), [1, 1.75, 2.5, 4]);
  assert.deepEqual(quantiles([7], [0.25, 0.75]), [7, 7]);
  assert.deepEqual(quantiles([1, NaN, 2, NaN, 3], [0.5, 0.9]), [3, Infinity]);
  assert.deepEqual(quantiles([1, 2, NaN], [0.5]), [2], 'not NaN of infinity times 0');
});

test('the interval is Wilson’s, and never leaves 0 to 1', () => {
  const [low, high] = wilsonInterval(23, 32);
  // The ends solve (share − p)² = z² p (1 − p) / n.
  for (const p of [low, high]) near((23 / 32 - p) ** 2, (1.959963984540054 ** 2 * p * (1 - p)) / 32);
  assert.ok(low < 23 / 32 && 23 / 32 < high);
  assert.equal(wilsonInterval(0, 16)[0], 0);
  assert.equal(wilsonInterval(16, 16)[1], 1);
  near(wilsonInterval(8, 8)[0], 8 / (8 + 1.959963984540054 ** 2));
});

test('what reaches the target is counted, and said', () => {
  assert.equal(reached([0.95, 0.9499, NaN, 1], 0.95), 2);
  const { head, interval } = successInWords(23, 32, 0.95, true);
  assert.equal(head, '23 of 32 reach 95 %');
  assert.equal(interval, '72 %; of all seeds 55 to 84 % (95 % interval)');
  assert.equal(successInWords(3, 16, 0.925, true).head, '3 of 16 reach 92.5 %');
  assert.equal(successInWords(3, 16, -0.5, false).head, '3 of 16 reach R² −0.5');
});

test('the axis of scores holds all seeds and the target, and moves in steps', () => {
  assert.equal(lowEnd([0.97, 0.99], 0.95, true), 0.9);
  assert.equal(lowEnd([0.97, 0.99], 0.7, true), 0.5);
  assert.equal(lowEnd([0.3, NaN], 0.95, true), 0);
  assert.equal(lowEnd([-7, 0.9], 0.95, false), -1);
  assert.equal(binOf(0.95, 0.9), 10, 'a bin begins with its edge');
  assert.deepEqual([binOf(1, 0.9), binOf(0.2, 0.9), binOf(NaN, 0.9)], [BINS - 1, 0, -1]);
});

test('the best come first, alike ones by their loss, those that diverged last', () => {
  const results = { scores: [0.9, NaN, 1, 0.9, 0.9], losses: [0.3, NaN, 0.1, 0.2, 0.3] };
  assert.deepEqual(orderOf(results, 'result'), [2, 3, 0, 4, 1]);
  assert.deepEqual(orderOf(results, 'seed'), [0, 1, 2, 3, 4]);
});

test('cells fill their place, and never leave it', () => {
  const sizes = { label: 18, gap: 8, least: 60, most: 200 };
  for (const [width, height] of [[740, 560], [1200, 300], [420, 800]]) {
    for (const count of [16, 23, 32, 64]) {
      const { side, columns } = cellsIn(count, width, height, sizes);
      const rows = Math.ceil(count / columns);
      assert.ok(columns * side + (columns - 1) * 8 <= width);
      assert.ok(side >= 60);
      if (count <= 32) assert.ok(rows * (side + 18) + (rows - 1) * 8 <= height, `${count} in ${width} × ${height}`);
    }
  }
  for (const width of [350, 716]) {
    const { side, columns } = cellsIn(32, width, Infinity, { ...sizes, most: 96 });
    assert.ok(side <= 96 && side > 70);
    assert.ok(width - columns * side - (columns - 1) * 8 < columns, 'the whole width is used');
  }
  assert.ok(cellsIn(64, 300, 200, sizes).side >= 60, 'rather higher than the place than too small to see');
});

test('a frame tells of each seed', () => {
  const frame = frameOf(3, [0.5, NaN]);
  assert.equal(seedCount(frame), 2);
  assert.deepEqual([...measureOf(frame, 'testLoss')], [0.5, NaN]);
  assert.deepEqual([isTraining(frame, 0), isTraining(frame, 1)], [true, false]);
});

// -- the past ----------------------------------------------------------------------------------------------------------

const statics = { history_frame: Float64Array.of(0), history_epoch: Float64Array.of(0), history_losses: Float32Array.of(0.5, 1, 0.5, 1) };

test('the seeds’ losses outlive the frames, and go when the run goes back', () => {
  const timeline = new SeedTimeline();
  timeline.start(statics, frameOf(0, [1, 1]), 4);
  for (let k = 1; k <= 5; k++) timeline.store(frameOf(k, [1 / k, 2 / k]));
  const { seeds } = timeline;
  assert.deepEqual(seeds.entries.map(({ frame }) => frame), [0, 1, 2, 3, 4, 5]);
  assert.equal(seeds.lossOf(seeds.entries[4], 1, 1), 0.5);
  const { version } = seeds;
  timeline.dropAfter(2);
  assert.deepEqual(seeds.entries.map(({ frame }) => frame), [0, 1, 2]);
  assert.ok(seeds.version > version);
  timeline.store(frameOf(2, [9, 9]));
  assert.equal(seeds.lossOf(seeds.entries[2], 0, 1), 9);
  assert.equal(seeds.entries.length, 3);
});

test('a sync brings the losses that there were', () => {
  const history = new SeedHistory();
  history.load({ history_frame: Float64Array.of(0, 8), history_epoch: Float64Array.of(0, 4), history_losses: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
  assert.deepEqual(history.entries.map(({ epoch }) => epoch), [0, 4]);
  assert.deepEqual([0, 1].map((k) => history.lossOf(history.entries[1], k, 1)), [6, 8]);
  assert.equal(history.lossOf(history.entries[0], 1, 0), 3);
});

test('the history stays small, and even', () => {
  const history = new SeedHistory();
  for (let k = 0; k < 9000; k++) history.record({ frame: k, epoch: k, seeds: new Float64Array(ROW) });
  assert.ok(history.entries.length <= 2048);
  assert.equal(history.entries[0].frame, 0);
  assert.equal(history.entries.at(-1).frame, 8999);
  history.record({ frame: 1, epoch: 1, seeds: new Float64Array(ROW) });
  assert.notEqual(history.entries[1].frame, 1, 'a frame of a gap stays out');
});

test('the fan has every seed, the median and the quartiles, in few points', () => {
  const history = new SeedHistory();
  for (let k = 0; k < 500; k++) history.record({ frame: k, epoch: k, seeds: frameOf(k, [1, 2, 3, 4, k > 250 ? NaN : 5]).seeds });
  const fan = fanOf(history, 400, 5, 1);
  assert.ok(fan.x.length > 90 && fan.x.length <= 161);
  assert.equal(fan.x.at(-1), 400);
  assert.equal(fan.seeds.length, 5);
  assert.deepEqual([fan.lower[0], fan.median[0], fan.upper[0]], [2, 3, 4]);
  assert.ok(Number.isNaN(fan.seeds[4].at(-1)));
  assert.equal(fan.median.at(-1), 3, 'one that diverged is above all others');
  assert.equal(fanOf(history, 400, 5, 0).median[0], 1.5);
  assert.deepEqual(extentOf(fan), { lowest: 1, highest: 5 });
  assert.equal(extentOf({ ...fan, seeds: [...fan.seeds, [900]] }).highest, 12, 'a few far above don’t press the others flat');
  const peak = fan.upper.map((loss, k) => (k === 3 ? 700 : loss));
  assert.equal(extentOf({ ...fan, seeds: [...fan.seeds, [900]], upper: peak }).highest, 12, 'nor does a short peak of many');
});

test('the nearest curve is pointed at, if it is near', () => {
  const fan = { x: [0, 10], seeds: [[1, 3], [5, 5]], lower: [], median: [], upper: [] };
  const height = (loss) => 10 * loss;
  assert.equal(nearestSeed(fan, 5, 22, height, 14), 0);
  assert.equal(nearestSeed(fan, 5, 48, height, 14), 1);
  assert.equal(nearestSeed(fan, 5, 90, height, 14), null);
  assert.equal(nearestSeed(fan, 99, 31, height, 14), 0, 'beyond the end too');
});

test('panels hear what one points at, and of another target, once', () => {
  const spotlight = new Spotlight();
  let heard = 0;
  spotlight.listen(() => heard++);
  spotlight.point(3);
  spotlight.point(3);
  spotlight.aim(0.9);
  spotlight.aim(0.9);
  assert.deepEqual([heard, spotlight.seed, spotlight.target], [2, 3, 0.9]);
});

// -- pictures ----------------------------------------------------------------------------------------------------------

const DOMAIN = [[-1, 1], [-1, 1]];
const info = {
  input_names: ['x₁', 'x₂'],
  inputs: ['x₁', 'x₂'],
  class_names: ['a', 'b'],
  surface_range: [0, 1],
  domain: DOMAIN,
  layers: [{ units: 2, range: [-1, 1] }],
  network: { layer_sizes: [2, 2, 1], activations: [{ name: 'tanh', parameters: {} }], output: 'sigmoid', has_bias: true, inputs: { formulas: [['x1'], ['x2']] } },
};
const samples = { inputs: Float32Array.of(0, 0), sample_inputs: Float32Array.of(0, 0), targets: Float32Array.of(0), is_test: Uint8Array.of(0) };

test('of many networks each one’s boundary is what it is alone', () => {
  const maker = new PictureMaker({ info, statics: samples });
  const networks = [[1, -2, 0.5, 1, 0.1, -0.1, 2, 1, -0.3], [-1, 2, 1.5, -1, 0.3, 0.1, -2, 1, 0.2]].map((values) => Float32Array.from(values));
  const grid = { columns: 9, rows: 9, domain: DOMAIN };
  const { many } = maker.make(Float32Array.from(networks.flatMap((network) => [...network])), { many: { count: 2, grid } });
  assert.equal(many.length, 2 * 81);
  networks.forEach((network, k) => assert.deepEqual(many.slice(81 * k, 81 * (k + 1)), maker.make(network, { surface: grid }).surface));
  assert.notDeepEqual(many.slice(0, 81), many.slice(81));
});

test('many pictures are made coarsely while frames play, and finely at rest', () => {
  const asked = [];
  const worker = { lastMs: 5, setRun: () => {}, ask: (key, parameters, wants, onPicture) => asked.push({ wants, onPicture }) };
  const pictures = new Pictures(worker, () => {}, new Resolution({ sides: [5, 9, 17], first: 1, mostMs: 20, fewMs: 10 }));
  pictures.setRun({ id: 'a', info, statics: {} });
  pictures.look({ many: { count: 2, side: 40 } }, null);
  const shown = { ...frameOf(1, [1, 1]), parameters: new Float32Array(18) };
  pictures.ask(shown, true, []);
  assert.deepEqual(asked[0].wants.many, { count: 2, grid: { columns: 9, rows: 9, domain: DOMAIN } });
  asked.pop().onPicture({ many: new Uint8Array(162) });
  assert.equal(pictures.of(shown).many.length, 162);
  assert.equal(pictures.of(shown).many_grid.columns, 9);
  pictures.ask(shown, false, []);
  const { grid } = asked[0].wants.many;
  assert.equal(grid.columns, 40);
  near(grid.domain[0][0], -1 + 1 / 40);
});
