// The page's side of the worker that makes pictures, with a worker that is played, one that fails, and none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PictureMaker } from '../../static/network/picture.js';
import { PictureQueue } from '../../static/network/picture_queue.js';
import { PictureWorker } from '../../static/network/picture_worker.js';

const DOMAIN = [[-1, 1], [-1, 1]];
const run = {
  info: {
    input_names: ['x₁', 'x₂'],
    inputs: ['x₁', 'x₂'],
    class_names: ['a', 'b'],
    surface_range: [0, 1],
    domain: DOMAIN,
    layers: [{ units: 2, range: [-1, 1] }],
    network: {
      layer_sizes: [2, 2, 1],
      activations: [{ name: 'tanh', parameters: {} }],
      output: 'sigmoid',
      has_bias: true,
      inputs: { formulas: [['x1'], ['x2']] },
    },
  },
  statics: {
    inputs: Float32Array.of(-0.5, 0, 0.5, 0.2),
    sample_inputs: Float32Array.of(-0.5, 0, 0.5, 0.2),
    targets: Float32Array.of(0, 1),
    is_test: Uint8Array.of(0, 0),
    history_epoch: new Float64Array(1),
  },
};
const PARAMETERS = Float32Array.of(1, -2, 0.5, 1, 0.1, -0.1, 2, 1, -0.3);
const square = (side) => ({ surface: { columns: side, rows: side, domain: DOMAIN } });

/** A worker that works here; what it gets and says is copied on the way, as it would be. */
class PlayedWorker {
  #queue = new PictureQueue((made) => this.onmessage({ data: structuredClone(made) }));
  received = [];

  postMessage(message) {
    this.received.push(Object.keys(message));
    const { run: sent, job, isUrgent } = structuredClone(message);
    if (sent) this.#queue.setRun(sent);
    if (job) this.#queue.ask(job, isUrgent);
  }

  terminate() {
    this.isTerminated = true;
  }
}

const noWorker = () => {
  throw new Error('no workers here');
};

/** Wait until nothing is under way. */
async function settled(pictures) {
  for (let turns = 0; pictures.busy && turns < 5000; turns++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(pictures.busy, 0);
}

for (const [name, start] of [['with a worker', () => new PlayedWorker()], ['without one', noWorker]]) {
  test(`pictures come in the order of the questions, ${name}`, async () => {
    const pictures = new PictureWorker(start);
    pictures.setRun(run);
    const said = [];
    const note = (picture, key, ms) => said.push([key, picture.surface.length, ms >= 0]);
    pictures.ask('large', PARAMETERS, square(150), note);
    pictures.ask('small', PARAMETERS, square(5), note);
    assert.deepEqual([pictures.busy, said], [2, []]);
    await settled(pictures);
    assert.deepEqual(said, [['large', 22500, true], ['small', 25, true]]);
    assert.ok(pictures.lastMs > 0);
  });

  test(`a picture is what a maker makes of the same parameters, ${name}`, async () => {
    const pictures = new PictureWorker(start);
    pictures.setRun(run);
    const wants = { ...square(9), maps: 5, hidden: { layer: 0, projection: 'pca', units: [0, 1], mode: 'morph', fit: 0 }, probe: true };
    const parameters = PARAMETERS.slice();
    let made = null;
    pictures.ask(1, parameters, wants, (picture) => {
      made = picture;
    });
    parameters.fill(NaN); // they were taken as they were
    await settled(pictures);
    assert.deepEqual(made, new PictureMaker(run).make(PARAMETERS, wants));
  });

  test(`what is urgent drops everything else, also a large picture that is half made, ${name}`, async () => {
    const pictures = new PictureWorker(start);
    pictures.setRun(run);
    const said = [];
    const note = (_, key) => said.push(key);
    pictures.ask('huge', PARAMETERS, square(8000), note);
    pictures.ask('next', PARAMETERS, square(5), note);
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.deepEqual(said, []);
    pictures.ask('urgent', PARAMETERS, square(5), note, { urgent: true });
    assert.equal(pictures.busy, 1);
    await settled(pictures);
    assert.deepEqual(said, ['urgent']);
  });

  test(`a new run drops what was asked for the one before, ${name}`, async () => {
    const pictures = new PictureWorker(start);
    pictures.setRun(run);
    const said = [];
    const note = (_, key) => said.push(key);
    pictures.ask('old', PARAMETERS, square(300), note);
    pictures.setRun({ ...run });
    pictures.ask('new', PARAMETERS, square(5), note);
    await settled(pictures);
    assert.deepEqual(said, ['new']);
  });

  test(`one that cannot be made is left out, and those after it come, ${name}`, async (t) => {
    const errors = t.mock.method(console, 'error', () => {});
    const pictures = new PictureWorker(start);
    pictures.setRun(run);
    const said = [];
    const note = (_, key) => said.push(key);
    pictures.ask('bad', PARAMETERS.subarray(1), square(5), note);
    pictures.ask('good', PARAMETERS, square(5), note);
    await settled(pictures);
    assert.deepEqual(said, ['good']);
    assert.match(errors.mock.calls[0].arguments[0], /has 9 parameters, not 8/);
  });
}

test('a worker that fails is replaced by the page, which makes what is still missing', async () => {
  const worker = new PlayedWorker();
  worker.postMessage = () => {};
  const pictures = new PictureWorker(() => worker);
  pictures.setRun(run);
  const said = [];
  const note = (_, key) => said.push(key);
  pictures.ask(1, PARAMETERS, square(5), note);
  pictures.ask(2, PARAMETERS, square(5), note);
  worker.onerror({ preventDefault() {} });
  pictures.ask(3, PARAMETERS, square(5), note);
  await settled(pictures);
  assert.deepEqual([said, worker.isTerminated], [[1, 2, 3], true]);
});

test('the worker gets no more of a run than it needs', () => {
  let sent = null;
  const worker = { postMessage: (message) => (sent = message) };
  new PictureWorker(() => worker).setRun(run);
  assert.deepEqual(Object.keys(sent.run.statics).sort(), ['inputs', 'is_test', 'sample_inputs', 'targets']);
  assert.notEqual(sent.run.statics.inputs.buffer, run.statics.inputs.buffer);
});

test('a picture is the same after others of other sizes', () => {
  const maker = new PictureMaker(run);
  const first = maker.make(PARAMETERS, { ...square(41), maps: 21 });
  for (const side of [21, 61, 41]) maker.make(PARAMETERS, { ...square(side), maps: 11 });
  assert.deepEqual(maker.make(PARAMETERS, { ...square(41), maps: 21 }), first);
});
