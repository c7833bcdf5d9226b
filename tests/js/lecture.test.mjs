import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preferencesOf } from '../../static/kit/preferences.js';
import { gridTemplate, hiddenGroups } from '../../static/stage/page/link_hiding.js';

test('a link hides the groups that it names, and no others', () => {
  assert.deepEqual(hiddenGroups('?hide=loss,boundary&dataset=moons'), ['boundary', 'loss']);
  for (const search of ['', '?hide=', '?hide=data', '?hide=LOSS', '?hide=__proto__,constructor', '?hide=%00']) {
    assert.deepEqual(hiddenGroups(search), []);
  }
});

test('what is left of the stage fills it', () => {
  const rows = [['diagram', 'diagram'], ['hidden', 'loss']];
  const areas = (hidden) => [...gridTemplate(rows, hidden).matchAll(/'([^']*)'/g)].map((match) => match[1]);
  assert.deepEqual(areas([]), ['diagram diagram boundary', 'hidden loss boundary']);
  assert.deepEqual(areas(['hidden']), ['diagram diagram boundary', 'loss loss boundary']);
  assert.deepEqual(areas(['diagram', 'loss']), ['hidden boundary']);
  assert.deepEqual(areas(['diagram', 'hidden', 'loss']), ['boundary']);
  assert.deepEqual(areas(['boundary', 'diagram']), ['hidden loss']);
  const widths = (hidden) => gridTemplate(rows, hidden).split(' / ')[1].match(/min(max)?\(/g).length;
  assert.equal(widths([]), 3);
  assert.equal(widths(['boundary', 'hidden']), 2);
});

test('a link brings preferences along; values that cannot be are left out', () => {
  assert.deepEqual(preferencesOf('?speed=epoch:5&discretize=true&log_scale=false'), {
    speed: 'epoch:5', discretize: true, logLoss: false,
  });
  for (const search of [
    '', '?speed=', '?speed=fast', '?speed=epoch:0', '?speed=epoch:1e9', '?speed=step:2', '?discretize=1', '?discretize=',
    '?test_points=constructor', '?log_scale=toString', '?__proto__=true',
  ]) {
    assert.deepEqual(preferencesOf(search), {}, search);
  }
});
