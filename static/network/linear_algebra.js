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

/** Sweeps of Jacobi's method at most; six or seven are usual. */
const SWEEPS = 30;
/** Elements off the diagonal that are smaller, beside the sum of those on it, are as good as 0. */
const NEGLIGIBLE = 1e-16;

/**
 * The eigenvectors of a symmetric matrix, by Jacobi's method: turn two axes at a time until nothing is left off the diagonal.
 * @param {Float64Array} a n × n; it is overwritten
 * @param {number} n
 * @returns {{values: number[], vectors: Float64Array[]}} the largest eigenvalue first, vectors of length 1
 */
export function eigen(a, n) {
  const vectors = Array.from({ length: n }, (_, k) => new Float64Array(n).fill(1, k, k + 1));
  let trace = 0;
  for (let k = 0; k < n; k++) trace += Math.abs(a[k * n + k]);
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q];
        if (!(Math.abs(off) > NEGLIGIBLE * trace)) continue;
        turned = true;
        turn(a, vectors, n, p, q, off);
      }
    }
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((i, j) => a[j * n + j] - a[i * n + i]);
  return { values: order.map((k) => a[k * n + k]), vectors: order.map((k) => vectors[k]) };
}

/**
 * Turn axes p and q so that the element between them becomes 0.
 * @param {Float64Array} a @param {Float64Array[]} vectors @param {number} n @param {number} p @param {number} q @param {number} off
 */
function turn(a, vectors, n, p, q, off) {
  const half = (a[q * n + q] - a[p * n + p]) / (2 * off);
  const t = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(half, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    if (k === p || k === q) continue;
    const [x, y] = [a[k * n + p], a[k * n + q]];
    a[k * n + p] = a[p * n + k] = c * x - s * y;
    a[k * n + q] = a[q * n + k] = s * x + c * y;
  }
  a[p * n + p] -= t * off;
  a[q * n + q] += t * off;
  a[p * n + q] = a[q * n + p] = 0;
  const [u, v] = [vectors[p], vectors[q]];
  for (let k = 0; k < n; k++) {
    const [x, y] = [u[k], v[k]];
    u[k] = c * x - s * y;
    v[k] = s * x + c * y;
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
