import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Player } from '../../static/stage/player/player.js';
import { frameToRedo, frameToUndo, goTo } from '../../static/stage/player/undo.js';

const INFO = { steps_per_epoch: 10, layers: [] };
const MINUTE = 60000;

let asked;
let player;
let seq;
let view;
let run;
let settings;

/** A picture in each frame, of so many bytes. */
let pictureBytes;

const frame = (number, viewNumber = view.id) => ({
  counters: Uint32Array.of(number, number, 0, 10 * number, viewNumber),
  measures: Float64Array.of(1 / (1 + number), NaN, 0, 0, 0.1),
  picture: new Uint8Array(pictureBytes),
});
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

function send(kind, numbers, extra = {}, now = 0) {
  const header = {
    seq: ++seq, kind, run, settings, reply: asked.at(-1)?.id ?? 0, view,
    last_frame: numbers.at(-1) ?? 1e9, stopped: null, info: INFO, ...extra,
  };
  player.connection.receive({ header, statics: {}, frames: numbers.map((n) => frame(n)) }, now);
}

const answer = (first, last, extra, now) => send('frames', range(first, last), extra, now);
const shown = () => player.timeline.shown;

/** Play until frame `last` is shown, answering every request in full. */
function playTo(last) {
  player.play(0);
  while (shown() < last) {
    const before = asked.length;
    player.tick(0);
    if (asked.length > before || (asked.at(-1) && player.timeline.lead === 0)) {
      const { from, n } = asked.at(-1);
      if (player.timeline.newest === from) answer(from + 1, from + n);
    }
  }
}

beforeEach(() => {
  pictureBytes = 0;
  asked = [];
  seq = 0;
  run = 'A';
  settings = 1;
  view = { id: 1, layer: 0, projection: 'units', units: [0, 1] };
  player = new Player({ send: (request) => asked.push(request) });
  send('sync', [0]);
});

test('a sync shows its frame and asks for nothing', () => {
  assert.equal(shown(), 0);
  assert.equal(asked.length, 0);
  assert.equal(player.timeline.history.length, 1);
});

test('play asks for few frames first, then for more and more, up to a lead of 80', () => {
  player.play(0);
  assert.deepEqual(asked[0], { id: 1, run: 'A', controls: 0, kind: 'frames', from: 0, unit: 'epoch', amount: 1, n: 3 });
  answer(1, 3);
  assert.equal(asked[1].from, 3);
  assert.equal(asked[1].n, 32);
  answer(4, 10);
  assert.equal(asked[2].n, 64);
  answer(11, 15);
  assert.equal(asked[3].n, 65);
  answer(16, 80);
  assert.equal(asked.length, 4);
});

test('a tick advances by one frame; more are asked for below the low-water mark only', () => {
  player.play(0);
  answer(1, 3);
  answer(4, 44);
  player.tick(0);
  assert.equal(shown(), 1);
  for (let k = 0; k < 27; k++) player.tick(0);
  assert.equal(shown(), 28);
  assert.equal(asked.length, 2);
  player.tick(0);
  assert.equal(asked.length, 3);
  assert.equal(asked[2].n, 64);
  player.tick(0);
  assert.equal(asked.length, 3, 'one request at a time');
});

test('slow answers are asked for earlier', () => {
  player.play(0);
  answer(1, 3, {}, 400);
  answer(4, 6, {}, 800);
  assert.equal(asked[2].n, 64);
  answer(7, 30, {}, 1200);
  assert.equal(asked[3].n, 66, 'the mark is at 32 frames, a third more than 400 ms, and 30 lie ready');
});

test('where all answers are slow, the first ones after a change have frames enough until the next are there', () => {
  player.play(0);
  for (let now = 0; asked.length < 12; now += 200) {
    const { from, n } = asked.at(-1);
    answer(from + 1, from + n, {}, now + 200);
    while (asked.at(-1).from === from) player.tick(now + 200);
  }
  settings = 2;
  send('frames', [], {}, 3000);
  assert.equal(asked.at(-1).from, shown());
  assert.equal(asked.at(-1).n, 18, '200 ms are 12 frames');
  answer(shown() + 1, shown() + 18, {}, 3200);
  assert.equal(asked.at(-1).n, 36);
});

