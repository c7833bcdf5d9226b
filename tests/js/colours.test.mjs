/**
 * The ten class colours for readers who lack one kind of cone, as Machado, Oliveira and Fernandes (2009) model it: any
 * two must stay apart, in CIELAB, where 2 to 3 is the least difference one sees side by side.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classColor, laneColor, SYMBOLS } from '../../static/kit/palette.js';
import { parseColor } from '../../static/kit/theme.js';
import { paperZoom } from '../../static/stage/page/paper.js';

const CLASSES = 10;
const CLEARLY_APART = 15;
const SIGHTS = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const TO_XYZ = [[0.43395, 0.37622, 0.18983], [0.21267, 0.71515, 0.07218], [0.01776, 0.10947, 0.87294]]; // of the white point

const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, value, k) => sum + value * vector[k], 0));
const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);

function lab(color, sight) {
  const seen = times(sight, parseColor(color).map(linear)).map((value) => Math.min(1, Math.max(0, value)));
  const [x, y, z] = times(TO_XYZ, seen).map((value) => (value > 216 / 24389 ? Math.cbrt(value) : (24389 / 27 * value + 16) / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

for (const dark of [false, true]) {
  for (const [name, sight] of Object.entries(SIGHTS)) {
    test(`ten classes have colours that stay apart (${dark ? 'dark' : 'light'}, ${name})`, () => {
      const colors = Array.from({ length: CLASSES }, (_, index) => lab(classColor(index, dark), sight));
      for (let i = 0; i < CLASSES; i++) {
        for (let j = 0; j < i; j++) {
          const distance = Math.hypot(...colors[i].map((value, k) => value - colors[j][k]));
          assert.ok(distance > CLEARLY_APART, `classes ${j} and ${i} are only ${distance.toFixed(1)} apart`);
        }
      }
    });
  }
}

for (const dark of [false, true]) {
  for (const [name, sight] of Object.entries(SIGHTS)) {
    test(`four lanes have colours that stay apart (${dark ? 'dark' : 'light'}, ${name})`, () => {
      const colors = Array.from({ length: 4 }, (_, index) => lab(laneColor(index, dark), sight));
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < i; j++) {
          const distance = Math.hypot(...colors[i].map((value, k) => value - colors[j][k]));
          assert.ok(distance > CLEARLY_APART, `lanes ${j} and ${i} are only ${distance.toFixed(1)} apart`);
        }
      }
    });
  }
}

test('ten classes have ten shapes', () => assert.equal(new Set(SYMBOLS.slice(0, CLASSES)).size, CLASSES));

test('a stage is drawn as large as a sheet allows, and one that is very high as wide as several', () => {
  assert.equal(paperZoom(500, 400, [700, 900]), 1);
  assert.equal(paperZoom(1400, 700, [700, 900]), 0.5);
  assert.equal(paperZoom(1000, 1360, [960, 680]), 0.5);
  assert.equal(paperZoom(350, 2500, [700, 900]), 1);
});
