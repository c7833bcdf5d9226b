/**
 * Which of the visitor's choices get an entry in the browser's history. No DOM in here, so that node can test it.
 */

/** @typedef {{page: string, choices: number, address: string}} Known what the server said last */

/**
 * The addresses of choices that the server says of for the first time.
 * @param {Known|null} before @param {string} page @param {[number, string][]} trail @returns {string[]}
 */
export function newEntries(before, page, trail) {
  if (before?.page !== page) return [];
  const fresh = trail.filter(([number]) => number > before.choices).map(([, address]) => address);
  return fresh.filter((address, i) => address !== (i > 0 ? fresh[i - 1] : before.address));
}