test('pause holds the frame on screen', () => {
  playTo(5);
  player.pause(0);
  player.tick(0);
  assert.equal(shown(), 5);
  assert.equal(player.playing, false);
});

test('a setting that changed drops what was prefetched and asks at once from the frame on screen', () => {
  playTo(5);
  settings = 2;
  const before = asked.length;
  send('frames', []);
  assert.equal(player.timeline.newest, 5);
  assert.equal(asked.length, before + 1);
  assert.equal(asked.at(-1).from, 5);
  assert.equal(asked.at(-1).n, 3);
});

test('a late answer to what was asked before the change is ignored', () => {
  player.play(0);
  answer(1, 3);
  player.tick(0);
  const old = asked.at(-1).id;
  settings = 2;
  send('frames', [], { reply: old - 1 });
  send('frames', range(2, 4), { reply: old });
  assert.equal(player.timeline.newest, 1, 'same numbers, but trained under the old setting');
  answer(2, 4);
  assert.equal(player.timeline.newest, 4);
});

test('an answer under the new setting that does not join on is ignored', () => {
  player.play(0);
  answer(1, 3);
  settings = 2;
  answer(4, 6);
  assert.equal(player.timeline.newest, 0);
});

test('a setting that changed while paused asks for nothing', () => {
  settings = 2;
  send('frames', []);
  assert.equal(asked.length, 0);
});

test('a change of speed drops what comes after the frame on screen', () => {
  playTo(4);
  player.setSpeed({ unit: 'epoch', amount: 10 }, 0);
  assert.equal(player.timeline.newest, 4);
  assert.equal(player.timeline.history.length, 5);
  assert.deepEqual([asked.at(-1).from, asked.at(-1).amount, asked.at(-1).n], [4, 10, 3]);
});

test('step pauses, drops, asks for one and shows it on arrival', () => {
  playTo(4);
  player.step('step', 0);
  assert.equal(player.playing, false);
  const { kind, from, unit, amount, n } = asked.at(-1);
  assert.deepEqual({ kind, from, unit, amount, n }, { kind: 'frames', from: 4, unit: 'step', amount: 1, n: 1 });
  answer(5, 5);
  assert.equal(shown(), 5);
  player.step('epoch', 0);
  assert.equal(asked.at(-1).unit, 'epoch');
});

test('steps clicked in haste queue up', () => {
  player.step('step', 0);
  player.step('step', 0);
  assert.equal(asked.length, 1);
  answer(1, 1);
  assert.equal(asked.length, 2);
  assert.equal(asked[1].from, 1);
  answer(2, 2);
  assert.equal(shown(), 2);
  assert.equal(asked.length, 2);
});

test('the timeline ends at the furthest frame shown, not at the prefetched ones', () => {
  playTo(5);
  assert.equal(player.timeline.furthest, 5);
  assert.ok(player.timeline.newest > 5);
  player.scrub(1000, 0);
  assert.equal(shown(), 5);
});

test('scrubbing pauses; play replays the buffered frames and then trains on', () => {
  playTo(9);
  player.scrub(2, 0);
  assert.equal(player.playing, false);
  assert.equal(shown(), 2);
  const before = asked.length;
  player.play(0);
  for (let k = 0; k < 3; k++) player.tick(0);
  assert.equal(shown(), 5);
  assert.equal(asked.length, before);
  playTo(30);
  assert.equal(player.timeline.furthest, 30);
});

test('a scrub to an evicted frame asks for it; the newest one wins', () => {
  pictureBytes = 300_000;
  playTo(700);
  player.pause(0);
  assert.ok([10, 12, 14].every((number) => !player.timeline.frames.has(number)));
  send('frames', []);
  const before = asked.length;
  player.scrub(10, 0);
  player.scrub(12, 0);
  player.scrub(14, 0);
  assert.equal(asked.length, before + 1);
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).frame], ['show', 10]);
  assert.equal(player.position, 14);
  assert.ok(player.timeline.frames.has(shown()), 'the nearest buffered one meanwhile');
  const last = { last_frame: 2000 };
  send('frames', [10], last);
  assert.equal(asked.at(-1).frame, 14);
  send('frames', [14], last);
  assert.equal(shown(), 14);
  assert.equal(player.position, 14);
  assert.equal(asked.length, before + 2);
});

