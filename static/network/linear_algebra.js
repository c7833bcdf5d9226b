/** The little linear algebra that pictures need. Matrices are row by row in one array. */

/**
 * Solve A X = B for a symmetric, positive definite A, by its LDLᵀ factors.
 * @param {Float64Array} a n × n, of which the lower triangle is read; it is overwritten
 * @param {Float64Array} b k right sides of n numbers, one after another; the solutions take their place
 * @param {number} n
 * @returns {Float64Array} `b`
 */
export function solve(a, b, n) {
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) {
      const factor = a[j * n + k] * a[k * n + k];
      for (let i = j; i < n; i++) a[i * n + j] -= a[i * n + k] * factor;
    }
    for (let i = j + 1; i < n; i++) a[i * n + j] /= a[j * n + j];
  }
  for (let start = 0; start < b.length; start += n) {
    for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) b[start + i] -= a[i * n + k] * b[start + k];
    for (let i = n - 1; i >= 0; i--) {
      b[start + i] /= a[i * n + i];
      for (let k = i + 1; k < n; k++) b[start + i] -= a[k * n + i] * b[start + k];
    }
  }
  return b;
}

/** Steps for each eigenvalue at most; two are usual. */
const MOST_STEPS = 40;
/** Elements off the diagonal that are smaller, beside the sum of those on it, are as good as 0. */
const NEGLIGIBLE = 1e-16;

/**
 * The eigenvectors of a symmetric matrix: made tridiagonal by reflections, then diagonal by QR steps with Wilkinson's shift.
 * Source: Golub and Van Loan, Matrix Computations, section 8.3
 * @param {Float64Array} a n × n; it is overwritten
 * @param {number} n
 * @returns {{values: number[], vectors: Float64Array[]}} the largest eigenvalue first, vectors of length 1
 */
export function eigen(a, n) {
  const vectors = Array.from({ length: n }, (_, k) => new Float64Array(n).fill(1, k, k + 1));
  for (let k = 0; k < n - 2; k++) reflect(a, vectors, n, k);
  const diagonal = Float64Array.from({ length: n }, (_, k) => a[k * n + k]);
  const beside = Float64Array.from({ length: n }, (_, k) => (k < n - 1 ? a[k * n + n + k] : 0));
  const least = NEGLIGIBLE * diagonal.reduce((sum, value) => sum + Math.abs(value), 0);
  let end = n - 1;
  for (let steps = n * MOST_STEPS; end > 0 && steps > 0; steps--) {
    if (!(Math.abs(beside[end - 1]) > least)) {
      end--;
      continue;
    }
    let start = end - 1;
    while (start > 0 && Math.abs(beside[start - 1]) > least) start--;
    step(diagonal, beside, vectors, start, end);
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((i, j) => diagonal[j] - diagonal[i]);
  return { values: order.map((k) => diagonal[k]), vectors: order.map((k) => vectors[k]) };
}

/** Bring column k, below the element beside the diagonal, to 0 by a reflection I − 2vvᵀ from both sides. */
function reflect(a, vectors, n, k) {
  const v = new Float64Array(n);
  for (let i = k + 1; i < n; i++) v[i] = a[i * n + k];
  const length = Math.sqrt(dot(v, 0, v, 0, n));
  v[k + 1] += v[k + 1] < 0 ? -length : length;
  const scale = Math.sqrt(dot(v, 0, v, 0, n));
  if (!(scale > 0)) return;
  for (let i = k + 1; i < n; i++) v[i] /= scale;
  const w = new Float64Array(n);
  for (let i = k; i < n; i++) w[i] = dot(a, i * n, v, 0, n);
  const along = dot(v, 0, w, 0, n);
  for (let i = k; i < n; i++) w[i] = 2 * (w[i] - along * v[i]);
  for (let i = k; i < n; i++) for (let j = k; j < n; j++) a[i * n + j] -= v[i] * w[j] + w[i] * v[j];
  const sum = w.fill(0);
  for (let j = k + 1; j < n; j++) addTo(sum, vectors[j], 2 * v[j]);
  for (let j = k + 1; j < n; j++) addTo(vectors[j], sum, -v[j]);
}

/** @param {Float64Array} out @param {Float64Array} x @param {number} factor */
function addTo(out, x, factor) {
  for (let k = 0; k < out.length; k++) out[k] += factor * x[k];
}

/** A QR step on rows `start` to `end`: rotations of neighbours, each of which moves what the one before left outside. */
function step(diagonal, beside, vectors, start, end) {
  const half = (diagonal[end - 1] - diagonal[end]) / 2;
  const last = beside[end - 1];
  const shift = diagonal[end] - (last * last) / (half + (half < 0 ? -1 : 1) * Math.hypot(half, last));
  let [x, outside] = [diagonal[start] - shift, beside[start]];
  for (let k = start; k < end; k++) {
    const r = Math.hypot(x, outside);
    const [c, s] = r > 0 ? [x / r, outside / r] : [1, 0];
    if (k > start) beside[k - 1] = r;
    const [a, b, d] = [diagonal[k], beside[k], diagonal[k + 1]];
    diagonal[k] = c * c * a + 2 * c * s * b + s * s * d;
    diagonal[k + 1] = s * s * a - 2 * c * s * b + c * c * d;
    beside[k] = c * s * (d - a) + (c * c - s * s) * b;
    x = beside[k];
    if (k < end - 1) {
      outside = s * beside[k + 1];
      beside[k + 1] *= c;
    }
    rotate(vectors[k], vectors[k + 1], c, s);
  }
}

/** @param {Float64Array} u @param {Float64Array} v @param {number} c @param {number} s */
function rotate(u, v, c, s) {
  for (let k = 0; k < u.length; k++) {
    const x = u[k];
    const y = v[k];
    u[k] = c * x + s * y;
    v[k] = c * y - s * x;
  }
}

/**
 * Products of all pairs of rows: X Xᵀ, with all of it, the lower triangle mirrored.
 * @param {Float64Array} x the rows @param {number} rows @param {number} stride from one row to the next @param {number} count of numbers in a row
 * @param {Float64Array} out rows × rows
 */
export function rowProducts(x, rows, stride, count, out) {
  for (let i = 0; i < rows; i++) {
    const a = i * stride;
    let j = 0;
    // Four sums at a time: one has to wait for itself.
    for (; j + 4 <= i + 1; j += 4) {
      const b = j * stride;
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let p = 0; p < count; p++) {
        const v = x[a + p];
        s0 += v * x[b + p];
        s1 += v * x[b + stride + p];
        s2 += v * x[b + 2 * stride + p];
        s3 += v * x[b + 3 * stride + p];
      }
      [out[i * rows + j], out[i * rows + j + 1], out[i * rows + j + 2], out[i * rows + j + 3]] = [s0, s1, s2, s3];
    }
    for (; j <= i; j++) out[i * rows + j] = dot(x, a, x, j * stride, count);
    for (j = 0; j < i; j++) out[j * rows + i] = out[i * rows + j];
  }
  return out;
}

/** @param {ArrayLike<number>} x @param {number} a @param {ArrayLike<number>} y @param {number} b @param {number} count */
export function dot(x, a, y, b, count) {
  let sum = 0;
  for (let p = 0; p < count; p++) sum += x[a + p] * y[b + p];
  return sum;
}
