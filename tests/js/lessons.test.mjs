import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Guide, nearEnough, numberOf, paceFor } from '../../static/lessons/guide.js';
import { beside, Lecture, nameOf, scenesIn } from '../../static/lessons/lecture.js';
import { StageLink } from '../../static/lessons/stage_link.js';
import { Progress } from '../../static/lessons/progress.js';
import { GRID, agreement, cellOf, classesOf, classesOfNetwork, completed, painted, regionsOf, simplified } from '../../static/lessons/drawing/regions.js';
import { formulaOf, partsOf } from '../../static/lessons/rich_text.js';
import { commandFor, KEYS, LESSON_KEYS } from '../../static/stage/commands/keyboard.js';

const circle = (u, v, radius, turn = 1) => Array.from({ length: 41 }, (_, k) => [u + radius * Math.cos((2 * Math.PI * turn * k) / 40), v + radius * Math.sin((2 * Math.PI * turn * k) / 40)]);
const shares = ({ labels, count }) => Array.from({ length: count }, (_, region) => labels.filter((label) => label === region).length / labels.length);
const close = (value, wanted, by) => assert.ok(Math.abs(value - wanted) <= by, `${value}, wanted ${wanted}`);

test('a stroke goes on to the border at both ends, in its direction', () => {
  const line = completed([[0.4, 0.5], [0.5, 0.5], [0.6, 0.5]]);
  assert.deepEqual([line[0], line.at(-1)], [[0, 0.5], [1, 0.5]]);
  const slanting = completed([[0.5, 0.5], [0.6, 0.7]]);
  close(slanting.at(-1)[0], 0.75, 1e-9);
  close(slanting.at(-1)[1], 1, 1e-9);
  const there = completed([[0, 0.5], [1, 0.5]]);
  assert.equal(there.length, 2);
});

test('a line parts the square, and a loop what is in it', () => {
  const halves = regionsOf([[[0.5, 0.2], [0.5, 0.8]]]);
  assert.equal(halves.count, 2);
  for (const share of shares(halves)) close(share, 0.5, 0.02);
  const ring = regionsOf([circle(0.5, 0.5, 0.25, 0.97)]);
  assert.equal(ring.count, 2);
  close(shares(ring)[ring.labels[cellOf([0.5, 0.5])]], Math.PI * 0.25 ** 2, 0.02);
  const quarters = regionsOf([[[0.5, 0.1], [0.5, 0.9]], [[0.1, 0.5], [0.9, 0.5]]]);
  assert.equal(quarters.count, 4);
  assert.equal(regionsOf([]).count, 1);
});

test('a slanting line does not leak, and what a trembling hand encloses is no region', () => {
  for (let k = 1; k < 20; k++) assert.equal(regionsOf([[[0.02, k / 20], [0.98, 1 - k / 21]]]).count, 2);
  assert.equal(regionsOf([[[0, 0.5], [0.5, 0.5], [0.52, 0.53], [0.49, 0.52], [0.5, 0.49], [1, 0.5]]]).count, 2);
  const whole = regionsOf([[[0, 0.5], [1, 0.5]]]);
  assert.ok(whole.labels.every((label) => label >= 0));
});

test('sides have the class of most samples in them, and two sides never the same one', () => {
  const regions = regionsOf([[[0.5, 0.1], [0.5, 0.9]]]);
  const left = regions.labels[cellOf([0.1, 0.5])];
  const right = 1 - left;
  const classes = classesOf(regions, [[0.1, 0.1], [0.2, 0.9], [0.9, 0.5]], [1, 1, 0], 2);
  assert.deepEqual([classes[left], classes[right]], [1, 0]);
  const mostly = classesOf(regions, [[0.1, 0.1], [0.2, 0.9], [0.3, 0.3], [0.9, 0.5]], [0, 0, 1, 0], 2);
  assert.deepEqual([mostly[left], mostly[right]], [1, 0]);
  assert.equal(classesOf(regions, [[0.1, 0.1]], [1], 3, { [right]: 2 })[right], 2);
  assert.equal(classesOf(regions, [[0.1, 0.1]], [2], 3)[right], 2); // no sample in it: the nearest one
});