test('a step while a past frame is awaited wins over it', () => {
  pictureBytes = 300_000;
  playTo(700);
  player.pause(0);
  send('frames', []);
  player.scrub(10, 0);
  const showId = asked.at(-1).id;
  const nearest = shown();
  player.step('step', 0);
  send('frames', [10], { reply: showId, last_frame: 2000 });
  assert.equal(shown(), nearest);
  assert.equal(asked.at(-1).unit, 'step');
});

test('a change of view asks for the frame on screen and drops the frames never shown', () => {
  playTo(5);
  player.pause(0);
  player.setView({ layer: 1, projection: 'pca', units: [0, 1] }, 0);
  assert.equal(player.timeline.newest, 5);
  const { kind, frame: number, layer, projection } = asked.at(-1);
  assert.deepEqual({ kind, number, layer, projection }, { kind: 'view', number: 5, layer: 1, projection: 'pca' });
  view = { id: 2, layer: 1, projection: 'pca', units: [0, 1] };
  send('frames', [5], { last_frame: 20 });
  assert.equal(player.state.view.id, 2);
  assert.equal(player.timeline.shownFrame.counters[4], 2);
});

test('an older frame drawn with another view is asked for again when shown while paused', () => {
  playTo(5);
  player.pause(0);
  player.setView({ layer: 1, projection: 'pca', units: [0, 1] }, 0);
  view = { id: 2, layer: 1, projection: 'pca', units: [0, 1] };
  send('frames', [5], { last_frame: 20 });
  player.scrub(3, 0);
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).frame], ['show', 3]);
  const before = asked.length;
  send('frames', [3], { last_frame: 20 });
  assert.equal(player.timeline.shownFrame.counters[4], 2);
  assert.equal(asked.length, before);
});

test('nothing is trained ahead while the page may be about to change the settings', () => {
  playTo(5);
  player.connection.holdBack(100);
  const before = asked.length;
  while (player.timeline.lead > 0) player.tick(50);
  player.tick(50);
  assert.equal(asked.length, before);
  settings = 2;
  send('frames', [], { last_frame: 1e9 }, 60);
  assert.deepEqual([asked.length, asked.at(-1).kind, asked.at(-1).from], [before + 1, 'frames', shown()]);
});

test('what was held back is asked for when nothing has changed', () => {
  playTo(5);
  player.connection.holdBack(100);
  while (player.timeline.lead > 0) player.tick(50);
  const before = asked.length;
  player.tick(101);
  assert.equal(asked.length, before + 1);
});

test('what is asked when a setting is about to change is trained by it: the answer is played', () => {
  playTo(5);
  assert.ok(player.timeline.lead > 0);
  player.connection.holdBack(100);
  player.connection.anticipateSettings(50);
  assert.equal(player.timeline.lead, 0);
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).from, asked.at(-1).n], ['frames', 5, 3]);
  settings = 2;
  const before = asked.length;
  answer(6, 8, {}, 60);
  assert.equal(player.timeline.newest, 8);
  assert.equal(asked.at(-1).from, 8, 'nothing is asked for twice');
  assert.equal(asked.length, before + 1);
});

test('a request that the changed setting overtook is made once more', () => {
  playTo(5);
  player.connection.anticipateSettings(0);
  const { id } = asked.at(-1);
  settings = 2;
  send('frames', [], { reply: id - 1 });
  assert.deepEqual([asked.at(-1).id, asked.at(-1).from], [id + 1, 5]);
  send('frames', range(6, 8), { reply: id });
  assert.equal(player.timeline.newest, 5);
});

test('while a control may be set soon, answers are asked to be brief', () => {
  player.connection.hurry(100);
  player.play(0);
  assert.equal(asked.at(-1).haste, true);
  answer(1, 3, {}, 200);
  assert.equal(asked.at(-1).haste, undefined);
});

