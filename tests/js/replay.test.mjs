import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Recorded } from '../../static/replay/recorded.js';
import { RATES, ReplayPlayer, fittingRate } from '../../static/replay/replay_player.js';

const INFO = { steps_per_epoch: 10, layers: [] };
const VIEW = { id: 1, shows: [] };
const frame = (number) => ({
  counters: Float64Array.of(number, number, 0, 10 * number, 1),
  measures: Float64Array.of(1 / (1 + number), NaN, 0, 0, 0.1),
  parameters: Float32Array.of(number),
});
const HEADER = { run: 'replay-1', settings: 0, view: VIEW, info: INFO, stopped: null, edits: [], marks: [] };

/** A player of these frames, and what it was told; all of the frames are in its timeline if they are to be `here`. */
function playerOf(numbers, { stopped = null, here = true } = {}) {
  const recording = { header: {}, statics: {}, frames: numbers.map(frame) };
  const asked = [];
  let player;
  const recorded = new Recorded({ header: { ...HEADER, stopped }, statics: {}, frames: [] }, recording, (message) => {
    player.connection.receive(message, 0);
    if (here && message.header.kind === 'sync') player.timeline.storeChain(recorded.frames.slice(1), numbers[0]);
  });
  const [first, last] = recorded.ends;
  const send = (request) => {
    asked.push(request.kind);
    recorded.ask(request);
  };
  player = new ReplayPlayer({ send, left: { run: recorded.run, frame: first, furthest: last, toLose: false, recipe: '', steps: 0 } });
  player.requestSync(0);
  return { player, asked, recorded };
}

const answered = () => new Promise((resolve) => setTimeout(resolve));
let now;
beforeEach(() => { now = 0; });

/** Tick as a display of 50 Hz does. */
async function tick(player, times, onShown = () => {}) {
  for (let k = 0; k < times; k++) {
    now += 20;
    player.tick(now);
    onShown(player.timeline.shown);
    await Promise.resolve();
  }
}

test('it begins at the first frame, and all of the timeline can be gone to', async () => {
  const { player } = playerOf([0, 4, 8, 12]);
  await answered();
  assert.equal(player.timeline.shown, 0);
  assert.equal(player.timeline.furthest, 12);
  player.scrub(7, 0);
  await answered();
  assert.equal(player.timeline.shown, 8);
  assert.equal(player.position, 8);
  player.scrub(12, 0);
  assert.equal(player.timeline.shown, 12);
});

for (const here of [true, false]) {
  test(`it plays every frame there is, rests at the end, and begins anew from there; all frames ${here ? 'at hand' : 'to be asked for'}`, async () => {
    const { player, asked } = playerOf([0, 4, 8, 12, 13], { here });
    await answered();
    player.setRate(60);
    for (let again = 0; again < 2; again++) {
      const seen = [];
      player.play(now);
      assert.equal(player.playing, true);
      await tick(player, 40, (shown) => seen.at(-1) !== shown && seen.push(shown));
      await answered();
      await tick(player, 40, (shown) => seen.at(-1) !== shown && seen.push(shown));
      assert.equal(player.playing, false);
      assert.deepEqual(seen.filter((number) => number > 0), [4, 8, 12, 13]);
    }
    assert.ok(!asked.includes('frames'), 'nothing is to be trained');
    if (here) assert.deepEqual(asked, ['sync']);
  });
}

test('a frame stays as long as the rate says', async () => {
  const { player } = playerOf([0, 1, 2, 3, 4, 5, 6]);
  await answered();
  player.setRate(10);
  player.play(now);
  const at = new Map();
  await tick(player, 40, (shown) => at.has(shown) || at.set(shown, now));
  for (let number = 2; number <= 6; number++) assert.equal(at.get(number) - at.get(number - 1), 100);
});

test('nothing trains: a step does nothing, and to begin again is to go to the first frame', async () => {
  const { player, asked } = playerOf([0, 1, 2]);
  await answered();
  player.scrub(2, 0);
  player.step('epoch', 0);
  await answered();
  assert.equal(player.timeline.shown, 2);
  player.reset(0);
  assert.equal(player.timeline.shown, 0);
  assert.equal(player.timeline.furthest, 2);
  assert.deepEqual(asked, ['sync']);
});

test('a run that diverged plays to its end, goes back to its last good frame, and plays again from the start', async () => {
  const stopped = { frame: 5, epoch: 5, reason: 'diverged', message: 'It diverged.', advice: '', back_to: 0, good: 2, gone: 6 };
  const { player } = playerOf([0, 1, 2, 3, 4, 5], { stopped });
  await answered();
  player.setRate(60);
  const seen = new Set();
  player.play(now);
  await tick(player, 120, (shown) => seen.add(shown));
  assert.deepEqual([...seen], [1, 2, 3, 4, 5]);
  assert.equal(player.timeline.shown, 2);
  assert.equal(player.playing, false);
  player.play(now);
  assert.equal(player.timeline.shown, 0);
});

test('a request for what a recording can’t do is answered by nothing', () => {
  const { recorded } = playerOf([0, 1]);
  for (const kind of ['frames', 'edit', 'fork', 'diagnose', 'landscape', 'reset', 'undo']) {
    const { header, frames } = recorded.answer({ id: 7, kind, from: 1 });
    assert.deepEqual([header.kind, header.reply, frames.length], ['frames', 7, 0]);
  }
});

test('a recording takes about twelve seconds, as far as the rates allow', () => {
  assert.deepEqual([1, 24, 61, 120, 240, 360, 600, 5000].map(fittingRate), [2, 2, 5, 10, 20, 30, 60, 60]);
  assert.ok(RATES.every((rate, k) => k === 0 || rate > RATES[k - 1]));
});
