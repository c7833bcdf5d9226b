import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOf } from '../../static/network/lines/borders.js';
import { LevelLines } from '../../static/network/lines/level_lines.js';
import { framesBefore, missingBefore, numbersBefore } from '../../static/stage/panels/boundary/earlier_frames.js';
import { layersText, regionsText } from '../../static/stage/panels/boundary/line_legend.js';
import { faded, nearestCrease } from '../../static/stage/panels/boundary/line_painter.js';
import { Besides } from '../../static/stage/pictures/besides.js';
import { FrameBuffer } from '../../static/stage/run/frame_buffer.js';

test('earlier frames are even steps of a power of two, and most stay while frames play', () => {
  assert.deepEqual(numbersBefore(0), []);
  assert.deepEqual(numbersBefore(3), [2, 1, 0]);
  assert.deepEqual(numbersBefore(100), [96, 80, 64, 48, 32]);
  assert.deepEqual(numbersBefore(96), [88, 80, 72, 64, 56]);
  for (let shown = 100; shown < 400; shown++) {
    const before = new Set(numbersBefore(shown));
    assert.ok(numbersBefore(shown + 1).filter((number) => before.has(number)).length >= 2, String(shown));
    assert.ok(numbersBefore(shown).every((number) => number < shown));
  }
});

test('of frames that are not here the nearest stands in, and what is nowhere near is to be fetched', () => {
  const frames = new FrameBuffer();
  for (const number of [0, 33, 47, 81, 100]) frames.put({ counters: Float64Array.of(number), parameters: Float32Array.of(number) }, 100);
  const timeline = { frames, shown: 100 };
  // 96, 80, 64, 48 and 32 are wanted; nothing is near 96 but 81, nor near 64.
  assert.deepEqual(framesBefore(timeline).map(({ parameters }) => parameters[0]), [81, 47, 33]);
  assert.equal(missingBefore(timeline, new Set()), 96);
  assert.equal(missingBefore(timeline, new Set([96])), 64);
  assert.equal(missingBefore(timeline, new Set([96, 64])), null);
});

test('older ones are fainter and thinner', () => {
  const looks = [0, 1, 2].map((k) => faded(k, 3));
  assert.ok(looks[0].opacity > looks[1].opacity && looks[1].opacity > looks[2].opacity && looks[2].opacity > 0);
  assert.equal(faded(0, 1).opacity, looks[0].opacity);
});

test('the crease within reach is that of the unit nearest to the place', () => {
  const info = { layers: [{ units: 2 }, { units: 1 }] };
  const frame = { fold_lines: Float32Array.of(0, 0, 0, 1, 0.2, 0, 0.2, 1, 0.5, 0.5, 1, 0.5), fold_counts: Float32Array.of(1, 1, 1) };
  const mapping = { kx: 100, ky: -100, scale: 2 };
  assert.deepEqual(nearestCrease(info, frame, mapping, [0.05, 0.5], 7), { layer: 1, unit: 0 });
  assert.deepEqual(nearestCrease(info, frame, mapping, [0.17, 0.9], 7), { layer: 1, unit: 1 });
  assert.deepEqual(nearestCrease(info, frame, mapping, [0.7, 0.45], 7), { layer: 2, unit: 0 });
  assert.equal(nearestCrease(info, frame, mapping, [0.7, 0.3], 7), null);
  assert.equal(nearestCrease(info, frame, mapping, [0.36, 0.5], 7), null);
  // Along an axis alone only that counts.
  assert.deepEqual(nearestCrease(info, frame, mapping, [0.02], 7), { layer: 1, unit: 0 });
});

test('a circle is one line that ends where it began', () => {
  const side = 40;
  const grid = { columns: side, rows: side, domain: [[-2, 2], [-2, 2]] };
  const lines = new LevelLines(grid);
  const at = (x, y) => 1 - x * x - y * y;
  lines.add(Float64Array.from({ length: side * side }, (_, k) => at(lines.x[k % side], lines.y[Math.floor(k / side)])), 0);
  const steps = lines.lines(20, function* evaluate(_, x, y, into) {
    x.forEach((each, k) => {
      into[k] = at(each, y[k]);
    });
    yield;
  });
  let step = steps.next();
  while (!step.done) step = steps.next();
  const [pieces] = step.value;
  assert.ok(pieces.length > 200);
  for (let k = 0; k < pieces.length; k += 4) {
    assert.ok(Math.abs(Math.hypot(pieces[k], pieces[k + 1]) - 1) < 1e-6);
    const next = (k + 4) % pieces.length;
    assert.deepEqual([pieces[k + 2], pieces[k + 3]], [pieces[next], pieces[next + 1]]);
  }
});

test('the level of a predicted value is 0 where there is one', () => {
  assert.equal(levelOf({ task: 'regression', surface_range: [-2, 3] }), 0);
  assert.equal(levelOf({ task: 'regression', surface_range: [1, 3] }), 2);
  assert.equal(levelOf({ task: 'binary', surface_range: [0, 1] }), 0.5);
});

test('pictures beside a frame are asked for once, and again where something urgent swept them away', () => {
  const asked = [];
  let arrivals = 0;
  const besides = new Besides({ ask: (key, parameters, wants, onPicture) => asked.push({ key, parameters, wants, onPicture }) }, () => arrivals++);
  const [one, two] = [Float32Array.of(1), Float32Array.of(2)];
  const domain = [[0, 1], [0, 1]];
  besides.look({ earlier: { networks: [one, two], domain, isCurve: false } });
  besides.ask(true);
  besides.ask(true);
  assert.equal(asked.length, 1, 'one at a time while frames play');
  besides.asked.clear(); // swept away
  besides.ask(false);
  assert.deepEqual(asked.map(({ parameters }) => parameters), [one, one, two]);
  const before = besides.made;
  asked[1].onPicture({ border_lines: Float32Array.of(0, 0, 1, 1) });
  assert.equal(arrivals, 1);
  assert.notEqual(besides.made, before);
  assert.deepEqual(besides.made.earlier.map(({ parameters }) => parameters), [one]);
  assert.equal(besides.made, besides.made, 'the same as long as nothing has come');
  asked[2].onPicture({ border_lines: Float32Array.of() });
  besides.ask(false);
  assert.equal(asked.length, 3);
  besides.look({ earlier: { networks: [one], domain: [[0, 0.5], [0, 0.5]], isCurve: false } });
  besides.ask(false);
  assert.equal(asked.length, 4, 'another part of the plane');
  assert.deepEqual(asked[3].wants.borders.domain, [[0, 0.5], [0, 0.5]]);
  besides.look({ beside: { networks: [two], domain, pixels: { columns: 30, rows: 20 }, of: null, isCurve: false } });
  besides.ask(false);
  assert.deepEqual(asked[4].wants.surface, { columns: 30, rows: 20, domain: [[1 / 60, 1 - 1 / 60], [1 / 40, 1 - 1 / 40]] });
});

test('the legend of creases says which layers look alike, and of too many regions that they are', () => {
  assert.deepEqual([1, 2, 3, 4].map((layer) => layersText(layer, 6)), ['layers 1, 5', 'layers 2, 6', 'layer 3', 'layer 4']);
  assert.equal(layersText(2, 2), 'layer 2');
  assert.equal(regionsText(1, false), '1 linear region in sight');
  assert.equal(regionsText(7, true), '7 straight pieces in sight');
  assert.equal(regionsText(Infinity, false), 'more than 2,000 linear regions in sight');
  assert.equal(regionsText(NaN, false), '');
});