test('nothing is anticipated at rest, nor while the past is played again', () => {
  playTo(5);
  player.pause(0);
  const before = asked.length;
  const { newest } = player.timeline;
  player.connection.anticipateSettings(0);
  player.scrub(2, 0);
  player.play(0);
  player.connection.anticipateSettings(0);
  assert.deepEqual([asked.length, player.timeline.newest], [before, newest]);
});

test('who scrubs before a new view has come sees the frame there in that view, too', () => {
  playTo(5);
  player.pause(0);
  player.setView({ layer: 1, projection: 'pca', units: [0, 1] }, 0);
  player.scrub(3, 0);
  assert.equal(shown(), 3);
  view = { id: 2, layer: 1, projection: 'pca', units: [0, 1] };
  send('frames', [5], { last_frame: 20 });
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).frame], ['show', 3]);
  const before = asked.length;
  send('frames', [3], { last_frame: 20 });
  assert.equal(player.timeline.shownFrame.counters[4], 2);
  assert.equal(asked.length, before);
});

test('what stays unanswered for 6 s is asked again under a new id', () => {
  player.play(0);
  player.tick(5999);
  assert.equal(asked.length, 1);
  player.tick(6000);
  assert.equal(asked.length, 2);
  assert.equal(asked[1].id, 2);
  assert.equal(asked[1].from, 0);
  player.pause(6000);
  player.tick(20000);
  assert.equal(asked.length, 2, 'nobody waits for it any more');
  player.step('epoch', 20000);
  player.tick(35999);
  assert.equal(asked.length, 3, 'each limit that passes doubles the next: 6, 12, at most 16 s');
  player.tick(36000);
  assert.deepEqual([asked.at(-1).unit, asked.at(-1).n, asked.length], ['epoch', 1, 4]);
});

test('an empty answer ends the wait', () => {
  player.play(0);
  send('frames', []);
  assert.equal(asked.length, 2);
  send('frames', [], { reply: 1 });
  assert.equal(asked.length, 2, 'an answer to an older request does not');
});

test('frames the server gave up are forgotten here too', () => {
  playTo(6);
  player.pause(0);
  player.step('step', 0);
  send('frames', [], { last_frame: 4 });
  assert.equal(shown(), 4);
  assert.equal(player.timeline.furthest, 4);
});

test('a condition that is met stops playing; Play goes past it, and says so until the server has heard', () => {
  player.play(0);
  const stopped = { frame: 2, epoch: 2, reason: 'max_epochs', message: 'm', advice: 'a' };
  answer(1, 2, { stopped });
  for (let k = 0; k < 4; k++) player.tick(k);
  assert.deepEqual([shown(), player.playing, player.stopSeen], [2, false, true]);
  player.play(10);
  assert.deepEqual([player.playing, player.stopSeen], [true, false]);
  assert.deepEqual([asked.at(-1).from, asked.at(-1).go_on], [2, true]);
  player.tick(60000); // no answer came
  assert.equal(asked.at(-1).go_on, true);
  answer(3, 5, {}, 60001);
  for (let k = 2; k < 6; k++) player.tick(60000 + k);
  assert.deepEqual([shown(), player.playing], [5, true]);
  assert.ok(!('go_on' in asked.at(-1)));
});

test('a step goes past a condition, too; nothing goes past a divergence', () => {
  for (const [reason, expected] of [['patience', true], ['diverged', undefined]]) {
    player.play(0);
    const first = shown() + 1;
    answer(first, first, { stopped: { frame: first, epoch: 1, reason, message: 'm', advice: 'a' } });
    for (let k = 0; k < 3; k++) player.tick(k);
    assert.equal(shown(), first);
    const before = asked.length;
    player.step('epoch', 10);
    assert.equal(asked.length > before ? asked.at(-1).go_on : undefined, expected);
    if (expected) answer(first + 1, first + 1);
  }
});

