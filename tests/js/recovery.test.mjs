import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { replayingInWords } from '../../static/stage/controls/connection_notice.js';
import { newsInWords } from '../../static/stage/controls/notices.js';
import { Player } from '../../static/stage/player/player.js';

const INFO = { steps_per_epoch: 10, layers: [] };
const VIEW = { id: 1, layer: 0, projection: 'units', units: [0, 1] };
const RUN = '11111111aaaaaaaa-1';
const RESTARTED = '22222222bbbbbbbb-1';

let asked;
let player;
let seq;

const frame = (number) => ({ counters: Uint32Array.of(number, number, 0, 10 * number, 1), measures: new Float64Array(5) });

function hear(kind, run, numbers, extra = {}) {
  const header = {
    seq: ++seq, kind, run, settings: 1, reply: asked.at(-1)?.id ?? 0, view: VIEW, last_frame: numbers.at(-1) ?? 1e9,
    stopped: null, info: INFO, recipe: 'told', replaying: null, ...extra,
  };
  player.connection.receive({ header, statics: {}, frames: numbers.map(frame) }, 0);
}

/** Play up to frame 5. */
beforeEach(() => {
  asked = [];
  seq = 0;
  player = new Player({ send: (request) => asked.push(request) });
  hear('sync', RUN, [0]);
  player.play(0);
  hear('frames', RUN, [1, 2, 3, 4, 5]);
  while (player.timeline.shown < 5) player.tick(0);
});

test('a run that another server does not know is asked for, and stays on screen meanwhile', () => {
  seq = 0; // that server counts anew
  hear('sync', RESTARTED, [0], { reply: 0 });
  assert.deepEqual([player.state.id, player.timeline.shown], [RUN, 5]);
  const { kind, recipe, steps } = asked.at(-1);
  assert.deepEqual([kind, recipe, steps], ['recover', 'told', 50]);
  const before = asked.length;
  player.tick(1);
  assert.equal(asked.length, before, 'nothing else is asked meanwhile');
  hear('frames', RESTARTED, [], { replaying: [2, 5] });
  assert.deepEqual([asked.length, asked.at(-1).kind], [before + 1, 'recover']);
  assert.equal(replayingInWords(player.connection.recovery.progress), 'Replaying the run: 2 of 5 epochs');
  hear('sync', RESTARTED, [5], { recovered: true });
  assert.deepEqual([player.state.id, player.timeline.shown, player.playing], [RESTARTED, 5, true]);
  const { message, advice } = newsInWords(player.connection.news);
  assert.equal(`${message} ${advice}`, 'The server was restarted. Your run went on from epoch 5.');
  assert.equal(asked.at(-1).kind, 'frames');
});

test('a visit that the server has forgotten is told apart from a server that was restarted', () => {
  hear('sync', '11111111cccccccc-1', [0], { reply: 0 });
  hear('sync', '11111111cccccccc-2', [5], { recovered: true });
  assert.equal(newsInWords(player.connection.news).message, 'The server had ended this visit.');
});

test('a run that cannot be had back is said to be lost, and another one is there', () => {
  hear('sync', RESTARTED, [0], { reply: 0 });
  hear('sync', RESTARTED, [0], { lost: 'The run can’t be brought back: its changes are damaged.' });
  assert.deepEqual([player.state.id, player.timeline.shown], [RESTARTED, 0]);
  assert.equal(newsInWords(player.connection.news).message, 'The run can’t be brought back: its changes are damaged.');
});

test('another run of the same visit is a new run, and a run whose recipe is not known makes way', () => {
  hear('sync', RUN.replace('-1', '-2'), [0]);
  assert.equal(player.state.id, RUN.replace('-1', '-2'));
  hear('sync', RUN, [3], { recipe: '' });
  hear('sync', RESTARTED, [0], { reply: 0 });
  assert.equal(player.state.id, RESTARTED);
});

test('a run that a link tells of is asked for until it is there', () => {
  player = new Player({ send: (request) => asked.push(request) });
  hear('sync', RESTARTED, [0], { replaying: [0, 9] });
  assert.equal(asked.at(-1).kind, 'follow');
  const before = asked.length;
  hear('frames', RESTARTED, [], { replaying: [4, 9] });
  assert.deepEqual([asked.length, asked.at(-1).kind], [before + 1, 'follow']);
  hear('sync', RESTARTED.replace('-1', '-2'), [9], { recovered: false });
  assert.deepEqual([player.timeline.shown, player.playing, player.connection.isReplaying], [9, false, false]);
});

test('a run without a recipe goes on from where it stood when the server told that last', () => {
  hear('frames', RUN, [], { recipe: '', hold: { stand: 'n1' }, texts: { n1: 'here it stands' } });
  hear('sync', RESTARTED, [0], { reply: 0 });
  const { kind, steps, recipe, stand } = asked.at(-1);
  assert.deepEqual([kind, steps, recipe, stand], ['recover', 50, '', 'here it stands']);
  hear('sync', RESTARTED, [1], { recovered: true, fresh_optimizer: true });
  assert.match(newsInWords(player.connection.news).advice, /with a fresh optimiser/);
});

test('texts are held while the server wants them held, and are told to another server once', () => {
  hear('frames', RUN, [], { hold: { beside: 'n1', points: 'n2' }, texts: { n1: 'branches', n2: 'a table' } });
  hear('frames', RUN, [], { hold: { beside: 'n3', points: 'n2' }, texts: { n3: 'more branches' } });
  player.step('epoch', 0);
  assert.deepEqual(asked.at(-1).holds, ['n3', 'n2']);
  hear('frames', RUN, [], { hold: { points: 'n2', beside: 'n4' } }); // whose text got lost
  player.step('epoch', 0);
  assert.deepEqual(asked.at(-1).holds, ['n2']);
  hear('sync', RESTARTED, [0], { reply: 0, hold: {} });
  assert.deepEqual([asked.at(-1).points, asked.at(-1).beside], ['a table', undefined]);
  hear('frames', RESTARTED, [], { replaying: [2, 5], hold: {} });
  const { recipe, steps, again, points } = asked.at(-1);
  assert.deepEqual([recipe, steps, again, points], ['told', 50, true, undefined]);
  hear('sync', '33333333cccccccc-1', [0], { reply: 0, hold: {} }); // that server was restarted, too
  assert.equal(asked.at(-1).points, 'a table');
});