test('what is drawn is held against what a network says', () => {
  const domain = [[-1, 1], [-2, 2]];
  const theirs = classesOfNetwork((x, y) => [x > 0 || y > 1 ? 0.9 : 0.1], domain);
  assert.equal(theirs[cellOf([0.1, 0.1])], 1); // above
  assert.equal(theirs[cellOf([0.1, 0.9])], 0);
  const regions = regionsOf([[[0.5, 0.1], [0.5, 0.9]]]);
  const mine = painted(regions, classesOf(regions, [[0.1, 0.5], [0.9, 0.5]], [0, 1], 2));
  const { share, differs } = agreement(mine, theirs);
  close(share, 1 - 1 / 8, 0.02);
  assert.equal(differs[cellOf([0.2, 0.1])], 1);
  assert.equal(differs[cellOf([0.2, 0.6])], 0);
  assert.equal(agreement(theirs, theirs).share, 1);
  const many = classesOfNetwork((x) => [0.2, x > 0 ? 0.5 : 0.1, 0.3], domain);
  assert.deepEqual([many[cellOf([0.1, 0.5])], many[cellOf([0.9, 0.5])]], [2, 1]);
  assert.equal(many.length, GRID * GRID);
});

test('a stroke is kept in few points, its ends among them', () => {
  const long = Array.from({ length: 1000 }, (_, k) => [k / 999, 0.123456]);
  const few = simplified(long, 50);
  assert.equal(few.length, 50);
  assert.deepEqual([few[0], few.at(-1)], [[0, 0.123], [1, 0.123]]);
});

// -- the guide ---------------------------------------------------------------------------------------------------------

function memory(text = null) {
  const kept = { text };
  return { kept, getItem: () => kept.text, setItem: (_, value) => (kept.text = value) };
}

const CHOICE = { kind: 'choice', text: '?', answers: [{ text: 'a', word: 'no' }, { text: 'b', word: '' }], right: 1 };
const step = (more = {}) => ({ lesson: 'xor', index: 0, title: 'One', question: CHOICE, epochs: 60, free: false, controls: [], ...more });
const seen = (more) => ({ run: 'r-2', epoch: 0, playing: false, ended: false, message: '', ...more });

function guided(store = memory()) {
  const guide = new Guide(new Progress(store));
  const stage = { calls: [], run: 'r-1', playing: false, root: {}, play: () => stage.calls.push('play'), pause: () => stage.calls.push('pause'), reset: () => stage.calls.push('reset'), setPace: (n) => stage.calls.push(n) };
  guide.take(stage);
  return { guide, stage };
}

test('nothing trains before the answer, and whoever wants to is reminded', () => {
  const { guide } = guided();
  assert.equal(guide.mayTrain(), true); // no step, no question
  guide.begin(step());
  assert.equal(guide.phase, 'asking');
  assert.equal(guide.mayTrain(), false);
  assert.equal(guide.reminded, true);
  guide.answer(0);
  assert.deepEqual([guide.phase, guide.reminded, guide.mayTrain()], ['ready', false, true]);
  guide.answer(undefined);
  assert.equal(guide.mayTrain(), false);
  guide.skip();
  assert.equal(guide.mayTrain(), true);
});

test('an answer is chosen by its number, as long as none is', () => {
  const { guide } = guided();
  assert.equal(guide.choose(0), false); // no step
  guide.begin(step(), 'r-2');
  assert.equal(guide.choose(2), false); // there are two
  assert.equal(guide.choose(1), true);
  assert.deepEqual([guide.phase, guide.kept.answer], ['ready', 1]);
  assert.equal(guide.choose(0), false); // a key for the speed again
  guide.begin(step({ index: 1, title: 'Two', question: { kind: 'boundary', text: '?' } }), 'r-3');
  assert.equal(guide.choose(0), false);
});

test('a run ends at the step’s epochs, and the answer is held against the truth', () => {
  const { guide, stage } = guided();
  guide.begin(step(), 'r-2');
  guide.answer(0);
  guide.see(seen({ epoch: 1, playing: true }));
  assert.equal(guide.phase, 'running');
  guide.answer(1); // too late
  guide.see(seen({ epoch: 59, playing: true }));
  assert.equal(guide.phase, 'running');
  guide.see(seen({ epoch: 60, playing: true }));
  assert.equal(guide.phase, 'done');
  assert.ok(stage.calls.includes('pause'));
  assert.deepEqual(guide.verdict, { right: false, said: 0 });
});