test('a run that diverges is seen to do so, step by step, before it goes back to its last good frame', () => {
  player.play(0);
  answer(1, 4, { stopped: { frame: 4, epoch: 1, reason: 'diverged', message: 'm', advice: 'a', good: 2, gone: 1.2 } });
  player.tick(10);
  player.tick(20);
  assert.equal(shown(), 2);
  player.tick(40);
  assert.equal(shown(), 2, 'the steps in which it diverges are shown slowly');
  player.tick(140);
  player.tick(260);
  assert.deepEqual([shown(), player.playing, player.stopSeen], [4, true, false]);
  player.tick(400);
  assert.equal(shown(), 4);
  player.tick(1300);
  assert.deepEqual([shown(), player.playing, player.stopSeen], [2, false, true]);
  assert.equal(player.timeline.furthest, 4, 'its curve stays');
});

test('with little movement, a run that diverges is back at its last good frame at once, and its curve is there', () => {
  player = new Player({ send: (request) => asked.push(request), isCalm: () => true });
  seq = 0;
  send('sync', [0]);
  player.play(0);
  answer(1, 4, { stopped: { frame: 4, epoch: 1, reason: 'diverged', message: 'm', advice: 'a', good: 2, gone: 1.2 } });
  for (const now of [10, 20, 30, 40]) player.tick(now);
  assert.deepEqual([shown(), player.playing, player.timeline.furthest], [2, false, 4]);
});

test('playing ends where training stopped; the alert waits until that frame is on screen', () => {
  player.play(0);
  const stopped = { frame: 2, epoch: 2, message: 'm', advice: 'a' };
  answer(1, 2, { stopped });
  assert.equal(asked.length, 1, 'there is nothing more to ask for');
  player.tick(0);
  assert.equal(player.stopSeen, false);
  player.tick(0);
  assert.equal(player.playing, false);
  assert.equal(player.stopSeen, true);
  player.play(0);
  player.step('step', 0);
  assert.equal(player.playing, false);
  assert.equal(asked.length, 1);
  settings = 2;
  send('frames', []);
  assert.equal(player.stopSeen, false);
  player.play(0);
  assert.equal(player.playing, true);
});

test('a hidden tab asks for nothing', () => {
  player.setHidden(true, 0);
  player.play(0);
  player.tick(5000);
  assert.equal(asked.length, 0);
  player.setHidden(false, 5000);
  assert.equal(asked.length, 1);
});

test('after 15 minutes without anyone it pauses', () => {
  player.play(0);
  player.tick(15 * MINUTE);
  assert.equal(player.playing, true);
  player.activity(10 * MINUTE);
  player.tick(24 * MINUTE);
  assert.equal(player.playing, true);
  player.tick(25 * MINUTE + 1);
  assert.equal(player.playing, false);
});

test('a changed architecture plays on, a remount and a reset do not', () => {
  playTo(5);
  run = 'B';
  send('sync', [0]);
  assert.equal(player.playing, true);
  assert.deepEqual([asked.at(-1).run, asked.at(-1).from, asked.at(-1).n], ['B', 0, 3]);
  send('sync', [0], { reply: 0 });
  assert.equal(player.playing, false, 'same run: a remount');
  playTo(3);
  player.reset(0);
  assert.equal(player.playing, false);
  assert.equal(asked.at(-1).kind, 'reset');
  run = 'C';
  send('sync', [0]);
  assert.deepEqual([player.playing, shown(), player.state.id], [false, 0, 'C']);
});

test('a sync in answer to a request for training plays on from the frame it brings', () => {
  playTo(9);
  player.scrub(3, 0);
  player.setSpeed({ unit: 'epoch', amount: 2 }, 0);
  player.play(0);
  send('sync', [2]);
  assert.deepEqual([player.playing, shown(), asked.at(-1).from], [true, 2, 2]);
});

test('play right after reset starts the new run', () => {
  player.reset(0);
  player.play(0);
  run = 'B';
  send('sync', [0]);
  assert.equal(player.playing, true);
});

test('a sync replaces everything', () => {
  playTo(9);
  run = 'B';
  send('sync', [4]);
  assert.deepEqual([shown(), player.timeline.furthest, player.timeline.newest], [4, 4, 4]);
  assert.equal(player.timeline.frames.size, 1);
});

