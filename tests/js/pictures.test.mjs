import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Pictures } from '../../static/stage/pictures/pictures.js';
import { Resolution } from '../../static/stage/pictures/resolution.js';

const DOMAIN = [[-1, 1], [-1, 1]];
const INFO = { input_names: ['x₁', 'x₂'], network: { layer_sizes: [2, 8, 1] } };
const WANTED = { surface: { columns: 400, rows: 400, domain: DOMAIN }, maps: 40, hidden: true };
const VIEW = { id: 1, layer: 0, projection: 'straight', units: [0, 1], mode: '2d', fit: 0 };

/** A worker that answers when it is told to. */
class FakeWorker {
  lastMs = 5;
  runs = [];
  asked = [];

  setRun(run) {
    this.runs.push(run.id);
  }

  ask(key, parameters, wants, onPicture, { urgent }) {
    if (urgent) this.asked = [];
    this.asked.push({ key, wants, onPicture });
  }

  answer() {
    for (const { key, wants, onPicture } of this.asked.splice(0)) {
      const { surface, maps, hidden, probe } = wants;
      onPicture({
        ...(surface ? { surface: new Uint8Array(surface.columns * surface.rows) } : {}),
        ...(maps ? { unit_maps: new Uint8Array(9 * maps * maps) } : {}),
        ...(hidden ? { hidden_points: new Float32Array(4) } : {}),
        ...(probe ? { straight_scores: new Float32Array(2) } : {}),
      }, key);
    }
  }
}

const frame = (number) => ({
  counters: Float64Array.of(number, number, 0, number, 1),
  measures: Float64Array.of(1, 1, 0.5, 0.5, 0.1),
  parameters: new Float32Array(33).fill(number),
});

let worker;
let pictures;
let arrivals;

beforeEach(() => {
  worker = new FakeWorker();
  arrivals = 0;
  pictures = new Pictures(worker, () => arrivals++);
  pictures.setRun({ id: 'a', info: INFO, statics: {} });
  pictures.look(WANTED, VIEW);
});

/** Answer until nothing more is asked for. */
function settle(shown, playing = false, next = []) {
  for (let k = 0; k < 5; k++) {
    pictures.ask(shown, playing, next);
    worker.answer();
  }
}

test('a frame is drawn with its picture, as soon as there is one', () => {
  const shown = frame(1);
  assert.equal(pictures.of(shown), null);
  pictures.ask(shown, true, []);
  pictures.ask(shown, true, []);
  assert.equal(worker.asked.length, 1, 'it is asked for once');
  worker.answer();
  assert.equal(arrivals, 1);
  const drawn = pictures.of(shown);
  assert.equal(drawn.surface.length, 41 * 41);
  assert.deepEqual(drawn.plot, { columns: 41, rows: 41, domain: DOMAIN });
  assert.equal(drawn.view, VIEW);
  assert.equal(drawn.counters, shown.counters);
  assert.equal(pictures.of(shown), drawn, 'the same as long as nothing has come');
});

test('at rest the boundary comes in the pixels of its panel, their centres, and the rest stays', () => {
  const shown = frame(1);
  settle(shown);
  const drawn = pictures.of(shown);
  assert.equal(drawn.plot.columns, 400);
  assert.deepEqual(drawn.plot.domain[0], [-1 + 1 / 400, 1 - 1 / 400]);
  assert.equal(drawn.unit_maps.length, 9 * 40 * 40);
  assert.ok(drawn.straight_scores);
  pictures.ask(shown, false, []);
  assert.equal(worker.asked.length, 0);
});

test('where even the roughest pictures take long, lines of the warped grid have fewer samples, until the run rests', () => {
  worker.lastMs = 200;
  let number = 1;
  for (; number < 10; number++) settle(frame(number), true);
  const shown = frame(number);
  pictures.ask(shown, true, []);
  assert.deepEqual(worker.asked[0].wants.grid, { lines: 13, samples: 13 });
  worker.answer();
  pictures.ask(shown, false, []);
  const wants = worker.asked.map((job) => job.wants);
  assert.deepEqual(wants.findLast(({ hidden }) => hidden).grid, { lines: 13, samples: 31 });
  settle(shown);
  pictures.ask(shown, false, []);
  assert.equal(worker.asked.length, 0, 'once is enough');
});

