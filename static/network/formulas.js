/** Formulas over a point of the plane, as the server sends them: in postfix order (docs/protocol.md). */

/** numpy says 1 for any power of 1, also for no number. */
const power = (/** @type {number} */ a, /** @type {number} */ b) => (a === 1 ? 1 : a ** b);

/** @type {Object<string, (a: number) => number>} */
const OF_ONE = {
  neg: (a) => -a,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
};

/** @type {Object<string, (a: number, b: number) => number>} */
const OF_TWO = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': power,
  min: Math.min,
  max: Math.max,
};

/** @typedef {(number|string)[]} Program numbers, "x1", "x2", and operators after what they work on */

/**
 * Evaluate a formula at many points.
 * @param {Program} program
 * @param {Float64Array[]} coordinates x1 and, where there is one, x2
 * @param {number} count
 * @returns {Float64Array} the values, NaN or infinite where the formula has none
 */
export function evaluate(program, coordinates, count) {
  /** @type {Float64Array[]} */
  const stack = [];
  const popped = () => /** @type {Float64Array} */ (stack.pop());
  for (const step of program) {
    if (typeof step === 'number') stack.push(new Float64Array(count).fill(step));
    else if (step === 'x1' || step === 'x2') stack.push(coordinates[Number(step[1]) - 1].slice(0, count));
    else if (Object.hasOwn(OF_ONE, step)) {
      const [a, apply] = [popped(), OF_ONE[step]];
      for (let p = 0; p < count; p++) a[p] = apply(a[p]);
      stack.push(a);
    } else if (Object.hasOwn(OF_TWO, step)) {
      const [b, a, apply] = [popped(), popped(), OF_TWO[step]];
      for (let p = 0; p < count; p++) a[p] = apply(a[p], b[p]);
      stack.push(a);
    } else throw new Error(`the browser doesn't know '${step}' in a formula`);
  }
  return popped();
}