test('bytes delivered again are ignored, and so are frames of another run', () => {
  player.play(0);
  answer(1, 3);
  seq--;
  answer(4, 6);
  assert.equal(player.timeline.newest, 3);
  player.pause(0);
  run = 'Z';
  answer(4, 6);
  assert.equal(player.timeline.newest, 3);
});

test('frames of an unknown run make it ask for a sync', () => {
  run = 'Z';
  answer(1, 3);
  assert.equal(asked.at(-1).kind, 'sync');
});

test('changes of the view add up while one is under way', () => {
  playTo(2);
  player.pause(0);
  player.setView({ layer: 1 }, 0);
  player.setView({ shows: ['measures'] }, 0);
  assert.equal(asked.at(-1).shows, undefined);
  view = { ...view, id: 2, layer: 1 };
  send('frames', [2], { last_frame: 20 });
  const { kind, layer, shows } = asked.at(-1);
  assert.deepEqual({ kind, layer, shows }, { kind: 'view', layer: 1, shows: ['measures'] });
  assert.equal('id' in player.wantedView || 'hidden' in player.wantedView, false);
});

test('a run opened from a file stands still where it was saved, though the one before it played', () => {
  playTo(5);
  run = 'B';
  send('sync', [40]);
  assert.equal(player.playing, false);
  assert.equal(shown(), 40);
  player.play(0);
  assert.equal(asked.at(-1).from, 40);
});

// --- edits -----------------------------------------------------------------------------------------------------------

test('an edit pauses, takes the place of what followed its frame, and is shown', () => {
  playTo(5);
  const base = shown();
  player.edit(base, 3, 0.5, 0);
  assert.equal(player.playing, false);
  assert.deepEqual({ ...asked.at(-1), id: 0 }, { kind: 'edit', frame: base, index: 3, value: 0.5, run: 'A', controls: 0, id: 0 });
  send('frames', [base + 1], { edits: [base + 1], last_frame: base + 1 });
  assert.equal(shown(), base + 1);
  assert.equal(player.timeline.newest, base + 1);
  player.play(0);
  player.tick(0);
  assert.equal(asked.at(-1).from, base + 1);
});

test('edits that come faster than answers are one request, the newest value', () => {
  playTo(2);
  const base = shown();
  const before = asked.length;
  for (const value of [0.1, 0.2, 0.3]) player.edit(base, 3, value, 0);
  assert.equal(asked.length, before + 1);
  send('frames', [base + 1], { edits: [base + 1], last_frame: base + 1 });
  assert.equal(asked.length, before + 2);
  assert.deepEqual([asked.at(-1).frame, asked.at(-1).value], [base, 0.3]);
  assert.equal(shown(), base + 1);
  send('frames', [base + 1], { edits: [base + 1], last_frame: base + 1 });
  assert.deepEqual([shown(), player.timeline.newest], [base + 1, base + 1]);
});

test('undo goes back to before the newest edit on screen, redo to the next one', () => {
  playTo(2);
  player.pause(0);
  const base = shown();
  goTo(player, frameToUndo(player), 0);
  assert.equal(shown(), base);
  player.edit(base, 3, 0.5, 0);
  send('frames', [base + 1], { edits: [base + 1], last_frame: base + 1 });
  player.edit(base + 1, 4, 0.5, 0);
  send('frames', [base + 2], { edits: [base + 1, base + 2], last_frame: base + 2 });
  const steps = [frameToUndo, frameToUndo, frameToUndo, frameToRedo, frameToRedo, frameToRedo].map((frameOf) => {
    goTo(player, frameOf(player), 0);
    return shown() - base;
  });
  assert.deepEqual(steps, [1, 0, 0, 1, 2, 2]);
});

