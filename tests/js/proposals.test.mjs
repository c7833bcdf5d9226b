import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Proposals } from '../../static/stage/connection/proposals.js';

/** @returns {{proposals: Proposals, sent: Object[]}} */
function make() {
  const sent = [];
  return { sent, proposals: new Proposals((proposal) => sent.push(proposal), 100) };
}

test('a proposal is repeated under its id, ever more rarely, until the server has heard of it', () => {
  const { proposals, sent } = make();
  const isUnheard = proposals.propose({ hidden_sizes: [4] }, 0);
  for (let now = 0; now < 60_000; now += 100) proposals.tick(now);
  assert.ok(sent.length > 3 && sent.length < 15);
  assert.deepEqual(new Set(sent.map(({ id }) => id)).size, 1);
  proposals.settle(sent[0].id - 1);
  assert.ok(isUnheard());
  proposals.settle(undefined);
  assert.ok(isUnheard());
  proposals.settle(sent[0].id);
  assert.ok(!isUnheard());
  const { length } = sent;
  for (let now = 60_000; now < 90_000; now += 100) proposals.tick(now);
  assert.equal(sent.length, length);
});

test('a newer proposal takes along what went unheard', () => {
  const { proposals, sent } = make();
  const first = proposals.propose({ hidden_sizes: [4], dataset: 'moons' }, 0);
  const second = proposals.propose({ hidden_sizes: [5] }, 10);
  assert.deepEqual(sent.at(-1).values, { hidden_sizes: [5], dataset: 'moons' });
  assert.ok(sent.at(-1).id > sent[0].id);
  proposals.settle(sent[0].id);
  assert.ok(first() && second()); // what is repeated is the newer one, which has both
  proposals.settle(sent.at(-1).id);
  assert.ok(!first() && !second());
  proposals.propose({ hidden_sizes: [6] }, 20);
  assert.deepEqual(sent.at(-1).values, { hidden_sizes: [6] });
});
