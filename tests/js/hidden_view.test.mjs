import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Player } from '../../static/stage/player/player.js';
import { HiddenView } from '../../static/stage/run/hidden_view.js';

const info = (...hidden) => ({ steps_per_epoch: 10, layers: hidden.map((units) => ({ units })), network: { layer_sizes: [2, ...hidden, 1] } });
const LINKED = { layer: 0, projection: 'units', units: [1, 2], mode: '2d' };

test('a run begins with its last layer, or as the link says, where it can', () => {
  const view = new HiddenView();
  view.start(info(8, 8));
  assert.deepEqual([view.now.layer, view.now.projection, view.now.mode], [1, 'straight', '2d']);
  const linked = new HiddenView();
  linked.start(info(8, 8), null, LINKED);
  assert.deepEqual([linked.now.layer, linked.now.projection, linked.now.units], [0, 'units', [1, 2]]);
  for (const other of [info(2, 8), info()]) {
    const unfit = new HiddenView();
    unfit.start(other, null, LINKED);
    assert.equal(unfit.now.projection, 'straight');
  }
});

test('it is kept where the layers are alike, and views that are alike have one number', () => {
  const view = new HiddenView();
  view.start(info(8, 8), null, LINKED);
  view.look({ layer: 0, projection: 'pca' });
  const { id } = view.now;
  view.look({ projection: 'straight' });
  assert.notEqual(view.now.id, id);
  view.look({ projection: 'pca' });
  assert.equal(view.now.id, id);
  view.start(info(8, 8), null, LINKED);
  assert.deepEqual([view.now.layer, view.now.projection], [0, 'pca']);
  const before = view.copy();
  view.start(info(8, 4), null, LINKED);
  assert.deepEqual([view.now.layer, view.now.projection], [1, 'straight']);
  view.start(info(8, 8), before, LINKED);
  assert.deepEqual([view.now.layer, view.now.projection], [0, 'pca']);
});

const sync = (player, extra = {}) =>
  player.connection.receive({
    header: { seq: 1, kind: 'sync', run: 'A', settings: 1, reply: 0, view: { id: 1, shows: [] }, last_frame: 0, stopped: null, info: info(8, 8), ...extra },
    statics: {},
    frames: [{ counters: Float64Array.of(0, 0, 0, 0, 1), measures: new Float64Array(5), parameters: new Float32Array(4) }],
  }, 0);

test('of a run that is drawn here, a change of view asks the server for nothing; parts are asked for', () => {
  const asked = [];
  const player = new Player({ send: (request) => asked.push(request) });
  sync(player, { linked_view: LINKED });
  assert.equal(player.state.chosenView.projection, 'units');
  const { version } = player;
  player.setView({ layer: 1, projection: 'pca', units: [0, 1], mode: 'morph' }, 0);
  assert.equal(asked.length, 0);
  assert.ok(player.version > version);
  assert.equal(player.state.chosenView.mode, 'morph');
  player.setView({ shows: ['measures'] }, 0);
  const { id, run, controls, ...request } = asked[0];
  assert.deepEqual(request, { kind: 'view', frame: 0, shows: ['measures'] });
});

test('the next frame waits for its picture', () => {
  let isReady = false;
  const player = new Player({ send: () => {}, isReady: () => isReady });
  sync(player);
  player.timeline.store({ counters: Float64Array.of(1, 1, 0, 10, 1), measures: new Float64Array(5), parameters: new Float32Array(4) });
  player.play(0);
  player.tick(0);
  assert.equal(player.timeline.shown, 0);
  isReady = true;
  player.tick(0);
  assert.equal(player.timeline.shown, 1);
});
