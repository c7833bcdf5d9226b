import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newsInWords } from '../../static/stage/controls/notices.js';
import { Player } from '../../static/stage/player/player.js';
import { goTo, frameToUndo, nextToUndo, undoKey } from '../../static/stage/player/undo.js';
import { Done } from '../../static/stage/commands/take_back.js';
import { isSomethingToLose, noteSeen, seenOf } from '../../static/stage/run/last_seen.js';

const INFO = { steps_per_epoch: 10, layers: [] };
const VIEW = { id: 1, layer: 0, projection: 'units', units: [0, 1] };
const frame = (number) => ({ counters: Uint32Array.of(number, number, 0, 10 * number, 1), measures: Float64Array.of(1, NaN, 0, 0, 0.1) });

let asked;
let player;
let seq;

function send(kind, run, numbers, extra = {}) {
  const header = { seq: ++seq, kind, run, settings: 1, reply: asked.at(-1)?.id ?? 0, view: VIEW, last_frame: 1e9, stopped: null, info: INFO, ...extra };
  player.connection.receive({ header, statics: {}, frames: numbers.map(frame) }, 0);
}

beforeEach(() => {
  asked = [];
  seq = 0;
  player = new Player({ send: (request) => asked.push(request) });
  send('sync', 'first', [0]);
  player.step('epoch', 0);
  send('frames', 'first', [1]);
  noteSeen('playground', { run: 'first', frame: 1, furthest: 4, toLose: true });
});

test('keys that undo and redo, by any keyboard', () => {
  const of = (key, more = {}) => undoKey({ key, ctrlKey: true, ...more });
  assert.deepEqual([of('z'), of('Z', { shiftKey: true }), of('y'), of('Y', { shiftKey: true })], ['undo', 'redo', 'redo', null]);
  assert.equal(undoKey({ key: 'z', metaKey: true }), 'undo');
  assert.equal(of('z', { altKey: true }) ?? of('z', { defaultPrevented: true }) ?? undoKey({ key: 'z' }), null);
});

test('a run that another one takes the place of is told, and undo comes back to the frame that was shown', () => {
  send('sync', 'second', [0], { undo: { run: 'first', why: 'run' } });
  assert.deepEqual(player.connection.news, { what: 'kept', why: 'run', epoch: 1, run: 'second' });
  player.changeRun('undo', 0);
  const { kind, frame: to } = asked.at(-1);
  assert.deepEqual([kind, to], ['undo', 1]);
  player.changeRun('undo', 0); // once is enough
  send('sync', 'third', [1], { last_frame: 9, was: 'first', redo: { run: 'second', why: 'run' } });
  assert.deepEqual([player.timeline.shown, player.timeline.furthest, player.playing], [1, 4, false]);
  assert.equal(player.connection.news.what, 'back');
  assert.equal(asked.filter((request) => request.kind === 'undo').length, 1);
  player.changeRun('undo', 0); // there is none before
  assert.equal(asked.filter((request) => request.kind === 'undo').length, 1);
});

test('a fork and another branch are nothing to be undone', () => {
  send('sync', 'second', [1], { branch: 'B' });
  assert.equal(player.connection.news, null);
  send('sync', 'third', [1], { branch: 'A', undo: { run: 'long ago', why: 'run' } });
  assert.equal(player.connection.news, null);
});

test('the last thing done is undone first, and done again last', () => {
  const way = (which) => nextToUndo(player, which);
  assert.deepEqual([way('undo'), way('redo')], [null, null]);
  send('sync', 'second', [0], { undo: { run: 'first', why: 'run' } });
  assert.equal(way('undo'), 'run');
  player.edit(0, 3, 1, 0);
  send('frames', 'second', [1], { edits: [1], undo: { run: 'first', why: 'run' } });
  assert.equal(way('undo'), 'edit');
  goTo(player, frameToUndo(player), 0);
  assert.deepEqual([way('undo'), way('redo')], ['run', 'edit']);
  player.state.redo = { run: 'later', why: 'run' };
  assert.equal(way('redo'), 'edit');
  player.timeline.undoneTo = null; // the edit was undone before the later run was left
  assert.equal(way('redo'), 'run');
});

