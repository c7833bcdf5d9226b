import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colorTable, endsOf, heightAt, heightOf, levelsOf, lineAt, rangeOf } from '../../static/stage/panels/landscape/heights.js';
import { parameterNames } from '../../static/stage/panels/landscape/parameter_names.js';
import { Player } from '../../static/stage/player/player.js';
import { Landscape } from '../../static/stage/run/landscape.js';
import { luminance } from '../../static/kit/theme.js';

// --- heights and lines -----------------------------------------------------------------------------------------

test('heights run from the lowest loss to the highest, by differences or by factors', () => {
  const losses = Float32Array.of(0.1, 1, 10, NaN, Infinity);
  const byFactors = rangeOf(losses, true);
  assert.ok(Math.abs(heightOf(1, byFactors) - 0.5) < 1e-6);
  const byDifferences = rangeOf(losses, false);
  assert.ok(Math.abs(heightOf(1, byDifferences) - 0.9 / 9.9) < 1e-6);
  for (const range of [byFactors, byDifferences]) {
    assert.ok(heightOf(0.1, range) < 1e-6 && heightOf(10, range) === 1);
    assert.deepEqual([heightOf(NaN, range), heightOf(Infinity, range)], [1, 1]);
  }
});

test('the ends of a narrow range are told apart, and those of a wide one are short', () => {
  assert.deepEqual(endsOf({ low: 0.58321, high: 0.59214 }), ['0.5832', '0.5921']);
  assert.deepEqual(endsOf({ low: 0.01234, high: 12.34 }), ['0.012', '12']);
});

test('between the places of the grid the surface is as high as a straight line is', () => {
  const grid = { x: [-1, 0, 1], y: [10, 20] };
  const heights = [0, 1, 2, 4, 5, 6]; // 1 + x + 0.4 (y − 10)
  for (const [x, y] of [[-1, 10], [1, 20], [0.25, 12.5], [-0.5, 20]]) {
    assert.ok(Math.abs(heightAt(grid, heights, [x, y]) - (1 + x + 0.4 * (y - 10))) < 1e-12);
  }
});

test('a loss of 0, all the same, or none that is finite, has heights all the same', () => {
  for (const losses of [[0, 1], [3, 3], [NaN, Infinity], [0, 0]]) {
    for (const log of [true, false]) {
      const range = rangeOf(Float32Array.from(losses), log);
      for (const loss of losses) assert.ok(heightOf(loss, range) >= 0 && heightOf(loss, range) <= 1);
      assert.ok(range.high > range.low && levelsOf(range).every(Number.isFinite));
    }
  }
});

test('the lower the loss, the brighter its colour', () => {
  const light = [...colorTable()].map((value) => luminance([value & 255, (value >> 8) & 255, (value >> 16) & 255]));
  light.slice(1).forEach((value, k) => assert.ok(value <= light[k] + 1e-3));
});

test('lines are drawn at some round losses between the ends', () => {
  for (const range of [{ low: 0.59, high: 0.78, log: true }, { low: 0.27, high: 0.71, log: true }, { low: 0.003, high: 1.6, log: true }, { low: 1e-9, high: 50, log: true }, { low: 0.2, high: 7.3, log: false }]) {
    const levels = levelsOf(range);
    assert.ok(levels.length >= 5 && levels.length <= 14, `${levels}`);
    assert.ok(levels.every((level) => level > range.low && level < range.high));
  }
});

test('the line at a level lies where the surface has that height', () => {
  const n = 9;
  const values = Float32Array.from({ length: n * n }, (_, k) => (k % n) + 2 * Math.floor(k / n)); // x + 2 y
  const pieces = lineAt(values, n, 7.5);
  assert.ok(pieces.length >= 4 * 7);
  for (let k = 0; k < pieces.length; k += 2) assert.ok(Math.abs(pieces[k] + 2 * pieces[k + 1] - 7.5) < 1e-6);
});

test('at a saddle, lines go around what is lower or higher by its middle, and none goes through a gap', () => {
  assert.deepEqual(lineAt([0, 1, 1, 0], 2, 0.4).map((value) => Number(value.toFixed(3))), [0, 0.4, 0.4, 0, 1, 0.6, 0.6, 1]);
  assert.deepEqual(lineAt([0, 1, 1, 0], 2, 0.6).map((value) => Number(value.toFixed(3))), [0.6, 0, 1, 0.4, 0.4, 1, 0, 0.6]);
  assert.deepEqual(lineAt([0, 1, NaN, 0], 2, 0.4), []);
});

