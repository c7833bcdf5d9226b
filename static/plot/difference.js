/**
 * Where two networks answer differently: how far apart their answers are at each place, and whether they name another class.
 * Surfaces are bytes, as network/picture.js makes them: a plane for each class, or one alone. No DOM in here.
 */

/** @typedef {{surface: Uint8Array, plot: {columns: number, rows: number, domain: number[][]}}} Picture */
/** @typedef {{columns: number, rows: number, apart: Uint8Array, other: Uint8Array, share: number, mean: number}} Difference
 *   `apart`: 0 … 255 for none … all the way; `other`: 1 where another class is named; `share` of the places where that is so; `mean` of `apart`, as a share */

/** Whether answers of two runs can be set against each other, place by place. @param {any} one @param {any} two `info` of runs */
export function areComparable(one, two) {
  const alike = (/** @type {(info: any) => any} */ of) => JSON.stringify(of(one)) === JSON.stringify(of(two));
  return alike((info) => info.input_names.length) && alike(({ task, class_names: classes, domain, surface_range: range }) => [task, classes, domain, task === 'regression' ? range : 0]);
}

/**
 * @param {Picture} one @param {Picture} two @param {'binary'|'multiclass'|'regression'} task @param {number} classes planes of a surface
 * @returns {Difference} in the coarser of the two grids
 */
export function differenceOf(one, two, task, classes) {
  const [coarse, fine] = one.plot.columns <= two.plot.columns ? [one, two] : [two, one];
  const { columns, rows } = coarse.plot;
  const size = columns * rows;
  const [apart, other] = [new Uint8Array(size), new Uint8Array(size)];
  const planes = task === 'multiclass' ? classes : 1;
  const place = placesIn(fine.plot, columns, rows);
  const fineSize = fine.plot.columns * fine.plot.rows;
  let [others, sum] = [0, 0];
  for (let i = 0; i < size; i++) {
    let distance = 0;
    let [bestA, bestB] = [0, 0];
    for (let k = 0; k < planes; k++) {
      const [a, b] = [coarse.surface[k * size + i], fine.surface[k * fineSize + place[i]]];
      distance += Math.abs(a - b);
      if (a > coarse.surface[bestA * size + i]) bestA = k;
      if (b > fine.surface[bestB * fineSize + place[i]]) bestB = k;
    }
    if (planes === 1) [bestA, bestB] = [coarse.surface[i] >= 128 ? 1 : 0, fine.surface[place[i]] >= 128 ? 1 : 0];
    apart[i] = planes === 1 ? distance : Math.round(distance / 2);
    other[i] = task !== 'regression' && bestA !== bestB ? 1 : 0;
    others += other[i];
    sum += apart[i];
  }
  return { columns, rows, apart, other, share: others / size, mean: sum / size / 255 };
}

/**
 * Where two curves are farthest apart.
 * @param {{curve: Float32Array, plot: {columns: number, domain: number[][]}}} one @param {{curve: Float32Array, plot: {columns: number}}} two
 * @returns {{at: number, apart: number}} `at`: the place along the axis
 */
export function farthestApart(one, two) {
  const { columns, domain: [[left, right]] } = one.plot;
  let [best, apart] = [0, 0];
  for (let k = 0; k < columns; k++) {
    const other = two.curve[Math.round((k * (two.plot.columns - 1)) / Math.max(1, columns - 1))];
    const distance = Math.abs(one.curve[k] - other);
    if (distance > apart) [best, apart] = [k, distance];
  }
  return { at: left + ((right - left) * best) / Math.max(1, columns - 1), apart };
}

/** For each place of a grid the nearest one of another grid over the same part of the plane. */
function placesIn({ columns, rows }, n, m) {
  const places = new Uint32Array(n * m);
  const nearest = (k, from, to) => (from > 1 ? Math.round((k * (to - 1)) / (from - 1)) : 0);
  for (let row = 0; row < m; row++) for (let column = 0; column < n; column++) places[row * n + column] = nearest(row, m, rows) * columns + nearest(column, n, columns);
  return places;
}