test('a run that diverges is over, too', () => {
  const { guide } = guided();
  guide.begin(step(), 'r-2');
  guide.skip();
  guide.see(seen({ epoch: 3, playing: true }));
  guide.see(seen({ epoch: 3, ended: true, message: 'Training has diverged.' }));
  assert.equal(guide.phase, 'done');
  assert.deepEqual(guide.verdict, { right: null, said: undefined });
});

test('what is tried after a step is trained, and once more from its beginning', () => {
  const { guide, stage } = guided();
  guide.begin(step({ free: true, epochs: 30 }), 'r-2');
  assert.equal(guide.trial, 'ready');
  guide.see(seen({ epoch: 3, playing: true }));
  assert.equal(guide.trial, 'running');
  guide.see(seen({ epoch: 30, playing: true }));
  assert.equal(guide.trial, 'done');
  stage.run = 'r-2';
  stage.calls.length = 0;
  guide.trainAgain();
  guide.see(seen({ epoch: 30 })); // the new one isn't there yet
  assert.deepEqual(stage.calls, ['reset']);
  guide.see(seen({ run: 'r-3' }));
  assert.deepEqual(stage.calls, ['reset', 'play']);
  assert.equal(guide.trial, 'ready');
  guide.see(seen({ run: 'r-3', epoch: 1 }));
  assert.deepEqual(stage.calls, ['reset', 'play']);
});

test('what is tried stays hidden until its run trains, whatever its step has come to', () => {
  const { guide } = guided();
  const root = { dataset: {} };
  new StageLink(guide, { player: { state: {} }, transport: { suggestSpeed: () => {} }, root, now: () => 0 });
  guide.begin(step());
  assert.deepEqual([root.dataset.lesson, root.dataset.untried], ['asking', 'false']);
  guide.begin(step({ free: true, epochs: 30 }), 'r-2');
  const untried = () => root.dataset.untried;
  assert.deepEqual([root.dataset.lesson, untried()], ['done', 'true']);
  guide.see(seen({ epoch: 0 }));
  assert.equal(untried(), 'true');
  guide.see(seen({ epoch: 0, playing: true }));
  assert.equal(untried(), 'false');
  guide.see(seen({ epoch: 0 })); // it went wrong and is back at its beginning, or the timeline is dragged there
  assert.equal(untried(), 'false');
  guide.see(seen({ run: 'r-3' })); // with other settings
  assert.equal(untried(), 'true');
  guide.see(seen({ run: 'r-3', epoch: 4 }));
  assert.equal(untried(), 'false');
  guide.begin(null);
  assert.deepEqual([root.dataset.lesson, untried()], ['', 'false']);
});

test('it is said which answers are near enough', () => {
  const question = (more) => ({ kind: 'number', text: '?', unit: '%', value: null, tolerance: 8, ...more });
  assert.equal(nearEnough(question({}), 98.9, String), '90.9 to 100 %');
  assert.equal(nearEnough(question({ unit: 'steps', tolerance: 6 }), 3, String), '0 to 9 steps');
  assert.equal(nearEnough(question({ unit: '', tolerance: 0.5 }), -1, String), '-1.5 to -0.5');
  assert.equal(nearEnough(question({ tolerance: 0 }), 4, String), '');
  assert.equal(nearEnough(question({}), Infinity, String), '');
});

test('a step says which axis its losses have, once', () => {
  const { guide } = guided();
  const axes = [];
  const root = { dataset: {} };
  new StageLink(guide, { player: { state: {} }, transport: { suggestSpeed: () => {} }, root, now: () => 0, setLog: (log) => axes.push(log) });
  guide.begin(step({ logScale: true }));
  guide.skip(); // the visitor may have chosen another one by now
  assert.deepEqual(axes, [true]);
  guide.begin(step({ index: 1, title: 'Two' }));
  assert.deepEqual(axes, [true, false]);
});

