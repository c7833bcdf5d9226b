// All tests of the browser's modules in one process: `node tests/js/all.mjs`. One of its own for each file takes longer
// to start than its tests to run.
import { readdir } from 'node:fs/promises';

const here = new URL('./', import.meta.url);
const names = (await readdir(here)).filter((name) => name.endsWith('.test.mjs')).sort();
for (const name of names) await import(new URL(name, here));
