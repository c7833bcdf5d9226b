/** What a newcomer is told: from what was measured, and suggestions that are another run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LOOK_MS, Look, STEPS } from '../../static/stage/coach/guide.js';
import { isSolved, whatHappened, whatNext } from '../../static/stage/coach/outcome.js';

const INFO = { dataset: 'spiral', task: 'binary', has_test: true, layers: [{ units: 8, activation: 'tanh' }, { units: 8, activation: 'tanh' }] };
const frameAt = (epoch, train, test = NaN) => ({ counters: [epoch, epoch, 0, 10 * epoch, 0], measures: [0.1, 0.1, train, test, 0.03] });

test('what happened is told from the scores, as the stage shows them', () => {
  const learned = frameAt(1234, 0.999, 0.955);
  assert.ok(isSolved(INFO, learned));
  assert.equal(whatHappened(INFO, learned), 'Learned after 1,234 epochs: 99.9 % of the training points right, 95.5 % of the test points.');
  assert.ok(!isSolved(INFO, frameAt(50, 1, 0.8)), 'what is learned by heart is not learned');
  assert.match(whatHappened(INFO, frameAt(50, 1, 0.8)), /^Not learned after 50 epochs: 100.0 % .*80.0 % of the test points/);
  assert.equal(whatHappened({ ...INFO, has_test: false }, frameAt(30, 1)), 'Learned after 30 epochs: 100.0 % of the training points right.');
  assert.match(whatHappened({ ...INFO, task: 'regression' }, frameAt(30, 0.5, 0.4)), /R² is 0\.500,/);
});

test('what is suggested next fits what happened', () => {
  const values = (info, frame) => Object.assign({}, ...whatNext(info, frame).map((each) => each.values));
  assert.deepEqual(values(INFO, frameAt(100, 1, 1)), { dataset: 'checkerboard', hidden_sizes: [4, 4], activation: 'relu' });
  assert.deepEqual(values(INFO, frameAt(100, 0.6, 0.6)), { dataset: 'xor', hidden_sizes: [16, 16], activation: 'relu' });
  const linear = { ...INFO, dataset: 'circles', layers: [] };
  assert.deepEqual(values(linear, frameAt(100, 0.5, 0.5)), { dataset: 'moons', hidden_sizes: [4] });
  const least = { ...INFO, dataset: 'own', layers: [{ units: 1, activation: 'relu' }] };
  assert.deepEqual(values(least, frameAt(100, 1, 1)), { activation: 'sigmoid' }, 'one unit cannot be fewer, and own data have no ladder');
});

test('a step of the guide is done when what it asks for has been seen', () => {
  const [play, data, layers] = STEPS.map(({ isDone }) => isDone);
  assert.ok(!play({ info: INFO, frame: frameAt(3, 0.5, 0.5) }, {}));
  assert.ok(play({ info: INFO, frame: frameAt(3, 1, 1) }, {}));
  assert.ok(play({ info: INFO, frame: frameAt(25, 0.5, 0.5) }, {}));
  assert.ok(!data({ info: INFO, frame: frameAt(90, 1, 1) }, INFO), 'the same data');
  assert.ok(data({ info: { ...INFO, dataset: 'circles' }, frame: frameAt(90, 1, 1) }, INFO));
  assert.ok(!layers({ info: INFO, frame: frameAt(90, 1, 1) }, INFO));
  assert.ok(layers({ info: { ...INFO, layers: [] }, frame: frameAt(90, 0.5, 0.5) }, INFO));
});

test('new data count where they come while it plays, and where they are there already', () => {
  const { text, isDone } = STEPS[1];
  const moons = { ...INFO, dataset: 'moons' };
  assert.ok(isDone({ info: moons, frame: frameAt(30, 0.8, 0.8) }, moons));
  assert.ok(isDone({ info: moons, frame: frameAt(30, 0.8, 0.8) }, INFO));
  assert.doesNotMatch(text, /press Play again/, 'a run that plays would be paused');
});

test('a card stays for a while of playing, or until nothing moves', () => {
  const look = new Look();
  look.tick(0, true);
  assert.ok(!look.isOver);
  look.tick(LOOK_MS - 1, true);
  assert.ok(!look.isOver);
  look.tick(LOOK_MS, true);
  assert.ok(look.isOver);
  look.begin();
  look.tick(LOOK_MS, true);
  assert.ok(!look.isOver);
  look.tick(LOOK_MS + 10, false);
  assert.ok(look.isOver);
});
