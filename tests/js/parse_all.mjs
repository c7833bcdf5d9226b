// Parses every module of the browser without running it: those that need a page are imported by no test.
// `node --experimental-vm-modules tests/js/parse_all.mjs` prints each that is no JavaScript, with the reason.
import { readdir, readFile } from 'node:fs/promises';
import { SourceTextModule } from 'node:vm';

const root = new URL('../../static/', import.meta.url);
const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.js') && !/^(vendor|bundle)\b/.test(name));
for (const name of names) {
  try {
    new SourceTextModule(await readFile(new URL(name, root), 'utf8'), { identifier: name });
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
console.log(`${names.length} modules parsed`);