test('an edit that was undone is no part of the branch that a fork leaves, what was trained after a scrub is', () => {
  playTo(2);
  player.pause(0);
  const base = shown();
  const more = { edits: [base + 1], more_branches: true };
  player.edit(base, 3, 0.5, 0);
  send('frames', [base + 1], { ...more, last_frame: base + 1 });
  player.scrub(base, 0);
  player.fork(0);
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).frame, asked.at(-1).furthest], ['fork', base, base + 1]);
  send('frames', [], { ...more, last_frame: base + 1 });
  player.scrub(base + 1, 0);
  goTo(player, frameToUndo(player), 0);
  assert.equal(asked.at(-1).kind, 'rest'); // the page's address leaves it out
  send('frames', [], { ...more, last_frame: base + 1 });
  player.fork(0);
  assert.deepEqual([asked.at(-1).kind, asked.at(-1).frame, asked.at(-1).furthest], ['fork', base, base]);
  send('frames', [], { ...more, last_frame: base + 1 });
  goTo(player, frameToRedo(player), 0);
  send('frames', [], { ...more, last_frame: base + 1 });
  player.fork(0);
  assert.deepEqual([asked.at(-1).frame, asked.at(-1).furthest], [base + 1, base + 1]);
});

test('a refused edit changes nothing but says why', () => {
  playTo(2);
  const [base, newest] = [shown(), player.timeline.newest];
  player.edit(base, 3, 1e9, 0);
  send('frames', [], { refusal: 'value must be smaller.', edits: [], last_frame: newest });
  assert.deepEqual([shown(), player.timeline.newest, player.state.refusal], [base, newest, 'value must be smaller.']);
  player.edit(base, 3, 1, 0);
  send('frames', [base + 1], { edits: [base + 1], last_frame: base + 1 });
  assert.equal(player.state.refusal, '');
});

test('who comes back to a page finds the frame that was left, with what was seen after it', () => {
  const left = { run: 'A', frame: 28, furthest: 40 };
  player = new Player({ send: (request) => asked.push(request), firstId: 100, left });
  send('sync', [64], { reply: 90 }); // said before the page was left
  assert.equal(player.state.run, null);
  player.requestSync(0);
  assert.deepEqual(asked.at(-1), { id: 101, run: '', controls: 0, kind: 'sync', left: { run: 'A', frame: 28 } });
  send('sync', [28], { last_frame: 64 });
  assert.deepEqual([shown(), player.timeline.furthest, player.timeline.newest, player.playing], [28, 40, 40, false]);
  player.play(0);
  const { kind, from } = asked.at(-1);
  assert.deepEqual({ kind, from }, { kind: 'replay', from: 28 });
});

test('a run that the browser does not know is shown as the server has it', () => {
  player = new Player({ send: (request) => asked.push(request), firstId: 100, left: { run: 'another', frame: 28, furthest: 40 } });
  send('sync', [64], { reply: 90 });
  assert.deepEqual([shown(), player.timeline.furthest], [64, 64]);
});

test('a server that owes an answer for three seconds is said to be silent, until it speaks', () => {
  player.play(0);
  player.tick(0);
  assert.ok(asked.length > 0);
  for (const now of [1000, 2500, 2999]) player.tick(now);
  assert.equal(player.connection.isStalled, false);
  const { version } = player;
  player.tick(3000); // though it was asked again meanwhile
  assert.equal(player.connection.isStalled, true);
  assert.ok(player.version > version);
  const { from, n } = asked.at(-1);
  answer(from + 1, from + n, {}, 4000);
  assert.equal(player.connection.isStalled, false);
  player.tick(4100);
  assert.equal(player.connection.isStalled, false);
});

test('who asks for nothing is kept waiting by nobody, and a page in the background is not either', () => {
  for (const now of [0, 5000, 50000]) player.tick(now);
  assert.equal(player.connection.isStalled, false);
  player.step('epoch', 60000);
  player.tick(60100);
  player.setHidden(true, 60200);
  player.tick(90000);
  player.setHidden(false, 90000);
  player.tick(90100);
  assert.equal(player.connection.isStalled, false);
  player.tick(93100);
  assert.equal(player.connection.isStalled, true);
  send('frames', [1], {}, 93200);
  for (const now of [93300, 99000]) player.tick(now);
  assert.equal(player.connection.isStalled, false);
});
