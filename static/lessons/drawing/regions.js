/**
 * A boundary drawn by hand: strokes across a square make regions, each region has a class, and those are compared with
 * what a network says. Places are shares of the square: from the left, and from the top. No DOM, so that node can test it.
 */

/** @typedef {[number, number]} Place */
/** @typedef {{labels: Int16Array, count: number}} Regions which region each cell belongs to, row by row from the top */
/** @typedef {{places: Place[], target: number}} Samples */

/** Cells along each side. */
export const GRID = 96;
/** A stroke shorter than this is a tap. */
export const TAP = 0.04;
/** Ends nearer than this to each other close a loop, if the stroke is longer than so many times that. */
const CLOSE = 0.09;
const LOOP = 5;
/** The direction in which a stroke goes on to the border is that of its last part, so long. */
const TAIL = 0.08;
/** Where a hand trembles it encloses specks; they are no regions. */
const LEAST_SHARE = 0.004;
/** Points of a stroke that are nearer to each other tell no more. */
const NEAR = 0.004;
const WALL = -1;
const NONE = -2;

const away = ([a, b], [c, d]) => Math.hypot(c - a, d - b);

/** @param {Place[]} points */
export function lengthOf(points) {
  return points.slice(1).reduce((sum, point, k) => sum + away(points[k], point), 0);
}

/** As few points as tell the same stroke, and no more than `most`. @param {Place[]} points @param {number} most @returns {Place[]} */
export function simplified(points, most = 80) {
  const rounded = points.map(([u, v]) => /** @type {Place} */ ([Number(u.toFixed(3)), Number(v.toFixed(3))]));
  const last = rounded[rounded.length - 1];
  const few = rounded.slice(0, 1);
  for (const point of rounded) if (away(point, few[few.length - 1]) > NEAR) few.push(point);
  if (away(last, few[few.length - 1]) > 0) few.push(last);
  if (few.length <= most) return few;
  return Array.from({ length: most }, (_, k) => few[Math.round((k * (few.length - 1)) / (most - 1))]);
}

/** A stroke that cuts: closed where its ends meet, else drawn on to the border at both ends. @param {Place[]} points @returns {Place[]} */
export function completed(points) {
  if (points.length < 2) return points;
  const [first, last] = [points[0], points[points.length - 1]];
  if (away(first, last) < CLOSE && lengthOf(points) > LOOP * CLOSE) return [...points, first];
  return [...beyond([...points].reverse()).reverse(), ...points, ...beyond(points)];
}

/** Where a stroke leaves the square if it goes straight on from its end; nothing where it has left it. @param {Place[]} points @returns {Place[]} */
function beyond(points) {
  const end = points[points.length - 1];
  if (end.some((value) => value <= 0 || value >= 1)) return [];
  const from = [...points].reverse().find((point) => away(point, end) >= TAIL) ?? points[0];
  const size = away(from, end);
  if (size === 0) return [];
  const steps = [0, 1].map((axis) => {
    const speed = (end[axis] - from[axis]) / size;
    return speed === 0 ? Infinity : ((speed > 0 ? 1 : 0) - end[axis]) / speed;
  });
  const step = Math.min(...steps);
  return [/** @type {Place} */ ([0, 1].map((axis) => end[axis] + (step * (end[axis] - from[axis])) / size))];
}

/** The regions that strokes cut a square into. @param {Place[][]} strokes @returns {Regions} */
export function regionsOf(strokes, n = GRID) {
  const labels = new Int16Array(n * n).fill(NONE);
  for (const stroke of strokes) wall(labels, completed(stroke), n);
  let count = 0;
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] !== NONE) continue;
    const cells = flood(labels, start, count, n);
    if (cells.length < LEAST_SHARE * labels.length) for (const cell of cells) labels[cell] = WALL;
    else count++;
  }
  if (count === 0) return { labels: labels.fill(0), count: 1 };
  fillWalls(labels, n);
  return { labels, count };
}

function wall(labels, points, n) {
  const cell = (value) => Math.max(0, Math.min(n - 1, Math.floor(value * n)));
  points.slice(1).forEach(([u1, v1], k) => {
    const [u0, v0] = points[k];
    const steps = Math.max(1, Math.ceil(3 * n * Math.hypot(u1 - u0, v1 - v0)));
    for (let s = 0; s <= steps; s++) {
      const t = s / steps;
      labels[cell(v0 + t * (v1 - v0)) * n + cell(u0 + t * (u1 - u0))] = WALL;
    }
  });
}

