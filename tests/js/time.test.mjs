import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { framesToAsk } from '../../static/stage/connection/prefetch.js';
import { branchText, shortBranchText } from '../../static/stage/controls/branch_bar.js';
import { otherBranches } from '../../static/stage/panels/curves/branch_curves.js';
import { Player } from '../../static/stage/player/player.js';
import { FrameBuffer } from '../../static/stage/run/frame_buffer.js';
import { History } from '../../static/stage/run/history.js';

const INFO = { steps_per_epoch: 10, layers: [] };
const VIEW = { id: 1, layer: 0, projection: 'units', units: [0, 1] };

/** A picture in each frame, of so many bytes. */
let pictureBytes = 8;

const frame = (number, bytes = pictureBytes) => ({
  counters: Uint32Array.of(number, number, 0, 10 * number, 1),
  measures: Float64Array.of(1 / (1 + number), NaN, 0, 0, 0.1),
  picture: new Uint8Array(bytes),
});
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** A server that has a run of `last` frames, of which it kept those in `kept`. */
let asked;
let player;
let seq;
let run;

function send(kind, numbers, extra = {}, now = 0) {
  const header = { seq: ++seq, kind, run, settings: 1, reply: asked.at(-1)?.id ?? 0, view: VIEW, last_frame: 1e9, stopped: null, info: INFO, more_branches: true, ...extra };
  player.connection.receive({ header, statics: {}, frames: numbers.map((n) => frame(n)) }, now);
}

beforeEach(() => {
  asked = [];
  seq = 0;
  pictureBytes = 8;
  run = 'r1';
  player = new Player({ send: (request) => asked.push(request) });
  send('sync', [0]);
});

// --- the buffer ---

test('the buffer finds the nearest frame and what follows, whatever was put in', () => {
  const buffer = new FrameBuffer();
  const put = [0, 1, 2, 40, 41, 200, 100, 7];
  for (const number of put) buffer.put(frame(number), 0);
  for (let number = 0; number < 260; number++) {
    const expected = Math.min(...put.map((each) => Math.abs(each - number)));
    assert.equal(Math.abs(buffer.nearest(number) - number), expected);
    assert.equal(buffer.after(number), put.includes(number + 1) ? number + 1 : null);
  }
  assert.equal(buffer.nearest(150, 99), 41);
  assert.equal(buffer.nearest(150, -1), null);
  assert.equal(new FrameBuffer().nearest(3), null);
});

test('a gap is played over only where the server said that nothing lies between', () => {
  const buffer = new FrameBuffer();
  for (const number of [0, 1, 9]) buffer.put(frame(number), 0);
  assert.equal(buffer.after(1), null);
  buffer.put(frame(9), 0, 1);
  assert.equal(buffer.after(1), 9);
  buffer.put(frame(9), 0); // drawn anew, by itself
  assert.equal(buffer.after(1), 9);
  buffer.put(frame(5), 0);
  assert.equal(buffer.after(1), null);
});

const network = (number, parameters) => ({ ...frame(number), parameters: new Float32Array(parameters).fill(number) });

test('a full buffer is thinned out evenly: everything near the frame on screen stays, and of the past some of each time', () => {
  const buffer = new FrameBuffer();
  for (let number = 0; number < 4000; number++) buffer.put(network(number, 10000), number);
  assert.ok(buffer.size * 40000 <= 32e6, `${buffer.size} frames of 40 kB`);
  assert.deepEqual(range(3900, 3999).filter((number) => !buffer.has(number)), []);
  const gaps = range(0, 3999).map((number) => Math.abs(buffer.nearest(number) - number));
  assert.ok(Math.max(...gaps) <= 16, `${Math.max(...gaps)} frames from the nearest`);
  for (let number = 10; number < 60; number++) buffer.put(network(number, 10000), 10);
  assert.deepEqual(range(10, 59).filter((number) => !buffer.has(number)), []);
});

test('ten thousand frames of a small network are all kept', () => {
  const buffer = new FrameBuffer();
  for (let number = 0; number < 10000; number++) buffer.put(network(number, 105), number);
  assert.equal(buffer.size, 10000);
});

test('a frame is kept without its message, and one that comes again is known by its parameters', () => {
  const buffer = new FrameBuffer();
  const message = new Float32Array(1000);
  buffer.put({ ...frame(1), parameters: message.subarray(10, 20) }, 0);
  const { parameters } = buffer.get(1);
  assert.equal(parameters.buffer.byteLength, 40);
  buffer.put({ ...frame(1), parameters: new Float32Array(10), confusion: new Uint32Array(4) }, 0);
  assert.equal(buffer.get(1).parameters, parameters);
  assert.ok(buffer.get(1).confusion);
  buffer.put({ ...frame(1), parameters: new Float32Array(10).fill(1) }, 0);
  assert.notEqual(buffer.get(1).parameters, parameters);
});

// --- the curve ---

test('the curve of a long run stays small, keeps its ends, and says when it changed', () => {
  const history = new History();
  for (let number = 0; number < 50000; number++) history.record(number, number, 1 / (1 + number), NaN);
  assert.ok(history.length <= 8192);
  assert.equal(history.frame[0], 0);
  assert.equal(history.frame[history.length - 1], 49999);
  for (let i = 0; i < history.length; i++) assert.equal(history.train[i], 1 / (1 + history.frame[i]));
  const { version } = history;
  history.record(history.frame[5], history.epoch[5], history.train[5], NaN);
  history.truncateAfter(60000);
  assert.equal(history.version, version);
  history.truncateAfter(100);
  assert.notEqual(history.version, version);
});

// --- playing what was recorded ---

