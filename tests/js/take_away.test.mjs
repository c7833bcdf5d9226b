import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ticksOf } from '../../static/plot/own_ticks.js';
import { Player } from '../../static/stage/player/player.js';
import { Recorded } from '../../static/stage/recorded.js';
import { fileName, framesAt, gapIn, measureOf, numberOf, usualSize, wrongLength, wrongSide, wrongSpan } from '../../static/take_away/choices.js';
import { probedAmong } from '../../static/take_away/film/probed.js';
import { inkOf } from '../../static/take_away/film/recorder.js';

// -- what is accepted

test('numbers are read as people write them', () => {
  assert.deepEqual(['12', ' 1,280 ', '2.5', '2,5', '1 280'].map(numberOf), [12, 1280, 2.5, 2.5, 1280]);
  for (const text of ['', 'wide', '-3', '1e3', '12px']) assert.ok(Number.isNaN(numberOf(text)), text);
});

test('what is wrong with a size, a length or a span is a sentence', () => {
  assert.equal(wrongSide('width', '800', { isEven: true }), '');
  assert.equal(wrongSide('width', '801', { isEven: false }), '');
  assert.equal(wrongSide('width', '801', { isEven: true }), 'The width must be an even number of pixels from 160 to 3840; got 801.');
  assert.equal(wrongSide('height', '', { isEven: false }), 'The height must be a whole number of pixels from 120 to 2160; got nothing.');
  assert.match(wrongSide('height', '99999', { isEven: false }), /; got 99999\.$/);
  assert.equal(wrongLength('10'), '');
  assert.equal(wrongLength('0'), 'The length must be 1 to 60 seconds; got 0.');
  assert.deepEqual(wrongSpan('0', '40', 40), { from: '', to: '' });
  assert.match(wrongSpan('40', '40', 40).from, /before 40; got 40/);
  assert.match(wrongSpan('10', '10', 40).to, /after the first and at most 40, .*; got 10/);
  assert.match(wrongSpan('0', '41', 40).to, /got 41/);
});

test('a video shows the frames nearest to even steps between its epochs', () => {
  const history = { frame: [0, 1, 2, 3, 4, 5], epoch: [0, 1, 2, 3, 4, 10] };
  assert.deepEqual(framesAt(history, 0, 4, 5), [0, 1, 2, 3, 4]);
  assert.deepEqual(framesAt(history, 1, 2, 5), [1, 1, 2, 2, 2]);
  assert.deepEqual(framesAt(history, 0, 10, 6), [0, 2, 4, 4, 5, 5]);
});

test('a video that lacks the frames of many epochs says so', () => {
  const history = { frame: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], epoch: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90] };
  assert.equal(gapIn(history, [0, 3, 6, 9], [0, 3, 6, 9]), null);
  assert.equal(gapIn(history, [0, 3, 6, 9], [0, 4, 6, 9]), null); // a neighbour in its place
  assert.deepEqual(gapIn(history, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 0, 0, 0, 0, 9, 9, 9, 9, 9]), [0, 90]);
  assert.deepEqual(gapIn(history, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 1, 1, 6, 6, 6, 7, 8, 9]), [10, 60]);
  assert.equal(gapIn(history, [4], [5]), null);
});

test('a picture is laid out in its own shape, and never so small that nothing can be read', () => {
  const large = measureOf(2240, 1260, true);
  assert.deepEqual([large.width, large.height, large.ratio], [1120, 630, 2]);
  assert.equal(measureOf(320, 180, true).ratio, 0.6);
  const { width, height, ratio } = measureOf(1080, 1920, true);
  assert.ok(Math.abs(width * ratio - 1080) < 1e-9 && Math.abs(height * ratio - 1920) < 1e-9);
});

test('a panel has a shape and a file of its own', () => {
  for (const format of ['mp4', 'gif', 'png', 'svg']) {
    for (const what of ['', 'boundary']) {
      const [width, height] = usualSize(format, what);
      assert.deepEqual([wrongSide('width', width, { isEven: true }), wrongSide('height', height, { isEven: true })], ['', '']);
      const shape = width / height;
      assert.ok(Math.abs(shape - (what ? 540 / 460 : 16 / 9)) < 1e-3, `${format} ${what}: ${shape}`);
    }
  }
  assert.equal(fileName('nnplay-moons-12', '', 'png'), 'nnplay-moons-12.png');
  assert.equal(fileName('nnplay-moons-12', 'What hidden layer 2 sees', 'svg'), 'nnplay-moons-12-what-hidden-layer-2-sees.svg');
});

test('what can be seen through is said in SVG by a colour and an opacity', () => {
  assert.equal(inkOf('stroke', 'rgba(49, 51, 63, 0.11)'), ' stroke="rgb(49, 51, 63)" stroke-opacity="0.11"');
  assert.equal(inkOf('fill', '#31333f'), ' fill="#31333f"');
});

