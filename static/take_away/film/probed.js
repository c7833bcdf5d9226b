/**
 * Of which frames it is found out how well a straight cut does at each layer: that takes long, and while a run plays it is done every
 * so many frames. A video may leave just those out, and would show numbers of long ago.
 *
 * @param {Iterable<number>} numbers of the frames in it
 * @returns {(number: number, every: number) => boolean} whether it is done of a frame: of the first one in every so many, and the last
 */
export function probedAmong(numbers) {
  const order = [...new Set(numbers)].sort((a, b) => a - b);
  const before = new Map(order.map((number, k) => [number, order[k - 1] ?? -Infinity]));
  const last = order.at(-1);
  return (number, every) => number === last || Math.floor((before.get(number) ?? -Infinity) / every) < Math.floor(number / every);
}
