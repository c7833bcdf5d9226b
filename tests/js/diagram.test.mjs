import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatParameter } from '../../static/kit/text.js';
import { NetworkShape } from '../../static/network/network_shape.js';
import { LEVELS, MOST_EDGES, levelOf, updateLevels } from '../../static/stage/panels/diagram/edge_levels.js';
import { MARGIN, MOST_MARGIN, edgeAt, layOut, neighbour } from '../../static/stage/panels/diagram/layout.js';
import { parseNumber } from '../../static/stage/panels/diagram/parameter_field.js';

const shapeOf = (inputs, hidden, outputs, hasBias = true) =>
  new NetworkShape({
    layers: hidden.map((units) => ({ units, activation: 'tanh' })),
    diagram: { inputs, outputs, has_bias: hasBias },
  });

for (const hasBias of [true, false]) {
  test(`every parameter is one weight or one bias, in the engine's order (biases: ${hasBias})`, () => {
    const shape = shapeOf(['x₁', 'x₂', 'sin x₁'], [4, 2], ['a', 'b'], hasBias);
    let index = 0;
    for (let layer = 1; layer <= shape.last; layer++) {
      for (let from = 0; from < shape.sizes[layer - 1] + hasBias; from++) {
        for (let unit = 0; unit < shape.sizes[layer]; unit++) {
          const isBias = from === shape.sizes[layer - 1];
          assert.equal(isBias ? shape.bias(layer, unit) : shape.weight(layer, from, unit), index);
          assert.deepEqual(shape.at(index), { layer, unit, from: isBias ? null : from });
          index++;
        }
      }
    }
    assert.equal(index, hasBias ? 16 + 10 + 6 : 12 + 8 + 4);
  });
}

test('units and parameters have names, and maps in the order of the message', () => {
  const shape = shapeOf(['x₁', 'x₂'], [3, 2], ['probability of b']);
  assert.equal(shape.name(1, 2), 'Hidden layer 1, unit 3');
  assert.equal(shape.name(3, 0), 'Output: probability of b');
  assert.equal(shape.parameterName(shape.weight(1, 1, 0)), 'weight from x₂');
  assert.equal(shape.parameterName(shape.weight(2, 2, 1)), 'weight from unit 3');
  assert.equal(shape.parameterName(shape.bias(3, 0)), 'bias');
  assert.deepEqual([shape.map(1, 2), shape.map(2, 0), shape.map(3, 0)], [2, 3, 5]);
});

const NETWORKS = [[2, 1], [2, 8, 8, 1], [7, 8, 8, 8, 8, 8, 8, 1], [2, 64, 64, 10], [12, 1, 64, 3], [1, 1, 1, 1, 1, 1, 1, 1, 1, 10]];
const ROOMS = [{ width: 340, height: 300 }, { width: 340, height: 340, coarse: true }, { width: 522, height: 255 }, { width: 1200, height: 420 }];

for (const sizes of NETWORKS) {
  for (const room of ROOMS) {
    test(`${sizes} fits into its own extent, no unit over another, in ${room.width}×${room.height}`, () => {
      const layout = layOut(sizes, room);
      const half = layout.size / 2;
      assert.ok(layout.size >= 13, `${layout.size}`);
      assert.ok(layout.width >= room.width && layout.height >= room.height);
      sizes.forEach((units, layer) => {
        assert.equal(layout.ys[layer].length, units);
        assert.ok(layout.xs[layer] - half >= MARGIN.left - 1 && layout.xs[layer] + half <= layout.width - layout.right + 1);
        // Hidden layers have buttons above them; for fingers the columns of inputs and outputs may come closer.
        const isOuter = layer === 1 || layer === sizes.length - 1;
        if (layer) assert.ok(layout.xs[layer] - layout.xs[layer - 1] >= (room.coarse ? (isOuter ? 53 : 93) : 61));
        layout.ys[layer].forEach((y, unit) => {
          assert.ok(y - half >= MARGIN.top - 1 && y + half <= layout.height);
          if (unit) assert.ok(y - layout.ys[layer][unit - 1] >= layout.size + 1);
        });
      });
    });
  }
}

test('the largest playground fits a projector without scrolling', () => {
  const room = { width: 522, height: 255 };
  const { width, height, right } = layOut([2, 8, 8, 8, 1], room);
  assert.deepEqual({ width, height, right }, { ...room, right: MARGIN.right });
  assert.equal(layOut([7, 8, 8, 8, 8, 8, 8, 1], room).height, room.height);
  assert.equal(layOut([7, 8, 8, 8, 8, 8, 8, 1], room).width, room.width);
});