/** Cells beside a cell: not those at its corners, or a slanting wall would leak. */
function beside(cell, n) {
  const column = cell % n;
  return [column > 0 ? cell - 1 : -1, column < n - 1 ? cell + 1 : -1, cell - n, cell + n < n * n ? cell + n : -1].filter((each) => each >= 0);
}

function flood(labels, start, label, n) {
  const cells = [start];
  labels[start] = label;
  for (let k = 0; k < cells.length; k++) {
    for (const next of beside(cells[k], n)) {
      if (labels[next] !== NONE) continue;
      labels[next] = label;
      cells.push(next);
    }
  }
  return cells;
}

/** A wall's cells belong to the region that they are nearest to. */
function fillWalls(labels, n) {
  let edge = [...labels.keys()].filter((cell) => labels[cell] >= 0);
  while (edge.length > 0) {
    const next = [];
    for (const cell of edge) {
      for (const other of beside(cell, n)) {
        if (labels[other] !== WALL) continue;
        labels[other] = labels[cell];
        next.push(other);
      }
    }
    edge = next;
  }
}

/** The cell that a place is in. @param {Place} place */
export function cellOf([u, v], n = GRID) {
  const at = (value) => Math.max(0, Math.min(n - 1, Math.floor(value * n)));
  return at(v) * n + at(u);
}

/**
 * The class of each region: that of most samples in it, or where there are none that of the nearest one. Where one line
 * parts two classes, the sides have different ones. What was `chosen` by hand is as chosen.
 * @param {Regions} regions @param {Place[]} places of the samples @param {ArrayLike<number>} targets their classes
 * @param {number} nClasses @param {Object<string, number>} chosen by region @returns {number[]}
 */
export function classesOf({ labels, count }, places, targets, nClasses, chosen = {}, n = GRID) {
  const votes = Array.from({ length: count }, () => new Array(nClasses).fill(0));
  places.forEach((place, k) => votes[labels[cellOf(place, n)]][targets[k]]++);
  const classes = votes.map((vote, region) => {
    const most = Math.max(...vote);
    return most > 0 ? vote.indexOf(most) : nearest(centreOf(labels, region, n), places, targets);
  });
  if (count === 2 && nClasses === 2 && classes[0] === classes[1]) {
    const shares = votes.map(([none, one]) => one / Math.max(1, none + one));
    classes[0] = shares[0] > shares[1] ? 1 : 0;
    classes[1] = 1 - classes[0];
  }
  return classes.map((each, region) => chosen[region] ?? each);
}

function centreOf(labels, region, n) {
  let [u, v, count] = [0, 0, 0];
  labels.forEach((label, cell) => {
    if (label !== region) return;
    u += (cell % n) + 0.5;
    v += Math.floor(cell / n) + 0.5;
    count++;
  });
  return /** @type {Place} */ ([u / count / n, v / count / n]);
}

function nearest(place, places, targets) {
  const best = places.reduce((at, each, k) => (away(each, place) < away(places[at], place) ? k : at), 0);
  return places.length > 0 ? targets[best] : 0;
}

/** The class of each cell. @param {Regions} regions @param {number[]} classes @returns {Uint8Array} */
export const painted = ({ labels }, classes) => Uint8Array.from(labels, (label) => classes[label]);

/**
 * How far two pictures agree.
 * @param {Uint8Array} mine class of each cell @param {Uint8Array} theirs
 * @returns {{share: number, differs: Uint8Array}} `differs`: 1 where they don't
 */
export function agreement(mine, theirs) {
  const differs = mine.map((each, k) => Number(each !== theirs[k]));
  return { share: 1 - differs.reduce((sum, each) => sum + each, 0) / mine.length, differs };
}

/**
 * The class that a network says at the centre of each cell.
 * @param {(x: number, y: number) => ArrayLike<number>} outputsAt @param {number[][]} domain @returns {Uint8Array}
 */
export function classesOfNetwork(outputsAt, [[left, right], [bottom, top]], n = GRID) {
  return Uint8Array.from({ length: n * n }, (_, cell) => {
    const x = left + ((right - left) * ((cell % n) + 0.5)) / n;
    const y = top - ((top - bottom) * (Math.floor(cell / n) + 0.5)) / n;
    const outputs = outputsAt(x, y);
    if (outputs.length === 1) return Number(outputs[0] >= 0.5);
    let best = 0;
    for (let k = 1; k < outputs.length; k++) if (outputs[k] > outputs[best]) best = k;
    return best;
  });
}