/** Play until frame `last` is shown, as a server answers that kept every tenth frame before `recent`. */
function playWith(last, recent, isKept) {
  let answered = asked.at(-1)?.id ?? 0;
  player.play(0);
  for (let k = 0; k < 5000 && player.timeline.shown < last; k++) {
    player.tick(k);
    const { id, kind, from, n } = asked.at(-1);
    if (id === answered) continue;
    answered = id;
    if (kind === 'frames') send('frames', range(from + 1, from + n), { last_frame: from + n }, k);
    else if (kind === 'replay') send('frames', range(from + 1, recent).filter(isKept).slice(0, n), { last_frame: recent }, k);
  }
}

test('Play from long ago plays what was recorded, then trains on; nothing is trained again', () => {
  pictureBytes = 100_000;
  playWith(2500, 2500, () => true);
  player.pause(0);
  const end = player.timeline.newest;
  const kept = (number) => number % 10 === 0 || number > end - 50;
  player.scrub(20, 0);
  const { id } = asked.at(-1);
  send('frames', [20], { reply: id, last_frame: end });
  assert.equal(player.timeline.shown, 20);
  asked.length = 0;
  const seen = [];
  const { show } = player.timeline;
  player.timeline.show = function (number) {
    seen.push(number);
    show.call(this, number);
  };
  playWith(end + 3, end, kept);
  assert.ok(seen.length > 100);
  assert.ok(seen.every((number) => number > end || kept(number) || player.timeline.frames.has(number)));
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
  assert.deepEqual(asked.filter(({ kind, from }) => kind === 'frames' && from < end), []);
  assert.ok(asked.some(({ kind }) => kind === 'replay'));
});

test('another speed leaves the past as it is', () => {
  playWith(30, 0);
  player.pause(0);
  player.scrub(5, 0);
  player.setSpeed({ unit: 'epoch', amount: 10 }, 0);
  assert.equal(player.timeline.furthest, 30);
  assert.equal(player.timeline.newest, 30);
});

test('no more frames are asked for ahead than training can be taken up at', () => {
  const pace = { quickest: 40, slowest: 40 };
  assert.equal(framesToAsk(0, pace, 5), 5);
  assert.equal(framesToAsk(3, pace, 5), 2);
  assert.equal(framesToAsk(5, pace, 5), 0);
  assert.ok(framesToAsk(0, pace) > 5);
});

// --- branches ---

const branches = (...names) => ({ branches: names.map((name) => ({ name, label: '' })), more_branches: names.length < 6 });

test('Fork stops playing, names the frame, and what comes back is the new branch', () => {
  send('frames', [], branches('A'));
  playWith(12, 0);
  player.fork(100);
  assert.equal(player.playing, false);
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).frame, asked.at(-1).furthest], ['fork', 12, 12]);
  run = 'r2';
  send('sync', [12], { ...branches('A', 'B'), branch: 'B', last_frame: 12 });
  assert.deepEqual([player.state.branch, player.timeline.shown, player.playing], ['B', 12, false]);
  player.chooseBranch('B', 0);
  assert.equal(asked.at(-1).kind, 'fork'); // it is on the stage already
  player.chooseBranch('A', 0);
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).name, asked.at(-1).run], ['branch', 'A', 'r2']);
  run = 'r3';
  send('sync', [40], { ...branches('A', 'B'), branch: 'A', last_frame: 40 });
  assert.deepEqual([player.state.branch, player.timeline.shown, player.playing], ['A', 40, false]);
  player.deleteBranch('A', 0);
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).name], ['delete_branch', 'A']);
});

test('in the list a branch is named in few words, the values among them', () => {
  const branch = { name: 'B', label: 'learning rate 0.1, batch size 7' };
  assert.equal(shortBranchText(branch), 'B · rate 0.1, batch 7');
  assert.equal(branchText(branch), 'B · learning rate 0.1, batch size 7');
});

test('with as many branches as there may be, Fork asks for nothing', () => {
  send('frames', [], branches('A', 'B', 'C', 'D', 'E', 'F'));
  player.fork(0);
  assert.equal(asked.length, 0);
});

test('a fork whose answer is lost is asked for again', () => {
  send('frames', [], branches('A'));
  player.fork(0);
  const first = asked.at(-1);
  player.tick(60000);
  assert.equal(asked.at(-1).kind, 'fork');
  assert.ok(asked.at(-1).id > first.id);
});

test('other data are carried over to the frame on screen, asked for once, and playing goes on', () => {
  playWith(7, 0);
  const { shown } = player.timeline;
  send('frames', [], { carry_over: true, settings: 2 });
  player.tick(0);
  send('frames', [], { carry_over: true, settings: 2, reply: 0 });
  const carried = asked.filter(({ kind }) => kind === 'carry_over');
  assert.deepEqual(carried.map(({ frame: number }) => number), [shown]);
  run = 'r2';
  send('sync', [shown], { settings: 2 });
  assert.deepEqual([player.playing, player.timeline.shown], [true, shown]);
});

test('each other branch has a curve of the losses, and one of the scores', () => {
  const statics = { inputs: [], branch_A_epoch: [0, 1, 2] };
  for (const part of ['train', 'test']) {
    statics[`branch_A_${part}_loss`] = part === 'train' ? [3, 2, 1] : [4, 3, 2];
    statics[`branch_A_${part}_score`] = part === 'train' ? [0.5, 0.7, 0.9] : [0.4, 0.6, 0.8];
  }
  const curves = (measure) => otherBranches(statics, measure).map(({ name, curves: both, end }) => [name, both.map(({ y }) => y), end]);
  assert.deepEqual(curves('loss'), [['A', [[3, 2, 1], [4, 3, 2]], 2]]);
  assert.deepEqual(curves('score'), [['A', [[0.5, 0.7, 0.9], [0.4, 0.6, 0.8]], 2]]);
});