test('while frames play, those that come next are made ahead', () => {
  const [shown, second, third] = [1, 2, 3].map(frame);
  settle(shown, true, [second, third]);
  assert.ok(pictures.isNextReady(second) && pictures.isReady(third));
  assert.equal(pictures.isReady(frame(4)), false);
  assert.equal(pictures.of(second).plot.columns, 41);
  assert.equal(arrivals, 1, 'only the one on screen is to be drawn');
});

test('another view draws what hidden layers see, and nothing else again', () => {
  const shown = frame(1);
  settle(shown);
  const { surface } = pictures.of(shown);
  pictures.look(WANTED, { ...VIEW, id: 2, projection: 'pca' });
  pictures.ask(shown, false, []);
  const [{ wants }] = worker.asked;
  assert.deepEqual([wants.surface, wants.maps, wants.probe, wants.hidden.projection], [null, 0, false, 'pca']);
  assert.equal(pictures.of(shown).view.projection, 'straight', 'meanwhile as before');
  worker.answer();
  assert.equal(pictures.of(shown).view.projection, 'pca');
  assert.equal(pictures.of(shown).surface, surface);
});

test('zooming in asks for the part that is seen, first roughly, then finely; nothing that waits is of use', () => {
  const shown = frame(1);
  settle(shown);
  const domain = [[0, 0.5], [0, 0.5]];
  pictures.look({ ...WANTED, surface: { ...WANTED.surface, domain } }, VIEW);
  pictures.ask(shown, false, []);
  assert.deepEqual(worker.asked.map(({ wants }) => wants.surface), [{ columns: 41, rows: 41, domain }]);
  const further = [[0, 0.25], [0, 0.25]];
  pictures.look({ ...WANTED, surface: { ...WANTED.surface, domain: further } }, VIEW);
  pictures.ask(shown, false, []);
  assert.deepEqual(worker.asked.map(({ wants }) => wants.surface.domain), [further]);
  assert.ok(pictures.of(shown), 'the picture before is drawn meanwhile');
  settle(shown);
  assert.equal(pictures.of(shown).plot.columns, 400);
});

test('a frame that comes again with other parts has its picture', () => {
  const shown = frame(1);
  settle(shown);
  const again = { ...shown, confusion: new Uint32Array(8) };
  const drawn = pictures.of(again);
  assert.ok(drawn.confusion && drawn.plot.columns === 400);
});

test('a fine picture that nobody waits for any more gives way to frames that play', () => {
  const [shown, second] = [1, 2].map(frame);
  pictures.ask(shown, false, []);
  worker.answer();
  pictures.ask(shown, false, []);
  assert.equal(worker.asked[0].wants.surface.columns, 400);
  pictures.ask(shown, true, [second]);
  assert.deepEqual(worker.asked.map(({ wants }) => wants.surface.columns), [41]);
});

test('a run that the server draws is shown as it comes, and an axis alone has a curve of more points', () => {
  pictures.setRun({ id: 'b', info: { input_names: [] }, statics: {} });
  const shown = frame(1);
  assert.equal(pictures.of(shown), shown);
  pictures.setRun({ id: 'c', info: { ...INFO, input_names: ['x'] }, statics: {} });
  pictures.look(WANTED, VIEW);
  pictures.ask(shown, false, []);
  assert.deepEqual([worker.asked[0].wants.surface.columns, worker.asked[0].wants.surface.rows], [205, 1]);
  assert.deepEqual(worker.runs, ['a', 'c']);
});

test('frames are drawn more finely where there is time, and more roughly where there is none', () => {
  const resolution = new Resolution();
  const { surface } = resolution;
  for (let k = 0; k < 200; k++) resolution.note(surface === resolution.surface ? 1 : 4);
  assert.ok(resolution.surface > surface);
  for (let k = 0; k < 400; k++) resolution.note(15);
  assert.equal(resolution.surface, 21);
  resolution.reset();
  assert.equal(resolution.surface, surface);
  for (let k = 0; k < 400; k++) {
    const { surface: side, maps } = resolution;
    assert.ok(side === maps || (side - 1) / (maps - 1) === 2, 'maps are part of the boundary');
    resolution.note(0.5);
  }
  assert.equal(resolution.surface, 81);
});