test('long names get room where the columns leave it, and never make one scroll', () => {
  const room = { width: 522, height: 255 };
  const names = { left: 80, right: 300 };
  const few = layOut([2, 3, 1], { ...room, names });
  assert.ok(few.left >= 80 && few.right === MOST_MARGIN.right && few.width === room.width);
  assert.equal(few.left, few.xs[0] - few.size / 2);
  const many = layOut([7, 8, 8, 8, 8, 8, 8, 1], { ...room, names });
  assert.equal(many.width, room.width);
  assert.ok(many.left >= MARGIN.left && many.left < 80);
  const scrolled = layOut([2, 1, 1, 1, 1, 1, 1, 1, 1, 1], { ...room, names });
  assert.ok(scrolled.width > room.width && scrolled.left > MARGIN.left);
});

test('an edge is found at every place along it, and none far from all', () => {
  const layout = layOut([2, 3, 1], { width: 500, height: 300 });
  for (const layer of [1, 2]) {
    layout.ys[layer - 1].forEach((y0, from) =>
      layout.ys[layer].forEach((y1, to) => {
        const start = layout.xs[layer - 1] + layout.size / 2;
        const end = layout.xs[layer] - layout.size / 2;
        for (const share of [0.93]) {
          const hit = edgeAt(layout, start + share * (end - start), y0 + share * (y1 - y0), 6);
          assert.equal(hit.layer, layer);
          assert.ok(hit.to === to, `${from}→${to} gave ${JSON.stringify(hit)}`);
        }
      }),
    );
  }
  assert.equal(edgeAt(layout, layout.xs[1], 5, 6), null);
  assert.equal(edgeAt(layout, 2, 2, 6), null);
});

test('arrow keys lead to every unit and never out of the network', () => {
  const sizes = [2, 8, 1];
  assert.deepEqual(neighbour(sizes, { layer: 1, unit: 7 }, 'ArrowDown'), { layer: 1, unit: 7 });
  assert.deepEqual(neighbour(sizes, { layer: 0, unit: 0 }, 'ArrowLeft'), { layer: 0, unit: 0 });
  assert.deepEqual(neighbour(sizes, { layer: 1, unit: 7 }, 'ArrowRight'), { layer: 2, unit: 0 });
  const reached = new Set();
  const queue = [{ layer: 0, unit: 0 }];
  while (queue.length) {
    const at = queue.pop();
    const key = `${at.layer} ${at.unit}`;
    if (reached.has(key)) continue;
    reached.add(key);
    for (const arrow of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) queue.push(neighbour(sizes, at, arrow));
  }
  assert.equal(reached.size, 11);
});

test('levels follow sign and size, and tell whether anything changed', () => {
  assert.equal(levelOf(0), 0);
  assert.equal(levelOf(NaN), 0);
  assert.equal(levelOf(-3), -levelOf(3));
  assert.ok(levelOf(0.1) < levelOf(0.5) && levelOf(0.5) < levelOf(3) && levelOf(1e9) === LEVELS);
  const levels = new Int8Array(3);
  assert.equal(updateLevels(Float32Array.of(9, 1, -1, 0), 1, levels), true);
  assert.deepEqual([...levels], [levelOf(1), levelOf(-1), 0]);
  assert.equal(updateLevels(Float32Array.of(9, 1.0001, -1, 0), 1, levels), false);
});

test('of very many edges the strongest are drawn, and not too many', () => {
  const levels = new Int8Array(4096);
  for (const weightAt of [(k) => ((k % 2 ? 1 : -1) * k) / 4000, (k) => k / 400, () => 1e6]) {
    updateLevels(Float32Array.from(levels, (_, k) => weightAt(k)), 0, levels);
    const drawn = [...levels.keys()].filter((k) => levels[k]);
    assert.ok(drawn.length > 0.7 * MOST_EDGES && drawn.length <= MOST_EDGES, `${drawn.length}`);
    if (weightAt(0) === 0) assert.ok(drawn[0] > 4096 - 1.1 * MOST_EDGES, `${drawn[0]}`);
  }
});

test('numbers are read as people write them, and nothing else is', () => {
  for (const [text, value] of [['1', 1], [' −2,5 ', -2.5], ['.5', 0.5], ['+3.', 3], ['1e-2', 0.01]]) assert.equal(parseNumber(text), value);
  for (const text of ['', ' ', 'abc', '1,000.5', '0x10', 'Infinity', 'NaN', '1e', '--1', '1 2', '５']) assert.ok(Number.isNaN(parseNumber(text)), text);
  for (const value of [0, -0.0004, 0.1, -12.5, 123.4, 999, -1000]) assert.ok(Math.abs(parseNumber(formatParameter(value)) - value) <= 0.005 * Math.max(1, Math.abs(value)));
  assert.equal(formatParameter(-0.0001), '0.000');
});
