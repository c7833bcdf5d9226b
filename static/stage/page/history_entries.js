/**
 * Which of the visitor's choices get an entry in the browser's history. No DOM in here, so that node can test it.
 */

/** @typedef {{page: string, choices: number, address: string}} Known what the server said last */

/** What counts of a query, however a link was spelled, and whatever else is in it for Streamlit. @param {string} query */
export function plain(query) {
  const entries = [...new URLSearchParams(query)].filter(([name]) => !isForStreamlit(name));
  return JSON.stringify(entries.sort());
}

const isForStreamlit = (name) => name.startsWith('embed');

/**
 * The query that the page's address is to have at once, or null where nothing is to be written. Streamlit writes it a moment
 * after the run is on the stage, and a page that is loaded again in between would show the run before.
 * @param {Known|null} before @param {Known} now @param {string} there the query of the address, with what waits to be written
 * @returns {string|null}
 */
export function queryToWrite(before, now, there) {
  // An address other than the one before is of a choice that was made since, or is written already.
  if (before?.page !== now.page || before.address === now.address || plain(there) !== plain(before.address)) return null;
  const query = new URLSearchParams(now.address);
  for (const [name, value] of new URLSearchParams(there)) if (isForStreamlit(name) && !query.has(name)) query.append(name, value);
  return query.toString();
}

/**
 * The addresses of choices that the server says of for the first time.
 * @param {Known|null} before @param {string} page @param {[number, string][]} trail @returns {string[]}
 */
export function newEntries(before, page, trail) {
  if (before?.page !== page) return [];
  const fresh = trail.filter(([number]) => number > before.choices).map(([, address]) => address);
  return fresh.filter((address, i) => address !== (i > 0 ? fresh[i - 1] : before.address));
}