test('a video knows how well a straight cut does, whichever frames it leaves out', () => {
  const probed = (numbers, every) => numbers.filter((number) => probedAmong(numbers)(number, every));
  assert.deepEqual(probed([0, 1, 2, 3, 4, 5, 6, 7], 3), [0, 3, 6, 7]);
  assert.deepEqual(probed([1, 7, 13, 19, 25], 5), [1, 7, 13, 19, 25]); // no multiple of 5 but the last
  assert.deepEqual(probed([4, 5, 6], 10), [4, 6]);
});

// -- axes of our own

test('an axis has its numbers where Plotly has them', () => {
  const texts = (axis, range) => ticksOf(axis, range).map(({ text }) => text);
  assert.deepEqual(texts({ nticks: 7 }, [-1.2, 1.2]), ['−1', '−0.5', '0', '0.5', '1']);
  assert.deepEqual(texts({ nticks: 5 }, [0, 0.8]), ['0', '0.2', '0.4', '0.6', '0.8']);
  assert.deepEqual(texts({ nticks: 7, tickformat: '.0%' }, [0.5, 1]), ['50%', '60%', '70%', '80%', '90%', '100%']);
  assert.deepEqual(texts({ nticks: 4 }, [0, 4e7]), ['0', '2e+7', '4e+7']);
  assert.deepEqual(texts({ type: 'log', dtick: 1 }, [-3, 1]), ['10⁻³', '10⁻²', '10⁻¹', '1', '10']);
  assert.deepEqual(texts({ type: 'log', dtick: 'D2' }, [-1, 0]), ['0.1', '0.2', '0.5', '1']);
  assert.deepEqual(texts({}, [1, 1]), []);
});

// -- frames that lie here no more

const VIEW = { id: 1, layer: 0, projection: 'units', units: [0, 1] };
const frame = (number) => ({ counters: Uint32Array.of(number, number, 0, number, 1), measures: Float64Array.of(1, NaN, 0, 0, 0.1) });

function stage() {
  const asked = [];
  let seq = 0;
  const player = new Player({ send: (request) => asked.push(request) });
  const say = (kind, numbers, run = 'r1') => player.connection.receive({ header: { seq: ++seq, kind, run, settings: 1, reply: asked.at(-1)?.id ?? 0, view: VIEW, last_frame: 1e9, stopped: null, info: { steps_per_epoch: 1, layers: [] } }, statics: {}, frames: numbers.map(frame) }, 0);
  say('sync', [0]);
  const recorded = new Recorded('playground', /** @type {any} */ (null), player, /** @type {any} */ ({ shown: [], all: [] }));
  return { asked, say, player, recorded };
}

test('frames that lie here no more are asked for at once, spread as they are wanted', async () => {
  const { asked, say, player, recorded } = stage();
  player.timeline.store(frame(1));
  const wanted = recorded.frames([0, 1, 20, 20, 40], { signal: new AbortController().signal });
  const { kind, from, to, n } = asked.at(-1);
  assert.deepEqual({ kind, from, to, n }, { kind: 'replay', from: 19, to: 40, n: 2 });
  say('frames', [20, 39]);
  assert.deepEqual((await wanted).map(({ counters }) => counters[0]), [0, 1, 20, 20, 39]);
  // What is shown, and what lies ready, is as before.
  assert.equal(player.timeline.frames.has(20), false);
  assert.equal(player.timeline.newest, 1);
});

test('the first frame of all comes after none, and is asked for by itself', async () => {
  const { asked, say, player, recorded } = stage();
  say('sync', [9], 'r2');
  player.timeline.frames.clear();
  const wanted = recorded.frames([0, 4], { signal: new AbortController().signal });
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).frame], ['show', 0]);
  say('frames', [0], 'r2');
  await null;
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).from, asked.at(-1).to], ['replay', 3, 4]);
  say('frames', [4], 'r2');
  assert.deepEqual((await wanted).map(({ counters }) => counters[0]), [0, 4]);
});

test('large frames come in several answers', async () => {
  const { asked, say, recorded } = stage();
  const wanted = recorded.frames([10, 20, 30, 40], { signal: new AbortController().signal });
  say('frames', [24, 40]);
  await null;
  assert.equal(asked.at(-1).n, 2);
  say('frames', [10, 20]);
  await null;
  say('frames', [30, 40]);
  assert.deepEqual((await wanted).map(({ counters }) => counters[0]), [10, 20, 30, 40]);
});

test('whoever gives up, gets nothing', async () => {
  const { recorded, player } = stage();
  const cancel = new AbortController();
  const wanted = recorded.frames([7], { signal: cancel.signal });
  cancel.abort();
  await assert.rejects(wanted, { name: 'AbortError' });
  assert.equal(player.connection.pending.recorded, null);
});
