import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { Panel } from '../../static/stage/panels/panel.js';

const STAGE = new URL('../../static/stage/', import.meta.url);
/** What every panel says for itself: without it the stage has nothing to show. */
const OWN = ['setRun', 'draw', 'drawn'];

async function pages() {
  const names = await readdir(new URL('pages/', STAGE));
  return Promise.all(names.map(async (name) => ({ name, page: (await import(new URL(`pages/${name}`, STAGE))).default })));
}

/** The name's property, from the class up to the contract. */
function below(Class, name) {
  for (let at = Class.prototype; at && at !== Panel.prototype; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) return Object.getOwnPropertyDescriptor(at, name);
  }
  return undefined;
}

test('every panel of every page keeps to the contract', async () => {
  const found = await pages();
  assert.ok(found.length >= 3);
  for (const { name, page } of found) {
    for (const { Panel: Class } of page.panels) {
      assert.ok(Class.prototype instanceof Panel, `${name}: ${Class.name}`);
      for (const member of OWN) assert.ok(below(Class, member), `${Class.name} has no ${member} of its own`);
    }
  }
});

test('what a panel has in place of the contract’s is of the same kind, and takes no more', async () => {
  const contract = Object.getOwnPropertyDescriptors(Panel.prototype);
  for (const { page } of await pages()) {
    for (const { Panel: Class } of page.panels) {
      for (const [member, theirs] of Object.entries(contract)) {
        const own = member === 'constructor' ? undefined : below(Class, member);
        if (!own) continue;
        assert.equal(typeof own.get, typeof theirs.get, `${Class.name}.${member}`);
        if (own.value) assert.ok(own.value.length <= theirs.value.length, `${Class.name}.${member}`);
      }
    }
  }
});

test('a panel in a folder of panels is in the list of some page', async () => {
  const files = (await readdir(new URL('panels/', STAGE), { recursive: true })).filter((name) => name.endsWith('_panel.js'));
  assert.ok(files.length > 10);
  const listed = new Set((await pages()).flatMap(({ page }) => page.panels.map(({ Panel: Class }) => Class)));
  const bases = new Set([...listed].map((Class) => Object.getPrototypeOf(Class)));
  for (const file of files) {
    for (const Class of Object.values(await import(new URL(`panels/${file}`, STAGE)))) {
      if (Class.prototype instanceof Panel) assert.ok(listed.has(Class) || bases.has(Class), `${file}: ${Class.name} is on no page`);
    }
  }
});