test('the run of the step before says nothing of this one', () => {
  const store = memory();
  const { guide } = guided(store);
  guide.begin(step({ index: 1, title: 'Two' }));
  guide.answer(1);
  guide.begin(step());
  guide.begin(step({ index: 1, title: 'Two' }), 'r-2'); // answered before; r-1 is still on the stage
  guide.see(seen({ run: 'r-1', epoch: 60, ended: true }));
  assert.equal(guide.phase, 'ready');
  guide.see(seen({ run: 'r-2', epoch: 60, ended: true }));
  assert.equal(guide.phase, 'done');
});

test('another step begins halted at its beginning, whichever of run and words comes first', () => {
  for (const there of ['r-1', 'r-2']) {
    const { guide, stage } = guided();
    guide.begin(step(), 'r-1');
    guide.answer(1);
    guide.see(seen({ run: 'r-1', epoch: 20, playing: true }));
    Object.assign(stage, { run: there, playing: true, calls: [] });
    guide.begin(step({ index: 1, title: 'Two' }), 'r-2');
    assert.deepEqual(stage.calls.filter((call) => typeof call === 'string'), there === 'r-2' ? ['pause', 'reset'] : ['pause']);
    assert.deepEqual([guide.phase, guide.mayTrain()], ['asking', false]);
  }
  const { guide, stage } = guided();
  guide.begin(step(), 'r-1');
  stage.playing = true;
  guide.begin(step({ question: { ...CHOICE, text: 'Was?' } }), 'r-1'); // in another language
  assert.ok(!stage.calls.includes('pause'));
});

test('a run that diverges at once is over, too, where it is back at its beginning', () => {
  const { guide } = guided();
  guide.begin(step(), 'r-2');
  guide.skip();
  guide.see(seen({ playing: true }));
  guide.see(seen({ ended: true, message: 'Training has diverged.' }));
  assert.equal(guide.phase, 'done');
});

test('whoever comes back to a step that is done is told how to see it again, until something of its run is there', () => {
  const store = memory();
  const first = guided(store).guide;
  first.begin(step(), 'r-2');
  first.answer(1);
  first.see(seen({ epoch: 60, playing: true }));
  assert.equal(first.isRevisited, false);
  const { guide } = guided(store);
  guide.begin(step(), 'r-2');
  guide.see(seen({}));
  assert.deepEqual([guide.phase, guide.isRevisited], ['done', true]);
  guide.see(seen({ epoch: 1, playing: true }));
  assert.equal(guide.isRevisited, false);
});

test('what is tried, or seen again, is halted at the epochs, once', () => {
  const { guide, stage } = guided();
  const pauses = () => stage.calls.filter((call) => call === 'pause').length;
  guide.begin(step({ free: true }), 'r-2');
  guide.see(seen({ epoch: 59, playing: true }));
  assert.equal(pauses(), 0);
  guide.see(seen({ epoch: 60, playing: true }));
  assert.equal(pauses(), 1);
  guide.see(seen({ epoch: 61, playing: true })); // Play was pressed again
  assert.equal(pauses(), 1);
  guide.see(seen({ epoch: 0 }));
  guide.see(seen({ epoch: 60, playing: true }));
  assert.equal(pauses(), 2);
});

test('what was answered and done is there again, unless the author has put another step in its place', () => {
  const store = memory();
  const first = guided(store).guide;
  first.begin(step({ question: { kind: 'number', text: '?', unit: '%', value: null, tolerance: 2 } }), 'r-2');
  first.answer(73);
  first.see(seen({ epoch: 60, playing: true }));
  first.note({ measured: 75 });
  const second = guided(store).guide;
  second.begin(step({ question: { kind: 'number', text: '?', unit: '%', value: null, tolerance: 2 } }));
  assert.equal(second.phase, 'done');
  assert.deepEqual(second.verdict, { right: true, said: 73 });
  const progress = new Progress(store);
  assert.deepEqual(progress.of('xor', ['One', 'Two']), { done: [true, false], at: 0, begun: true });
  assert.deepEqual(progress.of('xor', ['Another', 'Two']).done, [false, false]);
  second.askAgain();
  assert.equal(second.phase, 'asking');
  assert.deepEqual(progress.of('xor', ['One', 'Two']).done, [false, false]);
});

