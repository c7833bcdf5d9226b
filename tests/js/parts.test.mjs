import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsToAsk } from '../../static/stage/connection/frame_parts.js';
import { FrameBuffer } from '../../static/stage/run/frame_buffer.js';
import { RunState } from '../../static/stage/run/run_state.js';

test('parts are asked for when a panel needs what frames lack, or nobody needs what they bring', () => {
  const panels = [{ needs: ['measures'] }, { needs: [] }, { needs: ['diagram', 'measures'] }];
  assert.deepEqual(partsToAsk(panels, {}), ['diagram', 'measures']);
  assert.equal(partsToAsk(panels, { shows: ['measures', 'diagram'] }), null);
  assert.deepEqual(partsToAsk([{ needs: [] }], { shows: ['measures'] }), []);
  assert.equal(partsToAsk([{ needs: [] }], {}), null);
});

test('views that differ in their parts only draw the hidden layer alike', () => {
  const state = new RunState();
  const view = { id: 3, layer: 0, projection: 'pca', units: [0, 1], shows: [] };
  state.start({ run: 'a', info: {}, settings: 0, view }, {});
  state.addView({ ...view, id: 4, shows: ['measures'] });
  state.addView({ ...view, id: 5, layer: 1 });
  state.addView({ ...view, id: 6, layer: 1, shows: ['measures'] });
  state.addView({ ...view, id: 6, layer: 1, shows: ['measures'] });
  assert.deepEqual([3, 4, 5, 6].map((id) => state.views.get(id).hidden), [3, 3, 5, 5]);
  assert.equal(state.view.id, 6);
});

test('the buffer counts bytes as they come, for frames grow with their parts', () => {
  const buffer = new FrameBuffer();
  const frame = (number, bytes) => ({ counters: Uint32Array.of(number), data: new Uint8Array(bytes) });
  for (let k = 0; k < 200; k++) buffer.put(frame(k, 8), k);
  assert.equal(buffer.size, 200);
  for (let k = 100; k < 200; k++) buffer.put(frame(k, 2e6), k);
  const large = Array.from({ length: 100 }, (_, k) => 100 + k).filter((k) => buffer.has(k));
  assert.ok(large.length >= 30 && large.length <= 48, `${large.length} frames of 2 MB are 96 MB at most`);
  assert.ok(buffer.has(199) && buffer.has(198), 'the nearest ones stay');
  buffer.dropAfter(99);
  for (let k = 100; k < 400; k++) buffer.put(frame(k, 8), k);
  assert.ok(buffer.size >= 300);
});
