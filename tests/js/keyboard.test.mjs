import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameSteps } from '../../static/stage/commands/commands.js';
import { commandFor, KEYS } from '../../static/stage/commands/keyboard.js';

const BODY = { tag: 'body', type: '', role: '', editable: false, inDialog: false };
const at = (place) => ({ ...BODY, ...place });
const press = (key, more = {}) => ({ key, ...more });
const commandOf = (key, place = BODY, more = {}) => commandFor(press(key, more), place)?.command ?? null;

test('every key of the list does what the list says, anywhere on the page', () => {
  for (const { keys, command } of KEYS) {
    for (const key of keys) {
      assert.equal(commandOf(key), command);
      if (/^[a-z]$/.test(key)) assert.equal(commandOf(key.toUpperCase()), command);
    }
  }
  const all = KEYS.flatMap(({ keys }) => keys);
  assert.equal(new Set(all).size, all.length);
  for (const wanted of [' ', 'ArrowLeft', 'ArrowRight', 'r', 'p', '?', 'Escape', ...'123456789']) assert.ok(all.includes(wanted));
});

test('a choice that nothing is chosen of yet can be made by Space', () => {
  const radio = at({ tag: 'input', type: 'radio', unchosen: true });
  assert.equal(commandOf(' ', radio), null);
  assert.equal(commandOf(' ', { ...radio, clicked: true }), 'toggle');
  assert.equal(commandOf(' ', { ...radio, unchosen: false }), 'toggle');
});

test('other keys, and keys pressed with Control, Alt or Command, are nobody else’s business', () => {
  for (const key of ['0', 'a', 'c', 'Enter', 'Tab', 'ArrowUp', 'ArrowDown', 'F5', 'Dead', 'Unidentified']) assert.equal(commandOf(key), null);
  for (const modifier of ['ctrlKey', 'altKey', 'metaKey', 'isComposing', 'defaultPrevented']) {
    assert.equal(commandOf('r', BODY, { [modifier]: true }), null);
  }
  assert.equal(commandOf('?', BODY, { shiftKey: true }), 'keys');
});

test('whoever types, types', () => {
  const fields = [
    { tag: 'input', type: 'text' }, { tag: 'input', type: '' }, { tag: 'input', type: 'number' }, { tag: 'textarea' },
    { tag: 'div', editable: true }, { tag: 'input', type: 'text', role: 'combobox', expanded: true }, { tag: 'div', role: 'spinbutton' },
  ];
  for (const field of fields) {
    for (const clicked of [true, false]) {
      for (const { keys } of KEYS) for (const key of keys) assert.equal(commandOf(key, at({ ...field, clicked })), null, `${field.tag} ${key}`);
    }
  }
  for (const chosen of [{ tag: 'select' }, { tag: 'div', role: 'combobox' }, { tag: 'li', role: 'option' }]) {
    for (const { keys } of KEYS) for (const key of keys) if (key !== ' ') assert.equal(commandOf(key, at(chosen)), null);
  }
});

test('Space plays wherever the focus is, but in a text field', () => {
  const places = [
    { tag: 'button' }, { tag: 'input', type: 'range' }, { tag: 'div', role: 'slider' }, { tag: 'select' }, { tag: 'input', type: 'text', role: 'combobox' },
    { tag: 'div', role: 'tab' }, { tag: 'button', role: 'tab' }, { tag: 'canvas' }, { tag: 'a' }, { tag: 'summary' }, { tag: 'button', role: 'radio' },
    { tag: 'input', type: 'radio' }, { tag: 'div', role: 'listbox' }, { tag: 'div', role: 'dialog' }, { tag: 'button', inDialog: true }, { tag: 'input', type: 'file' },
  ];
  for (const place of places) for (const clicked of [true, false]) assert.equal(commandOf(' ', at({ ...place, clicked })), 'toggle', JSON.stringify(place));
  assert.equal(commandOf(' ', at({ tag: 'input', type: 'text', inDialog: true, clicked: true })), null);
  assert.equal(commandOf('ArrowRight', at({ role: 'slider', clicked: true })), null);
});

test('whoever came to a check box by Tab switches it by Space: it has no other key', () => {
  for (const box of [{ tag: 'input', type: 'checkbox' }, { tag: 'div', role: 'switch' }]) {
    assert.equal(commandOf(' ', at({ ...box, clicked: false })), null);
    assert.equal(commandOf(' ', at({ ...box, clicked: true })), 'toggle');
  }
});

test('an open dialog has all other keys to itself', () => {
  for (const { keys } of KEYS) for (const key of keys) if (key !== ' ') assert.equal(commandOf(key, at({ inDialog: true })), null);
});

test('what has the focus keeps the keys that it uses itself, and only those', () => {
  const slider = at({ tag: 'input', type: 'range' });
  const theirs = at({ tag: 'div', role: 'slider' });
  const button = at({ tag: 'button', type: 'button' });
  const radio = at({ tag: 'button', role: 'radio' });
  const box = at({ tag: 'input', type: 'checkbox' });
  for (const place of [slider, theirs, radio]) assert.equal(commandOf('ArrowLeft', place), null);
  for (const place of [button, box]) assert.equal(commandOf('ArrowRight', place), 'forward');
  for (const place of [slider, theirs, button, radio, box]) {
    assert.equal(commandOf('r', place), 'reset');
    assert.equal(commandOf('3', place), 'speed');
  }
});

test('a key held down goes on through the frames and does nothing else twice', () => {
  const held = { repeat: true };
  assert.deepEqual(['ArrowLeft', 'ArrowRight'].map((key) => commandOf(key, BODY, held)), ['back', 'forward']);
  for (const key of [' ', 'r', 'p', '?', '1']) assert.equal(commandOf(key, BODY, held), null);
});

test('back reaches farther where frames were thinned out; forward trains on past the newest', () => {
  const kept = [0, 64, 128, 130, 131];
  const steps = [];
  const player = {
    position: 131,
    timeline: { furthest: 131 },
    speed: { unit: 'step' },
    scrub(wanted) {
      this.position = kept.reduce((best, n) => (Math.abs(n - wanted) < Math.abs(best - wanted) ? n : best));
    },
    step: (unit) => steps.push(unit),
  };
  const frames = new FrameSteps({ player, now: () => 0 });
  const visited = new Set();
  for (let presses = 0; presses < 30; presses++) {
    frames.back();
    visited.add(player.position);
  }
  assert.deepEqual([...visited], [130, 128, 64, 0]);
  assert.deepEqual(steps, []);
  for (let presses = 0; presses < 30 && player.position < 131; presses++) frames.forward();
  assert.equal(player.position, 131);
  frames.forward();
  assert.deepEqual(steps, ['step']);
});