test('a browser that keeps nothing, or something else, does no harm', () => {
  for (const text of ['', 'null', '[]', '{"xor": 3}', '{"xor": {"steps": [], "at": "x"}}', '{"xor": {"steps": {"0": 7}, "at": 99}}', '{"__proto__": {}}', '{']) {
    assert.deepEqual(new Progress(memory(text)).of('xor', ['One']), { done: [false], at: 0, begun: false });
  }
  const { guide } = guided({ getItem: () => { throw new Error('no'); }, setItem: () => { throw new Error('full'); } });
  guide.begin(step());
  guide.answer(1);
  assert.equal(guide.phase, 'ready');
  new Progress(null).keep('xor', 0, { of: 'One' });
});

test('what is tried asks nothing, and leaves what was done as it is', () => {
  const store = memory();
  const { guide } = guided(store);
  guide.begin(step(), 'r-2');
  guide.answer(1);
  guide.see(seen({ epoch: 60, playing: true }));
  const before = store.kept.text;
  guide.begin(step({ free: true }), 'r-3');
  assert.equal(guide.mayTrain(), true);
  guide.see(seen({ run: 'r-3', epoch: 70, playing: true }));
  assert.equal(store.kept.text, before);
});

test('a long run plays faster, and ends where it is to', () => {
  assert.deepEqual([50, 60, 400, 1000, 3000, 20000, 997].map((epochs) => paceFor(epochs).epochs), [1, 1, 1, 2, 5, 50, 1]);
});

test('a short run is slow enough to be seen', () => {
  const stays = [20, 30, 80, 400, 1000].map((epochs) => paceFor(epochs).stay);
  assert.deepEqual(stays, [100, 100, 50, 10, 8]); // milliseconds a frame; 1000 epochs are 500 frames
});

test('numbers are read as people write them', () => {
  assert.deepEqual(['0.8', '0,8', ' 80 % ', '−3', '1e-3', '.5'].map(numberOf), [0.8, 0.8, 80, -3, 1e-3, 0.5]);
  assert.deepEqual(['', 'x', '1.2.3', '1,000,000', 'Infinity', '0x10', '8 units'].map(numberOf), [null, null, null, null, null, null, null]);
});

// -- a lecture ---------------------------------------------------------------------------------------------------------

test('a lecture is a list of steps that is kept, and a link', () => {
  const store = memory();
  const lecture = new Lecture(store);
  for (const [lesson, step] of [['neuron', 0], ['xor', 2], ['learning_rate', 3]]) lecture.toggle({ lesson, step, title: `${lesson} ${step}` });
  lecture.raise(2);
  assert.deepEqual(new Lecture(store).scenes.map(({ lesson, step }) => [lesson, step]), [['neuron', 0], ['learning_rate', 3], ['xor', 2]]);
  assert.equal(lecture.has({ lesson: 'xor', step: 2 }), true);
  assert.equal(lecture.titleOf({ lesson: 'xor', step: 2 }), 'xor 2');
  assert.equal(lecture.titleOf({ lesson: 'luck', step: 1 }), 'luck, step 2');
  const link = lecture.link('http://here/lessons');
  assert.equal(link, 'http://here/lessons?lesson=neuron&step=1&scenes=neuron.1,learning_rate.4,xor.3&present=true');
  const scenes = scenesIn(new URL(link).searchParams.get('scenes'));
  assert.deepEqual(beside(scenes, { lesson: 'learning_rate', step: 3 }, 1), { lesson: 'xor', step: 2 });
  assert.deepEqual(beside(scenes, { lesson: 'learning_rate', step: 3 }, -1), { lesson: 'neuron', step: 0 });
  assert.equal(beside(scenes, { lesson: 'xor', step: 2 }, 1), null);
  assert.equal(beside(scenes, { lesson: 'luck', step: 0 }, 1), null);
  lecture.toggle({ lesson: 'neuron', step: 0, title: '' });
  assert.equal(lecture.scenes.length, 2);
  lecture.clear();
  assert.deepEqual([lecture.scenes, lecture.link('x')], [[], 'x']);
});