test('parameters are named in the order of the flat vector', () => {
  const info = { network: { layer_sizes: [2, 2, 1], has_bias: true }, inputs: ['x₁', 'x₂'], diagram: { outputs: ['p'] } };
  assert.deepEqual(parameterNames(info), [
    'x₁ → unit 1.1', 'x₁ → unit 1.2', 'x₂ → unit 1.1', 'x₂ → unit 1.2', 'bias of unit 1.1', 'bias of unit 1.2',
    'unit 1.1 → output', 'unit 1.2 → output', 'bias of output',
  ]);
  assert.equal(parameterNames({ ...info, network: { layer_sizes: [2, 2, 1], has_bias: false } }).length, 6);
});

// --- when to ask -----------------------------------------------------------------------------------------------

const TOLD = { id: 1, level: 2, complete: true, plane: 'principal', chosen: [], explained: [0.9, 0.05], bounds: [[-1, 1], [-2, 2]] };
const ROWS = (...frames) => Float64Array.from(frames.flatMap((frame) => [frame, frame / 100, 0, 1, 2]));
const arrays = (path = ROWS(0, 4)) => ({
  landscape_x: Float64Array.of(-1, 1), landscape_y: Float64Array.of(-2, 2), landscape_loss: new Float32Array(8),
  landscape_directions: Float32Array.of(1, 0, 0, 0, 1, 0), landscape_offset: Float64Array.of(0.5, 0), landscape_path: path,
});
const frame = (number, parameters = [0.5, 0, 9]) => ({
  counters: Float64Array.of(number, number, 0, number, 1), measures: Float64Array.of(0.3, 0.4, 0, 0, 0.1), parameters: Float32Array.from(parameters),
});
const at = (more) => ({ shown: 4, furthest: 4, playing: false, version: 1, now: 0, ...more });

function drawn(told = TOLD, asked = {}) {
  const landscape = new Landscape();
  landscape.take(told, arrays(), { frame: 4, ...asked }, { furthest: 4, version: 1, now: 0 });
  landscape.see(frame(4), 4);
  return landscape;
}

test('at first, and after another run has come, everything is asked for; then nothing', () => {
  const request = { kind: 'landscape', frame: 4, plane: 'principal' };
  assert.deepEqual(new Landscape().toAsk(at({})), request);
  const landscape = drawn();
  assert.equal(landscape.toAsk(at({})), null);
  assert.deepEqual(landscape.toAsk(at({ version: 2 })), request);
});

test('a surface that is coarse is asked for until it is as fine as it gets', () => {
  const landscape = drawn({ ...TOLD, complete: false, level: 0 });
  assert.deepEqual(landscape.toAsk(at({})).have, [1, 0]);
});

test('at rest the plane is chosen again once the path is longer; while it plays, once it is four times as long', () => {
  const landscape = drawn();
  assert.equal(landscape.toAsk(at({ furthest: 5, shown: 5 })), null);
  assert.equal(landscape.toAsk(at({ furthest: 6, shown: 6 })).again, 'fit');
  assert.equal(landscape.toAsk(at({ furthest: 19, shown: 19, playing: true })), null);
  assert.equal(landscape.toAsk(at({ furthest: 20, shown: 20, playing: true })).again, 'fit');
});

test('the plane stays while somebody points at a place of it', () => {
  const landscape = drawn();
  landscape.isPointedAt = true;
  assert.equal(landscape.toAsk(at({ furthest: 60, shown: 60 })), null);
  assert.equal(landscape.toAsk(at({ furthest: 60, shown: 60, playing: true })), null);
  landscape.isPointedAt = false;
  assert.equal(landscape.toAsk(at({ furthest: 60, shown: 60, playing: true })).again, 'fit');
});

test('where the path leaves the picture more of the same plane is asked for, once for each frame and not all the time', () => {
  const landscape = drawn();
  landscape.see(frame(5, [3, 0, 0]), 5);
  assert.deepEqual(landscape.here, [2.5, 0]);
  const later = at({ shown: 5, furthest: 5, playing: true, now: 1000 });
  const asked = landscape.toAsk(later);
  assert.equal(asked.again, 'wider');
  assert.deepEqual(landscape.toAsk(later), asked); // until it is answered
  landscape.take({ ...TOLD, id: 2 }, arrays(), asked, { furthest: 5, version: 1, now: 1000 });
  assert.equal(landscape.toAsk({ ...later, now: 2000 }), null);
  assert.equal(landscape.toAsk({ ...later, shown: 6, now: 1200 }), null);
  assert.equal(landscape.toAsk({ ...later, shown: 6, now: 1500 }).again, 'wider');
});

test('where there is none, none is asked for again until the plane or the run is another one', () => {
  const landscape = new Landscape();
  landscape.take(undefined, {}, landscape.toAsk(at({})), { furthest: 4, version: 1, now: 0 });
  assert.equal(landscape.toAsk(at({})), null);
  assert.ok(landscape.isMissing(1));
  assert.notEqual(landscape.toAsk(at({ version: 2 })), null);
  landscape.plane = [0, 1];
  assert.notEqual(landscape.toAsk(at({})), null);
});

