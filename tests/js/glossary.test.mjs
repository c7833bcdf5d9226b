import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf, termNamed } from '../../static/glossary/find_terms.js';
import { TERMS } from '../../static/glossary/terms.js';

const found = (text, known) => partsOf(text, known).filter(({ term }) => term).map(({ text: name, term }) => [name, term.name]);

test('a term is found by each of its names, the longest first, where it stands first', () => {
  const text = 'If the test loss rises while the loss falls, the Weights of a hidden layer are overfitting; weights, R² and L2.';
  assert.deepEqual(found(text), [
    ['test loss', 'loss'], ['Weights', 'weight'], ['hidden layer', 'hidden layer'], ['overfitting', 'overfitting'], ['R²', 'R²'], ['L2', 'L2'],
  ]);
  assert.equal(partsOf(text).map((part) => part.text).join(''), text);
});

test('a name inside of another word is none, nor is what is left alone', () => {
  assert.deepEqual(found('Stepwise, unweighted, a lossless and ReLU6-like thing'), []);
  assert.deepEqual(found('The loss of a batch', [termNamed('loss')]), [['batch', 'batch']]);
});

test('every row has its own names and says what it is in two sentences', () => {
  const names = TERMS.flatMap(({ name, also = [] }) => [name, ...also]).map((name) => name.toLowerCase());
  assert.equal(new Set(names).size, names.length);
  for (const { name, text } of TERMS) assert.equal(text.match(/[.!?](?= |$)/g)?.length, 2, name);
});