test('a place that was gone to is undone as a run, before the edits that it began from and without a word', () => {
  const back = { undo: { run: 'first', why: 'place' } };
  send('sync', 'second', [5], { edits: [3, 5], places: [5], ...back });
  assert.equal(player.connection.news, null);
  assert.deepEqual([nextToUndo(player, 'undo'), frameToUndo(player)], ['run', null]);
  send('sync', 'second', [9], { edits: [3, 5, 8], places: [5], ...back });
  assert.equal(frameToUndo(player), 7); // an edit after it comes first
  send('sync', 'second', [9], { edits: [3, 5], places: [5], undo: { run: 'first', why: 'branch' } });
  assert.equal(nextToUndo(player, 'undo'), 'run'); // a branch was deleted after it
  send('sync', 'second', [9], { edits: [3, 5], places: [5] });
  assert.equal(frameToUndo(player), 4); // the run before is no longer kept
});

test('a key that is pressed while what it goes by is on its way has its turn when the answer is there', () => {
  send('sync', 'second', [0], { undo: { run: 'first', why: 'run' } });
  const runs = () => asked.map(({ kind }) => kind).filter((kind) => kind === 'undo' || kind === 'redo');
  for (const which of /** @type {const} */ (['undo', 'redo', 'undo'])) {
    assert.equal(player.presses.mayDo(which), true);
    player.presses.press(which, 0);
  }
  assert.deepEqual(runs(), ['undo']);
  send('sync', 'third', [1], { was: 'first', redo: { run: 'second', why: 'run' } });
  player.tick(0);
  assert.deepEqual(runs(), ['undo', 'redo']);
  // The server trains that one again before it is there.
  send('frames', 'third', [], { replaying: [1, 9], redo: { run: 'second', why: 'run' } });
  player.tick(0);
  assert.deepEqual(runs(), ['undo', 'redo']);
  send('sync', 'fourth', [0], { was: 'second', undo: { run: 'third', why: 'run' } });
  player.tick(0);
  assert.deepEqual(runs(), ['undo', 'redo', 'undo']);
  send('sync', 'fifth', [1], { was: 'third', redo: { run: 'fourth', why: 'run' } });
  player.tick(0);
  assert.deepEqual([runs().length, player.presses.mayDo('undo')], [3, false]);
});

test('an edit of which the answer is on its way is undone when it is there, by the diagram’s button nothing else', () => {
  send('sync', 'second', [3], { undo: { run: 'first', why: 'run' } });
  player.edit(3, 3, 1, 0);
  player.presses.press('undo', 0);
  assert.equal(asked.at(-1).kind, 'edit');
  send('frames', 'second', [4], { edits: [4], before_edits: [0], undo: { run: 'first', why: 'run' } });
  player.tick(0);
  assert.deepEqual([player.timeline.shown, asked.at(-1).kind], [3, 'rest']);
  assert.deepEqual([player.state.eventsAt(3), player.state.eventsAt(4)], [0, undefined]);
  send('frames', 'second', [], { edits: [4], before_edits: [0], undo: { run: 'first', why: 'run' } });
  player.presses.press('undo', 0, 'edit');
  assert.equal(asked.at(-1).kind, 'rest');
  player.presses.press('undo', 0);
  assert.equal(asked.at(-1).kind, 'undo');
});

test('what is told is whole sentences', () => {
  for (const [what, why] of [['kept', 'run'], ['kept', 'branch'], ['kept', 'data'], ['back', 'undo'], ['back', 'redo']]) {
    const { message, advice } = newsInWords({ what, why, epoch: 1240 });
    assert.match(message, /^[A-Z].*\.$/);
    assert.match(advice, /^$|^[A-Z].*\.$/);
  }
  assert.equal(newsInWords({ what: 'kept', why: 'run', epoch: 1240 }).message, 'The previous run is kept at epoch 1,240.');
});

test('a reload loses what was trained on any page', () => {
  assert.equal(isSomethingToLose(), true);
  noteSeen('digits', { run: 'other', frame: 0, furthest: 0, toLose: false });
  assert.equal(isSomethingToLose(), true);
  noteSeen('playground', { run: 'fresh', frame: 0, furthest: 0, toLose: false });
  assert.equal(isSomethingToLose(), false);
  assert.deepEqual([seenOf('first').furthest, seenOf('nobody')], [4, null]);
});

test('what is on its way when one takes back is waited for, and no longer than it takes', () => {
  const done = new Done();
  done.note({ run: 'r-1', trail: [[3, 'a=1']] });
  done.touch(1000);
  assert.equal(done.isComing(1100), true);
  done.note({ run: 'r-1', trail: [[3, 'a=1']] }); // a message that was under way says nothing of it
  assert.equal(done.isComing(1100), true);
  done.note({ run: 'r-2', trail: [[3, 'a=1'], [4, 'a=2']] });
  assert.equal(done.isComing(1100), false);
  done.touch(2000); // it led to nothing
  assert.equal(done.isComing(3600), false);
});
