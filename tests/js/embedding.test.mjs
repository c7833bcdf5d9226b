import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Embedding, originAround, pageAround } from '../../static/stage/page/embedding.js';
import { Player } from '../../static/stage/player/player.js';

const INFO = { steps_per_epoch: 10, layers: [] };
const signal = new AbortController().signal;
let asked, answered, embedding, goal, heard, player, say, seq, time;

const frame = (number) => ({
  counters: Uint32Array.of(number, number, 0, 10 * number, 1),
  measures: Float64Array.of(1 / (1 + number), NaN, 0, 0, 0.1),
});

function send(kind, first, last) {
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const header = { seq: ++seq, kind, run: 'A', settings: 1, reply: asked.at(-1)?.id ?? 0, view: { id: 1, layer: 0, projection: 'units', units: [0, 1] }, last_frame: last, stopped: null, info: INFO };
  player.connection.receive({ header, statics: {}, frames: numbers.map(frame) }, time);
}

/** So many display ticks, with an answer to each request. */
function go(ticks, isReady = true) {
  for (let i = 0; i < ticks; i++) {
    time += 17;
    player.tick(time);
    for (; answered < asked.length; answered++) {
      const { kind, from, n, frame: number } = asked[answered];
      if (kind === 'frames') send('frames', from + 1, from + n);
      else send('frames', number, number);
    }
    embedding.update(time, isReady);
  }
}

const types = () => heard.map(({ type }) => type);

beforeEach(() => {
  asked = [];
  heard = [];
  seq = time = answered = 0;
  goal = null;
  player = new Player({ send: (request) => asked.push(request) });
  const around = { post: (message) => heard.push(structuredClone(message)), listen: (hear) => (say = hear) };
  embedding = new Embedding({ player, page: 'playground', goal: () => goal, signal, now: () => time }, around);
  send('sync', 0, 0);
});

test('ready is said once there is a picture, then how the run stands, and nothing more while nothing changes', () => {
  go(5, false);
  assert.deepEqual(heard, []);
  go(60);
  assert.deepEqual(heard[0], { type: 'nnplay:ready', version: 1, page: 'playground' });
  assert.deepEqual(heard[1], { type: 'nnplay:state', run: 'A', epoch: 0, step: 0, furthest: 0, train_loss: 1, test_loss: null, playing: false, ended: false });
  assert.equal(heard.length, 2);
});

test('while a run plays it is told four times a second, and at once when it begins and ends', () => {
  go(1);
  say({ type: 'nnplay:play' });
  go(60); // a second
  const told = heard.length;
  assert.ok(told >= 6 && told <= 7, String(told));
  assert.equal(heard[2].playing, true);
  say({ type: 'nnplay:pause' });
  go(1);
  assert.equal(heard.at(-1).playing, false);
  assert.equal(heard.at(-1).epoch, player.timeline.shown);
});

test('going to an epoch goes back to it, or plays on and stops there', () => {
  go(1);
  say({ type: 'nnplay:go_to', epoch: 12 });
  go(60);
  assert.deepEqual([player.playing, player.timeline.shown], [false, 12]);
  say({ type: 'nnplay:go_to', epoch: 5.5 });
  go(60);
  assert.deepEqual([player.playing, player.timeline.shown, heard.at(-1).epoch, heard.at(-1).furthest], [false, 5, 5, 12]);
  say({ type: 'nnplay:go_to', epoch: 20 });
  go(3);
  say({ type: 'nnplay:play' }); // another wish: it goes on beyond
  go(60);
  assert.ok(player.playing && player.timeline.shown > 30);
});

test('with frames that are epochs apart it stops at the last one before', () => {
  go(1);
  say({ type: 'nnplay:go_to', epoch: 3 });
  go(30);
  player.timeline.history.epoch.forEach((_, i, epochs) => (epochs[i] = 10 * i)); // as with ten epochs a frame
  say({ type: 'nnplay:go_to', epoch: 19 });
  go(3);
  assert.equal(player.timeline.shown, 1);
});

test('what is malformed changes nothing', () => {
  go(1);
  for (const data of [null, 7, 'nnplay:play', [], {}, { type: 7 }, { type: 'play' }, { type: 'nnplay:reset' }, { type: 'nnplay:go_to' }, { type: 'nnplay:go_to', epoch: '3' }, { type: 'nnplay:go_to', epoch: NaN }, { type: 'nnplay:go_to', epoch: -1 }, { type: 'nnplay:go_to', epoch: Infinity }, { type: ['nnplay:play'] }, { type: '__proto__' }]) say(data);
  go(30);
  assert.deepEqual([player.playing, player.timeline.shown, asked.length, heard.length], [false, 0, 0, 2]);
});

test('whoever asks late is told that it is ready, and how it stands', () => {
  go(20);
  say({ type: 'nnplay:hello' });
  go(1);
  assert.deepEqual(types(), ['nnplay:ready', 'nnplay:state', 'nnplay:ready', 'nnplay:state']);
});

test('a goal is told once for each run', () => {
  go(1);
  goal = { of: 'assignment', title: 'XOR', epoch: 3 };
  go(5);
  assert.deepEqual(heard.at(-1), { type: 'nnplay:goal', ...goal });
  assert.equal(types().filter((type) => type === 'nnplay:goal').length, 1);
});

test('the page around is called as the browser says, and is heard alone', () => {
  assert.equal(originAround('https://school.example', ''), 'https://school.example');
  assert.equal(originAround('', 'https://school.example/course?week=1'), 'https://school.example');
  assert.deepEqual([originAround('null', ''), originAround('', ''), originAround('file://', '')], ['', '', '']);
  const posted = [];
  const taken = [];
  let take;
  const parent = { postMessage: (...said) => posted.push(said) };
  const here = { parent, location: { ancestorOrigins: ['https://school.example'] }, document: { referrer: '' }, addEventListener: (_, listener) => (take = listener) };
  const around = pageAround(here);
  around.post({ type: 'x' });
  around.listen((data) => taken.push(data), signal);
  take({ source: parent, origin: 'https://school.example', data: 1 });
  take({ source: parent, origin: 'https://other.example', data: 2 });
  take({ source: {}, origin: 'https://school.example', data: 3 });
  assert.deepEqual([posted, taken], [[[{ type: 'x' }, 'https://school.example']], [1]]);
  const alone = { parent: null };
  alone.parent = alone;
  assert.equal(pageAround(alone), null);
});
