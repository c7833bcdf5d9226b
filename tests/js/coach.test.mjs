/** What a newcomer is told: from what was measured, and suggestions that are another run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LOOK_MS, Look, STEPS, isSeen, isTheBeginning, wordsOf } from '../../static/stage/coach/guide.js';
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
  const [play, data, layers] = STEPS.map((step) => (info, frame, before = INFO) => isSeen(step, { info, frame }, before));
  assert.ok(!play(INFO, frameAt(3, 0.5, 0.5)));
  assert.ok(play(INFO, frameAt(3, 1, 1)));
  assert.ok(play(INFO, frameAt(25, 0.5, 0.5)));
  assert.ok(!data(INFO, frameAt(90, 1, 1)), 'the same data');
  assert.ok(data({ ...INFO, dataset: 'circles' }, frameAt(90, 1, 1)));
  assert.ok(!layers(INFO, frameAt(90, 1, 1)));
  assert.ok(layers({ ...INFO, layers: [] }, frameAt(90, 0.5, 0.5)));
  const moons = { ...INFO, dataset: 'moons' };
  assert.ok(data(moons, frameAt(30, 0.8, 0.8), moons), 'they were there already');
});

test('the guide says what to press only until it is pressed, and then what to watch', () => {
  const said = (step, info, playing) => wordsOf(STEPS[step], info, INFO, playing);
  assert.match(said(0, INFO, false), /Press Play/);
  assert.match(said(0, INFO, true), /^Watch/);
  assert.match(said(1, INFO, true), /Choose “Two moons”/);
  const moons = { ...INFO, dataset: 'moons' };
  assert.match(said(1, moons, false), /press Play/);
  assert.match(said(2, INFO, false), /until it says 0/);
  assert.match(said(2, { ...INFO, layers: INFO.layers.slice(1) }, false), /until it says 0/);
  for (const step of [0, 1, 2]) assert.doesNotMatch(said(step, { ...moons, layers: step === 2 ? [] : INFO.layers }, true), /[Pp]ress/);
});

test('the guide begins with a run of its own', () => {
  assert.ok(isTheBeginning({ info: INFO, frame: frameAt(0, 0.5) }));
  assert.ok(!isTheBeginning({ info: INFO, frame: frameAt(1, 0.5) }));
  for (const other of [{ dataset: 'moons' }, { layers: [] }, { layers: INFO.layers.map((layer) => ({ ...layer, activation: 'relu' })) }]) assert.ok(!isTheBeginning({ info: { ...INFO, ...other }, frame: frameAt(0, 0.5) }));
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