test('what is told of a surface that has not come yet is not drawn', () => {
  const landscape = drawn();
  landscape.take({ ...TOLD, id: 2, level: -1, complete: false }, {}, { again: 'fit', frame: 4 }, { furthest: 4, version: 1, now: 0 });
  assert.deepEqual([landscape.told.id, landscape.drawn.id], [2, 1]);
  assert.deepEqual(landscape.toAsk(at({})).have, [2, -1]);
});

test('two weights vary about the frame on screen', () => {
  const landscape = drawn({ ...TOLD, plane: 'parameters', chosen: [3, 1] });
  landscape.plane = [3, 1];
  assert.equal(landscape.toAsk(at({})), null);
  assert.deepEqual(landscape.toAsk(at({ shown: 2 })), { kind: 'landscape', frame: 2, plane: [3, 1], again: 'fit' });
  assert.equal(landscape.toAsk(at({ shown: 2, playing: true })), null);
  landscape.plane = [3, 2];
  assert.deepEqual(landscape.toAsk(at({})).plane, [3, 2]);
});

test('the path grows with what is seen, and ends where the run does', () => {
  const landscape = drawn();
  for (const number of [5, 6, 7]) landscape.see(frame(number), number);
  assert.deepEqual(landscape.path.map((spot) => spot.frame), [0, 4, 5, 6, 7]);
  landscape.see(frame(5), 7); // looked back
  assert.equal(landscape.path.length, 5);
  landscape.see(frame(5), 5); // what came after is no more
  assert.deepEqual(landscape.path.map((spot) => spot.frame), [0, 4, 5]);
  assert.deepEqual(landscape.path[2].losses, [0.3, 0.4]);
  for (let number = 6; number < 9000; number++) landscape.see(frame(number), number);
  assert.ok(landscape.path.length <= 1501);
  assert.deepEqual([landscape.path[0].frame, landscape.path.at(-1).frame], [0, 8999]);
});

test('a frame of another network lies nowhere', () => {
  assert.equal(drawn().placeOf(Float32Array.of(1, 2)), null);
  assert.equal(drawn().placeOf(Float32Array.of(NaN, 2, 3)), null);
});

// --- the player ------------------------------------------------------------------------------------------------

function playing() {
  const asked = [];
  const player = new Player({ send: (request) => asked.push(request) });
  let seq = 0;
  const send = (kind, frames, more = {}, statics = {}, now = 0) => player.connection.receive({
    header: { seq: ++seq, kind, run: 'A', settings: 1, reply: asked.at(-1)?.id ?? 0, view: { id: 1 }, last_frame: 99, stopped: null, info: { steps_per_epoch: 1, layers: [] }, ...more }, statics, frames,
  }, now);
  send('sync', [frame(0)]);
  return { player, asked, send };
}

test('the landscape is asked for at rest, and while frames play when none have to be asked for', () => {
  const { player, asked, send } = playing();
  player.lookAtLandscape(0);
  player.tick(0);
  assert.equal(asked.at(-1).kind, 'landscape');
  send('frames', [], { landscape: TOLD }, arrays(ROWS(0)));
  assert.deepEqual(player.landscape.told, TOLD);
  assert.equal(player.timeline.shown, 0);
  player.play(10);
  player.landscape.plane = [0, 1];
  player.lookAtLandscape(10);
  assert.equal(asked.at(-1).kind, 'frames');
  send('frames', [1, 2, 3].map((number) => frame(number)), {}, {}, 20);
  assert.equal(asked.at(-1).kind, 'frames'); // too few lie ready
  send('frames', Array.from({ length: 90 }, (_, k) => frame(4 + k)), {}, {}, 30);
  assert.equal(asked.at(-1).kind, 'landscape');
});

test('a place is gone to from the frame on screen, and whatever waits for it counts as an edit', () => {
  const { player, asked } = playing();
  player.goToPlace({ landscape: 3, x: 0.5, y: -1 }, 0);
  const { id, run, controls, ...request } = asked.at(-1);
  assert.deepEqual(request, { kind: 'place', frame: 0, furthest: 0, landscape: 3, x: 0.5, y: -1 });
  assert.ok(player.editing);
});

test('where one has to answer a question first, no place is gone to', () => {
  const { player, asked } = playing();
  const before = asked.length;
  player.mayTrain = () => false;
  player.goToPlace({ landscape: 3, x: 0.5, y: -1 }, 0);
  assert.equal(asked.length, before);
  assert.ok(!player.editing);
});
