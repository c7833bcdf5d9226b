import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growTight } from '../../static/plot/ranges.js';
import { eased, morphCaption, morphEnd, morphInto, morphRanges, morphRangesAt, morphStages } from '../../static/stage/panels/hidden/morph.js';
import { CORNERS, EDGES, HOME, axesOf, cutThroughCube, projector, turned, visibleEdges, zoomed } from '../../static/stage/panels/hidden/orbit.js';
import { placeLabels } from '../../static/stage/panels/hidden/solid_labels.js';
import { directionNames, drawnView, hasFeatures } from '../../static/stage/panels/hidden/view.js';

const close = (a, b, tolerance = 1e-6) => assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`);
const dot = (u, v) => u.reduce((sum, value, k) => sum + value * v[k], 0);

// Two samples; one layer that turns by 90°, stretches by 2, shifts by (1, −3), and clips at 0.
const AXES = ['x₁', 'x₂'];
const INFO = { layers: [{ units: 2, activation: 'relu' }], inputs: AXES, input_names: AXES };
const STAGES = morphStages(INFO);
const PLANE = [[1, 0], [0, 2]];
const PRODUCT = [[0, 2], [-4, 0]];
const SHIFT = [1, -3];
const SHIFTED = PRODUCT.map((p) => p.map((value, k) => value + SHIFT[k]));
const CLIPPED = SHIFTED.map((p) => p.map((value) => Math.max(0, value)));
const SCALE = [-5, 1 / 4096, -5, 1 / 8192];
const FRAME = {
  hidden_scale: Float32Array.from(SCALE),
  hidden_shifts: Float32Array.from(SHIFT),
  hidden_points: Uint16Array.from([PLANE, SHIFTED, CLIPPED].flat(2).map((value, i) => (value - SCALE[2 * (i % 2)]) / SCALE[2 * (i % 2) + 1])),
};
const at = (position) => morphInto(new Float32Array(4), FRAME.hidden_points, FRAME, position, STAGES);

test('at a whole position a morph shows that stage', () => {
  assert.equal(morphEnd(STAGES), 3);
  [PLANE, PRODUCT, SHIFTED, CLIPPED].forEach((stage, position) => {
    at(position).forEach((value, i) => close(value, stage.flat()[i], 1e-3));
  });
});

test('between two stages it shows the linear map that is partly done', () => {
  for (const share of [0.25, 0.5, 0.9]) {
    // A(t) = (1 − t)·I + t·W with W = [[0, −2], [2, 0]]
    const map = ([x, y]) => [(1 - share) * x - share * 2 * y, share * 2 * x + (1 - share) * y];
    at(share).forEach((value, i) => close(value, PLANE.flatMap(map)[i], 1e-3));
    at(1 + share).forEach((value, i) => close(value, PRODUCT.flat()[i] + share * SHIFT[i % 2], 1e-3));
    at(2 + share).forEach((value, i) => close(value, (1 - share) * SHIFTED.flat()[i] + share * CLIPPED.flat()[i], 1e-3));
  }
});

test('a position outside is the nearest end', () => {
  assert.deepEqual(at(-1), at(0));
  assert.deepEqual(at(99), at(3));
});

test('the axes of a morph are those of what is shown: each stage fills its own, and nothing between two leaves them', () => {
  const ranges = morphRanges(FRAME, STAGES);
  [PLANE, PRODUCT, SHIFTED, CLIPPED].forEach((picture, k) => {
    for (const [axis, coordinate] of [['x', 0], ['y', 1]]) {
      const all = picture.map((point) => point[coordinate]);
      const [low, high] = ranges[k][axis];
      const extent = Math.max(...all) - Math.min(...all);
      assert.ok(low < Math.min(...all) + 1e-3 && high > Math.max(...all) - 1e-3);
      if (extent > 1e-3) assert.ok(high - low < 1.2 * extent, 'nothing is a dot');
    }
  });
  const out = new Float32Array(4);
  for (const position of [0, 0.3, 1, 1.5, 2, 2.7, 3]) {
    const { x, y } = morphRangesAt(ranges, position);
    const points = morphInto(out, FRAME.hidden_points, FRAME, position, STAGES);
    for (let i = 0; i < 4; i += 2) {
      assert.ok(points[i] >= x[0] - 1e-3 && points[i] <= x[1] + 1e-3);
      assert.ok(points[i + 1] >= y[0] - 1e-3 && points[i + 1] <= y[1] + 1e-3);
    }
  }
  assert.equal(morphRanges(FRAME, STAGES, ranges)[1].x, ranges[1].x, 'and they stay while the picture does');
  const wide = ranges.map(() => ({ x: [-100, 100], y: [-100, 100] }));
  assert.deepEqual(morphRanges(FRAME, STAGES, wide)[0], ranges[0]);
});

test('directions are named by what is shown along them', () => {
  const two = { task: 'binary', class_names: ['a', 'b'] };
  assert.deepEqual(directionNames({ projection: 'pca' }, two, 2), ['component 1', 'component 2']);
  assert.deepEqual(directionNames({ projection: 'straight' }, two, 2), ['across the line', 'along the line']);
  assert.deepEqual(directionNames({ projection: 'straight' }, two, 3), ['across the line', 'along the line, 1', 'along the line, 2']);
  assert.deepEqual(directionNames({ projection: 'straight' }, { task: 'regression', class_names: [] }, 2), ['straight-line fit', 'across it']);
  assert.deepEqual(directionNames({ projection: 'straight' }, { task: 'multiclass', class_names: ['a', 'b', 'c'] }, 2), ['direction 1', 'direction 2']);
});

test('a caption says in words where one is', () => {
  const layers = [...INFO.layers, { units: 8, activation: 'tanh' }, { units: 1, activation: 'identity' }];
  const stages = morphStages({ ...INFO, layers });
  const said = [0, 0.01, 1, 1.5, 2.5, 3, 5.7, 6, 9].map((position) => morphCaption(position, stages));
  assert.deepEqual(said, [
    'The input plane', 'Layer 1: multiply by the weights', 'Layer 1: multiply by the weights', 'Layer 1: add the biases',
    'Layer 1: apply relu', 'Layer 1: apply relu', 'Layer 2: apply tanh', 'Layer 2: apply tanh', 'Layer 3: identity changes nothing',
  ]);
});

test('features that are not the coordinates are a step of their own', () => {
  for (const inputs of [['x₁', 'x₂', 'x₁²'], ['x₁'], ['x₂', 'x₁']]) {
    assert.ok(hasFeatures({ ...INFO, inputs }));
    const stages = morphStages({ ...INFO, inputs });
    assert.equal(morphEnd(stages), 4);
    assert.equal(morphCaption(0.5, stages), 'Inputs: compute the features');
    assert.deepEqual(stages.map(({ index }) => index), [0, 1, 2, 2, 3]);
  }
  assert.ok(!hasFeatures(INFO));
  const line = morphStages({ ...INFO, inputs: ['x'], input_names: ['x'] });
  assert.equal(morphEnd(line), 3);
  assert.equal(morphCaption(0, line), 'The input line');
});

test('a morph that plays rests at whole positions and never goes back', () => {
  for (const whole of [0, 1, 5]) assert.equal(eased(whole), whole);
  for (let t = 0; t < 3; t += 0.01) assert.ok(eased(t + 0.01) >= eased(t));
});

test('a layer of one or two units, or none, is shown flat', () => {
  const layers = [{ units: 8 }, { units: 2 }];
  assert.equal(drawnView({ layer: 0, mode: '3d' }, layers).mode, '3d');
  assert.equal(drawnView({ layer: 1, mode: '3d' }, layers).mode, '2d');
  assert.equal(drawnView({ layer: 1, mode: 'morph' }, layers).mode, 'morph');
  assert.equal(drawnView({ layer: 0, mode: 'morph' }, []).mode, '2d');
});

const SCREEN = { width: 400, height: 200, margin: 10 };

test('an orbit looks along right-angled directions of length 1, the third coordinate up', () => {
  let orbit = HOME;
  for (let k = 0; k < 60; k++) {
    orbit = turned(orbit, 0.7 * (k % 3), k % 2 ? 0.9 : -0.6);
    const { right, up, towards } = axesOf(orbit);
    for (const [u, v, expected] of [[right, right, 1], [up, up, 1], [towards, towards, 1], [right, up, 0], [up, towards, 0], [right, towards, 0]]) close(dot(u, v), expected);
    assert.ok(up[2] > 0);
    close(right[2], 0);
    const [, low] = projector(orbit, SCREEN)(0, 0, -1);
    const [, high] = projector(orbit, SCREEN)(0, 0, 1);
    assert.ok(high < low);
  }
});

test('what is nearer is larger, and the centre stays in the middle', () => {
  const project = projector(HOME, SCREEN);
  assert.deepEqual(project(0, 0, 0).slice(0, 2), [200, 100]);
  const { towards } = axesOf(HOME);
  const near = project(...towards);
  const far = project(...towards.map((value) => -value));
  close(near[2], 1);
  close(far[2], -1);
  assert.ok(near[3] > 1 && far[3] < 1);
});

test('turning to the right brings the right side to the front', () => {
  const { right } = axesOf(HOME);
  assert.ok(dot(axesOf(turned(HOME, 0.3, 0)).towards, right) > 0);
});

test('the zoom has ends', () => {
  let [near, far] = [HOME, HOME];
  for (let k = 0; k < 100; k++) [near, far] = [zoomed(near, 1.2), zoomed(far, 0.8)];
  assert.ok(near.zoom <= 6 && near.zoom > 3);
  assert.ok(far.zoom >= 0.5 && far.zoom < 1);
});

test('the three edges at the nearest corner are left out, and each axis is named on the outline', () => {
  for (let azimuth = -3; azimuth < 3; azimuth += 0.37) {
    for (const elevation of [-1, -0.2, 0.4, 1.2]) {
      const orbit = { azimuth, elevation, zoom: 1 };
      const corners = CORNERS.map((corner) => projector(orbit, SCREEN)(...corner));
      const depths = corners.map((corner) => corner[2]);
      const nearest = depths.indexOf(Math.max(...depths));
      const { behind, named } = visibleEdges(orbit, corners);
      assert.equal(behind.flat().length, 9);
      assert.ok(behind.flat().every((edge) => !edge.includes(nearest)));
      named.forEach((edge, axis) => assert.ok(EDGES[axis].includes(edge)));
    }
  }
});

test('a plane cuts the cube in the right polygon', () => {
  const middle = cutThroughCube([0, 0, 1, 0]);
  assert.equal(middle.length, 4);
  const hexagon = cutThroughCube([1, 1, 1, 0]);
  assert.equal(hexagon.length, 6);
  for (const [plane, cut] of [[[0, 0, 1, 0], middle], [[1, 1, 1, 0], hexagon]]) {
    for (const corner of cut) close(dot(corner, plane) + plane[3], 0);
    const sides = cut.map((corner, k) => Math.hypot(...corner.map((value, c) => value - cut[(k + 1) % cut.length][c])));
    for (const side of sides) close(side, sides[0]); // in order around, or a diagonal were among them
  }
  assert.deepEqual(cutThroughCube([0, 0, 1, 5]), []);
});

test('a tight range holds what it must and stands still while it does', () => {
  const range = growTight(null, -2, 4);
  assert.ok(range[0] < -2 && range[0] > -3 && range[1] > 4 && range[1] < 5);
  assert.equal(growTight(range, -1, 4.1), range);
  const wider = growTight(range, -1, 9);
  assert.ok(wider[0] <= range[0] && wider[1] > 9);
  assert.ok(growTight(null, 3, 3)[1] > 3);
  assert.deepEqual(growTight(null, NaN, 1), [-1, 1]);
});

test("the axes' labels of a turned picture stay inside it, names before numbers, none over another", () => {
  const label = (text, x, y) => ({ text, x, y, width: 70, height: 14 });
  const labels = [label('component 1', -20, 95), label('component 2', 150, 95), label('2.4', 30, 96), label('-1', 90, 50)];
  const placed = placeLabels(labels, { width: 200, height: 100, edge: 3, gap: 6 });
  assert.deepEqual(placed.map(({ text }) => text), ['component 1', 'component 2', '-1']);
  for (const { x, y, width, height } of placed) {
    assert.ok(x >= 3 && x + width <= 197 && y - height / 2 >= 3 && y + height / 2 <= 97);
  }
});
