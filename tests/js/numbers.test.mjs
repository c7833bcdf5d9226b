import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classTables, divergingColor, probabilityTable, SYMBOLS, tableColor, valueTable } from '../../static/kit/palette.js';
import { formatEpoch, formatLoss, formatScore, plotlyText } from '../../static/kit/text.js';
import { luminance, makeTheme, parseColor } from '../../static/kit/theme.js';
import { decimate } from '../../static/plot/decimate.js';
import { growRange, logTicks, niceCeil, niceTop } from '../../static/plot/ranges.js';
import { SHAPES } from '../../static/plot/shapes.js';
import { History } from '../../static/stage/run/history.js';

const rgb = (colors, byte) => tableColor(colors, byte).match(/\d+/g).map(Number);

for (const dark of [false, true]) {
  const theme = dark ? 'dark' : 'light';

  test(`probabilities run from blue over neutral to orange (${theme})`, () => {
    const colors = probabilityTable(dark);
    assert.equal(colors.length, 256);
    const [low, middle, high] = [0, 128, 255].map((byte) => rgb(colors, byte));
    assert.ok(low[2] > low[0] + 40, 'blue');
    assert.ok(high[0] > high[2] + 40, 'orange');
    assert.ok(Math.max(...middle) - Math.min(...middle) < 20, 'neutral');
    assert.equal(middle[0] > 128, !dark);
  });

  test(`crisp probabilities have two colours (${theme})`, () => {
    const colors = probabilityTable(dark, true);
    assert.equal(new Set(colors).size, 2);
    assert.notEqual(colors[127], colors[128]);
  });

  test(`values are neutral at 0 even where the range is not symmetric (${theme})`, () => {
    const colors = valueTable([-1, 3], dark);
    assert.deepEqual(rgb(colors, 64).map((v) => Math.round(v / 8)), divergingColor(0, dark).map((v) => Math.round(v / 8)));
    assert.deepEqual(rgb(colors, 255), divergingColor(1, dark).map(Math.round));
  });

  test(`classes are paler where less certain, and ten are distinct (${theme})`, () => {
    const tables = classTables(10, dark);
    assert.equal(new Set(tables.map((table) => table[255])).size, 10);
    const contrast = (byte) => Math.abs(rgb(tables[0], byte)[2] - rgb(tables[0], byte)[0]);
    assert.ok(contrast(40) < contrast(255));
    assert.equal(new Set(classTables(3, dark, true)[0]).size, 1);
  });
}

test('every marker symbol has a shape', () => {
  for (const symbol of SYMBOLS) assert.equal(typeof SHAPES[symbol], 'function');
});

test('decimation keeps the extremes, the ends and the order', () => {
  const values = Float64Array.from({ length: 10000 }, (_, i) => Math.sin(i / 50));
  values[1234] = 9;
  values[4321] = -9;
  values[77] = NaN;
  const kept = decimate(values, values.length, 600);
  assert.ok(kept.length <= 600);
  for (const i of [0, 1234, 4321, 9999]) assert.ok(kept.includes(i));
  assert.ok(!kept.includes(77));
  assert.deepEqual(kept, [...kept].sort((a, b) => a - b));
});

test('short curves are kept whole, without what is not finite', () => {
  assert.deepEqual(decimate([1, NaN, Infinity, 4], 4, 600), [0, 3]);
});

test('round numbers', () => {
  assert.deepEqual([0.03, 1, 1.01, 3, 7, 100].map(niceCeil), [0.05, 1, 2, 5, 10, 100]);
  assert.deepEqual([0.71, 130, 200].map(niceTop), [0.8, 150, 200]);
  assert.equal(niceCeil(NaN), 1);
});

test('a growing range stands still until it must grow', () => {
  const range = growRange(null, -0.93, 1.1);
  assert.ok(range[0] <= -0.93 && range[1] >= 1.1);
  assert.equal(growRange(range, -0.9, 1), range);
  const grown = growRange(range, -0.9, 5);
  assert.equal(grown[0], range[0]);
  assert.ok(grown[1] >= 5);
  assert.equal(growRange(range, NaN, NaN), range);
  const flat = growRange(null, 0, 0);
  assert.ok(flat[0] < 0 && flat[1] > 0);
});

test('the history overwrites, ignores gaps and truncates', () => {
  const history = new History();
  for (let k = 0; k < 3000; k += 3) history.record(k, k / 10, 1 / (k + 1), NaN);
  assert.equal(history.length, 1000);
  history.record(30, 3, 7, 8);
  history.record(31, 3, 7, 8);
  assert.equal(history.length, 1000);
  assert.equal(history.train[10], 7);
  assert.equal(history.epochAt(32), 3);
  history.truncateAfter(31);
  assert.equal(history.length, 11);
  history.truncateAfter(-1);
  assert.equal(history.length, 0);
});

test('read-outs', () => {
  assert.equal(formatEpoch(1240), '1,240');
  assert.equal(formatEpoch(3.25), '3.25');
  assert.deepEqual([0.0312, 12.3456, NaN, Infinity, 0.00024, 0.00001, 2.4e-6, 0].map(formatLoss), ['0.0312', '12.346', '–', '∞', '0.00024', '0.00001', '2.4·10⁻⁶', '0.0000']);
  assert.deepEqual([31234, 999999, 3.83e8, 1.234e9, 5e12, 1.7e26, -4e7].map(formatLoss), ['31,234', '1M', '383M', '1.23B', '5T', '10²⁶', '−40M']);
  assert.equal(formatScore(0.9731, true), '97.3 %');
});

test('names from the data are cut and escaped', () => {
  assert.equal(plotlyText('<a href="x">%{y}&'), '&lt;a href="x"&gt;&#37;{y}&amp;');
  assert.equal(plotlyText('n'.repeat(50)).length, 40);
});

test('themes are told apart by luminance', () => {
  assert.deepEqual(parseColor('#fff'), [255, 255, 255]);
  assert.deepEqual(parseColor('rgba(49, 51, 63, 0.2)'), [49, 51, 63]);
  assert.ok(luminance([255, 255, 255]) > 0.99);
  const theme = (background) => makeTheme((name) => (name === 'background-color' ? background : ''));
  assert.equal(theme('#0e1117').dark, true);
  assert.equal(theme('').dark, false);
});

test('a logarithmic axis is labelled at powers of ten, or at 1, 2 and 5 in full', () => {
  assert.deepEqual(logTicks([-0.6, 0.5]), { exponentformat: 'power', dtick: 'D2', tickformat: '~g' });
  assert.deepEqual(logTicks([-2, 0]).dtick, 'D2');
  assert.deepEqual(logTicks([-2, 1]), { exponentformat: 'power', dtick: 1 });
});
