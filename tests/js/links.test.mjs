// How a play looks through links of all kinds: on a clock of its own, with a link that delays and limits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Player } from '../../static/stage/player/player.js';

const TICK_MS = 1000 / 60;
const INFO = { steps_per_epoch: 10, layers: [] };
const VIEW = { id: 1 };
/** What an answer takes besides its frames, and a request, in bytes. */
const ANSWER_BYTES = 1000, REQUEST_BYTES = 2400;

const frame = (number) => ({ counters: Float64Array.of(number, number, 0, 10 * number, 1), measures: Float64Array.of(1, NaN, 0, 0, 0.1) });

/** One direction: what comes through arrives in order, so many bytes a millisecond. */
class Direction {
  #freeAt = 0;

  constructor(delay, rate) {
    Object.assign(this, { delay, rate });
  }

  arrival(bytes, sent) {
    this.#freeAt = Math.max(this.#freeAt, sent) + bytes / this.rate;
    return this.#freeAt + this.delay;
  }
}

/**
 * Play for so many milliseconds; when new frames came on screen.
 * @param {{roundTrip: number, megabits: number, frameBytes: number, answerMs?: number, frameMs?: number, most?: number}} link
 *   `answerMs`, `frameMs`: what the server takes; `most`: frames that an answer has at most
 */
function play({ roundTrip, megabits, frameBytes, answerMs = 12, frameMs = 0.7, most = Infinity }, ms) {
  const up = new Direction(roundTrip / 2, 125 * megabits);
  const down = new Direction(roundTrip / 2, 125 * megabits);
  let now = 0;
  let seq = 0;
  const answers = [];
  const player = new Player({
    send(request) {
      const n = request.kind === 'frames' ? Math.min(most, request.n) : 0;
      const done = up.arrival(REQUEST_BYTES, now) + answerMs + n * frameMs;
      answers.push({ at: down.arrival(ANSWER_BYTES + n * frameBytes, done), request, n });
    },
  });
  const say = (kind, numbers, reply) => {
    const header = { seq: ++seq, kind, run: 'A', settings: 1, reply, view: VIEW, last_frame: numbers.at(-1) ?? 1e9, stopped: null, info: INFO };
    player.connection.receive({ header, statics: {}, frames: numbers.map(frame) }, now);
  };
  say('sync', [0], 0);
  player.connection.pending.put({ kind: 'rest' }); // a visit has asked for something before anybody presses Play
  player.connection.pump(now);
  const shownAt = [];
  for (let shown = 0; now < 1000 + ms; now += TICK_MS) {
    while (answers[0]?.at <= now) {
      const { request, n } = answers.shift();
      say('frames', Array.from({ length: n }, (_, k) => request.from + 1 + k), request.id);
    }
    if (!player.playing && now >= 1000) player.play(now);
    player.tick(now);
    if (player.timeline.shown > shown) shownAt.push(now);
    shown = player.timeline.shown;
  }
  return shownAt;
}

const gaps = (times) => times.slice(1).map((time, k) => time - times[k]);

for (const [roundTrip, megabits] of [[0, 1000], [60, 10], [120, 5], [200, 1]]) {
  test(`through ${roundTrip} ms and ${megabits} Mbit/s, small networks play without a break, from the first frame on`, () => {
    const times = play({ roundTrip, megabits, frameBytes: 550 }, 10_000);
    assert.ok(Math.max(...gaps(times)) < 100, `longest gap ${Math.max(...gaps(times))}`);
    const late = times.filter((time) => time > 3000);
    assert.ok(late.length > 0.95 * (8000 / TICK_MS), `${late.length} frames in 8 s`);
  });
}

test('where a link brings fewer frames than are wanted, they come evenly', () => {
  const times = play({ roundTrip: 200, megabits: 1, frameBytes: 1830 }, 15_000);
  assert.ok(times.length > 45 * 14, `${times.length} frames in 15 s`);
  assert.ok(Math.max(...gaps(times)) < 150, `longest gap ${Math.max(...gaps(times))}`);
});

test('where a server has many visitors, the frames of an answer last until the next one', () => {
  const times = play({ roundTrip: 0, megabits: 1000, frameBytes: 550, answerMs: 5000 }, 60_000);
  const late = gaps(times.filter((time) => time > 20_000));
  assert.ok(Math.max(...late) < 200, `longest gap ${Math.max(...late)}`);
});

test('where an answer has room for few frames, they come evenly, too', () => {
  const times = play({ roundTrip: 60, megabits: 10, frameBytes: 118_000, most: 2 }, 15_000);
  const late = gaps(times.filter((time) => time > 4000));
  assert.ok(Math.max(...late) < 250, `longest gap ${Math.max(...late)}`);
});
