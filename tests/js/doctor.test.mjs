/** When the server is asked what is wrong with a run, and what the coach makes of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { tellsWhy, whatHappened } from '../../static/stage/coach/outcome.js';
import { PendingRequests } from '../../static/stage/connection/pending_requests.js';
import { Questions } from '../../static/stage/doctor/questions.js';

const at = (frame, run = 'a', settings = 1, diverged = false) => ({ run, frame, settings, diverged });

test('at rest it is asked about each frame once, and never about the untrained network', () => {
  const questions = new Questions();
  assert.ok(!questions.isDue(at(0), { playing: false, now: 0 }));
  assert.ok(questions.isDue(at(5), { playing: false, now: 0 }));
  questions.note(at(5), 0);
  assert.ok(!questions.isDue(at(5), { playing: false, now: 9000 }), 'asked already');
  assert.ok(!questions.isDue(at(6), { playing: false, now: 100 }), 'somebody goes from frame to frame');
  assert.ok(questions.isDue(at(6), { playing: false, now: 400 }));
  assert.ok(questions.isDue(at(5, 'a', 2), { playing: false, now: 400 }), 'a setting was changed');
  assert.ok(questions.isDue(at(5, 'b'), { playing: false, now: 400 }), 'another run');
});

test('of a run that diverged at once its first frame is asked about, and again where it goes on', () => {
  const questions = new Questions();
  assert.ok(questions.isDue(at(0, 'a', 1, true), { playing: false, now: 0 }));
  questions.note(at(0, 'a', 1, true), 0);
  assert.ok(!questions.isDue(at(0, 'a', 1, true), { playing: false, now: 900 }));
  questions.note(at(4, 'a', 1, true), 900);
  assert.ok(questions.isDue(at(4), { playing: false, now: 1800 }), 'another rate was chosen');
});

test('while frames play it is asked now and then, and sooner where somebody waits', () => {
  const questions = new Questions();
  questions.note(at(5), 0);
  assert.ok(!questions.isDue(at(200), { playing: true, now: 3000 }));
  assert.ok(questions.isDue(at(400), { playing: true, now: 5000 }));
  assert.equal(questions.answer(null, { run: 'a', frame: 200, now: 3000 }), null);
  assert.ok(questions.isDue(at(210), { playing: true, now: 3100 }));
});

test('an answer is waited for, of that frame or a later one of the same run, but not for ever', () => {
  const questions = new Questions();
  const findings = [{ kind: 'plateau' }];
  assert.equal(questions.answer({ run: 'a', frame: 3, findings }, { run: 'a', frame: 9, now: 0 }), null, 'of before');
  assert.equal(questions.answer({ run: 'b', frame: 30, findings }, { run: 'a', frame: 9, now: 10 }), null, 'of another run');
  assert.equal(questions.answer({ run: 'a', frame: 9, findings }, { run: 'a', frame: 12, now: 20 }), findings);
  assert.equal(questions.answer(null, { run: 'a', frame: 40, now: 30 }), null);
  assert.deepEqual(questions.answer(null, { run: 'a', frame: 40, now: 9000 }), []);
});

test('everything else that is asked comes before', () => {
  const pending = new PendingRequests();
  pending.put({ kind: 'diagnose', frame: 3 });
  pending.put({ kind: 'rest' });
  assert.equal(pending.next, 'rest');
  pending.take('rest');
  assert.equal(pending.next, 'diagnose');
  pending.forgetRun();
  assert.equal(pending.next, undefined);
});

test('the coach suggests nothing where the doctor says why, and calls nothing learned that misses a class', () => {
  const info = { task: 'binary', has_test: true, layers: [] };
  const frame = (train, test) => ({ counters: [40, 40, 0, 400, 0], measures: [0.1, 0.1, train, test, 0.03] });
  const plateau = [{ kind: 'plateau' }];
  const rare = [{ kind: 'imbalance' }];
  const vague = [{ kind: 'small_test_set' }];
  assert.ok(tellsWhy(info, frame(0.5, 0.5), plateau));
  assert.ok(!tellsWhy(info, frame(0.5, 0.5), []));
  assert.ok(!tellsWhy(info, frame(1, 1), vague), 'it has learned');
  assert.ok(tellsWhy(info, frame(0.98, 0.98), rare));
  assert.match(whatHappened(info, frame(0.98, 0.98), rare), /^Not learned after 40 epochs/);
  assert.match(whatHappened(info, frame(0.98, 0.98), vague), /^Learned after 40 epochs/);
});
