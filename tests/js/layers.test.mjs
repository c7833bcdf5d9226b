import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerNames } from '../../static/stage/panels/layers/layer_names.js';
import { normCurves, normRanges } from '../../static/stage/panels/layers/norm_chart.js';
import { stuckText } from '../../static/stage/panels/layers/unit_table.js';

test('rows of norms become a curve for each layer, without gaps and zeros', () => {
  const rows = Float32Array.of(NaN, NaN, NaN, 0, 0.5, 0, 2, NaN, NaN, 4, 0.25, 8);
  assert.deepEqual(normCurves(rows, 2), [{ x: [0, 4], y: [0.5, 0.25] }, { x: [4], y: [8] }]);
});

test('axes of the norms hold every curve, and there are some without any', () => {
  const { x, y } = normRanges([{ x: [0, 130], y: [0.001, 3] }], 130);
  assert.deepEqual(x, [0, 150]);
  assert.ok(y[0] < -3 && y[1] > Math.log10(3));
  assert.deepEqual(normRanges([{ x: [], y: [] }], 0), { x: [0, 1], y: [-2, 0] });
});

test('layers and stuck units in words', () => {
  assert.deepEqual(layerNames({ layers: [{}, {}] }), ['Layer 1', 'Layer 2', 'Output']);
  assert.equal(stuckText(1, 0.25, 8), '2 of 8 dead');
  assert.equal(stuckText(2, 1, 3), '3 of 3 saturated');
  assert.equal(stuckText(0, NaN, 3), 'never saturates');
});
