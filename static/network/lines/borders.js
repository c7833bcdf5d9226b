/** Where a network's answer changes: the boundary between two classes, the borders of several, a level of a predicted value. */
import { LevelLines } from './level_lines.js';

/** How often the side of a square is halved before the line's place on it is interpolated. */
const HALVINGS = 3;

/** The value whose line is drawn: the one that the picture's colours part at. @param {any} info of a run */
export function levelOf({ task, surface_range: [low, high] }) {
  return task === 'regression' && low < 0 && high > 0 ? 0 : (low + high) / 2;
}

/**
 * What is 0 on the lines, of the outputs at a point.
 * @param {any} info of a run @param {number} outputs
 * @returns {((at: (output: number) => number) => number)[]}
 */
function differences(info, outputs) {
  if (info.task === 'regression' || outputs === 1) {
    const level = levelOf(info);
    return [(at) => at(0) - level];
  }
  const all = Array.from({ length: outputs }, (_, k) => k);
  // Each border is between two classes: the last one's are those of the others.
  return all.slice(0, -1).map((k) => (at) => at(k) - Math.max(...all.map((other) => (other === k ? -Infinity : at(other)))));
}

/**
 * @param {any} info of a run @param {number} outputs of the network @param {import('./fold_lines.js').Runner} runner
 * @param {import('./level_lines.js').Grid} grid
 * @returns {Generator<void, Float32Array<ArrayBuffer>, void>} x and y of both ends of each piece
 */
export function* borderLines(info, outputs, { stride, pointsOf, pointsAt, run }, grid) {
  const points = pointsOf(grid);
  const functions = differences(info, outputs);
  const values = new Float64Array(functions.length * points.count);
  yield* run(points, () => Infinity, (block, start, count) => {
    functions.forEach((difference, k) => {
      for (let p = 0; p < count; p++) values[k * points.count + start + p] = difference((output) => block.outputs[output * stride + p]);
    });
  });
  const lines = new LevelLines(grid);
  functions.forEach((_, k) => lines.add(values, k * points.count));
  const found = yield* lines.lines(HALVINGS, (which, x, y, into) =>
    run(pointsAt(x, y), () => Infinity, (block, start, count) => {
      for (let p = 0; p < count; p++) into[start + p] = functions[which[start + p]]((output) => block.outputs[output * stride + p]);
    }),
  );
  return Float32Array.from(found.flat());
}
