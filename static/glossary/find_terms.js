/**
 * Finds the glossary's terms in a text. Pure, so that node can test it.
 */
import { TERMS } from './terms.js';

/** @typedef {import('./terms.js').Term} Term */

/** By each of its names, in small letters. @type {Map<string, Term>} */
const BY_NAME = new Map(TERMS.flatMap((term) => [term.name, ...(term.also ?? [])].map((name) => [name.toLowerCase(), term])));

const escaped = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** The longest first: "test loss" is not "loss". */
const ANY = [...BY_NAME.keys()].sort((a, b) => b.length - a.length).map(escaped).join('|');
const NAMED = new RegExp(`(?<![\\p{L}\\p{N}-])(?:${ANY})(?![\\p{L}\\p{N}-])`, 'giu');

/** The term that goes by a name, or undefined. @param {string} name */
export const termNamed = (name) => BY_NAME.get(name.toLowerCase());

/**
 * Part a text where a term stands in it for the first time.
 * @param {string} text
 * @param {Iterable<Term>} [known] terms that are left alone
 * @returns {{text: string, term?: Term}[]}
 */
export function partsOf(text, known = []) {
  const seen = new Set(known);
  const parts = [];
  let from = 0;
  for (const { 0: name, index } of text.matchAll(NAMED)) {
    const term = /** @type {Term} */ (termNamed(name));
    if (seen.has(term)) continue;
    seen.add(term);
    if (index > from) parts.push({ text: text.slice(from, index) });
    parts.push({ text: name, term });
    from = index + name.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}