test('what names no scenes is no lecture', () => {
  for (const text of ['', 'x', 'xor', 'xor.0', 'xor.10', 'XOR.1', '<b>.1', 'a/b.1', '.1', 'xor.1.2']) assert.deepEqual(scenesIn(text), []);
  assert.deepEqual(scenesIn('xor.1,xor.1,nothing,luck.2').map(nameOf), ['xor.1', 'luck.2']);
  assert.equal(scenesIn(String(Array.from({ length: 99 }, (_, k) => `a${k}.1`))).length, 40);
  for (const text of ['{', '{}', '[3]', '[{"name": 7}]', '[null]', '[{"name": "xor.1", "title": {"a": 1}}]']) assert.ok(new Lecture(memory(text)).scenes.length <= 1);
});

// -- words and keys ----------------------------------------------------------------------------------------------------

test('words are marked, and whatever else is in them is text', () => {
  assert.deepEqual(partsOf('a **b** *c* `d*e*` f'), [
    { kind: 'text', text: 'a ' }, { kind: 'strong', text: 'b' }, { kind: 'text', text: ' ' }, { kind: 'em', text: 'c' }, { kind: 'text', text: ' ' },
    { kind: 'code', text: 'd*e*' }, { kind: 'text', text: ' f' },
  ]);
  for (const plain of ['2 * 3 * 4', '<b>x</b>', '[a](http://b)', 'costs 5$', '**', '']) assert.equal(partsOf(plain).map(({ text }) => text).join(''), plain);
  assert.ok(partsOf('<img src=x onerror=alert(1)>').every(({ kind }) => kind === 'text'));
});

test('a lecture that came as a link becomes one’s own, and its scenes have the names that the server gives', () => {
  const lecture = new Lecture(memory());
  const scenes = scenesIn('xor.2,neuron.1');
  assert.equal(lecture.is(scenes), false);
  lecture.take(scenes.map((scene) => ({ ...scene, title: lecture.titleOf(scene, { 'xor.2': 'Four units' }) })));
  assert.equal(lecture.is(scenes), true);
  assert.equal(lecture.is(scenes.toReversed()), false);
  assert.deepEqual(lecture.scenes.map(({ title }) => title), ['Four units', 'neuron, step 1']);
  assert.equal(lecture.titleOf(scenes[0], JSON.parse('{"__proto__": "x"}')), 'Four units');
});

test('formulas have indices and powers, letters and words', () => {
  assert.deepEqual(formulaOf('x_1^2'), [{ kind: 'var', text: 'x' }, { kind: 'sub', text: '1' }, { kind: 'sup', text: '2' }]);
  assert.deepEqual(formulaOf('\\sigma(w_{12} x)').map(({ kind, text }) => [kind, text]), [['var', 'σ'], ['text', '('], ['var', 'w'], ['sub', '12'], ['text', ' '], ['var', 'x'], ['text', ')']]);
  assert.deepEqual(formulaOf('\\tanh(z)').map(({ text }) => text).join(''), 'tanh(z)');
});

test('a clicker’s keys are those of lessons alone', () => {
  const page = { tag: 'body', type: '', role: '', editable: false, inDialog: false };
  assert.equal(commandFor({ key: 'PageDown' }, page), null);
  const all = [...KEYS, ...LESSON_KEYS];
  assert.equal(commandFor({ key: 'PageDown' }, page, all).command, 'nextStep');
  assert.equal(commandFor({ key: 'PageUp' }, page, all).command, 'previousStep');
  assert.equal(commandFor({ key: 'n' }, page, all).command, 'notes');
  assert.equal(commandFor({ key: 'n' }, { ...page, tag: 'input', type: 'text' }, all), null);
  // Also from the field in which a number was typed, and from the picture that was drawn on.
  assert.equal(commandFor({ key: 'PageDown' }, { ...page, tag: 'input', type: 'text' }, all).command, 'nextStep');
  assert.equal(commandFor({ key: 'PageDown' }, { ...page, tag: 'canvas', role: 'application' }, all).command, 'nextStep');
  for (const place of [{ tag: 'textarea' }, { tag: 'input', role: 'combobox', expanded: true }, { inDialog: true }]) assert.equal(commandFor({ key: 'PageDown' }, { ...page, ...place }, all), null);
  assert.equal(commandFor({ key: 'ArrowDown' }, { ...page, tag: 'input', type: 'radio' }, all), null);
  assert.equal(new Set(all.flatMap(({ keys }) => keys)).size, all.flatMap(({ keys }) => keys).length);
});
