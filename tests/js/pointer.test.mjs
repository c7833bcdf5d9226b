import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OnePointer } from '../../static/kit/one_pointer.js';
import { Strokes } from '../../static/pad/strokes.js';
import { DrawnPoints } from '../../static/stage/panels/drawing/drawn_points.js';

class Pointer extends Event {
  constructor(type, id, pointerType, place = 0, rest = {}) {
    super(type, { bubbles: true });
    // Each kind of pointer has a primary one of its own: that two are primary is no fault of the test's.
    Object.assign(this, { pointerId: id, pointerType, place, button: 0, isPrimary: true, ...rest });
  }
}

/** An element that notes what becomes of the drags on it. */
function easel() {
  const target = new EventTarget();
  const log = [];
  target.setPointerCapture = (id) => log.push(`capture ${id}`);
  const note = (what) => (event) => void log.push(`${what}${event ? ` ${event.place}` : ''}`);
  const pointer = new OnePointer(target, { down: note('down'), move: note('move'), up: note('up'), takeBack: note('take back'), hover: note('hover') });
  const fire = (type, ...rest) => target.dispatchEvent(new Pointer(`pointer${type}`, ...rest));
  return { fire, log, pointer, target };
}

test('a palm beside a pen has no part in its stroke, and does not end it', () => {
  const { fire, log } = easel();
  fire('down', 1, 'pen', 1);
  fire('down', 7, 'touch', 100);
  fire('move', 7, 'touch', 101);
  fire('move', 1, 'pen', 2);
  fire('up', 7, 'touch', 101);
  fire('cancel', 7, 'touch', 101);
  fire('move', 1, 'pen', 3);
  fire('up', 1, 'pen', 3);
  assert.deepEqual(log, ['down 1', 'capture 1', 'move 2', 'move 3', 'up 3']);
});

test('a second finger neither draws nor lifts the first', () => {
  const { fire, log } = easel();
  fire('down', 4, 'touch', 1);
  fire('down', 5, 'touch', 50, { isPrimary: false });
  fire('move', 5, 'touch', 51, { isPrimary: false });
  fire('up', 5, 'touch', 51, { isPrimary: false });
  fire('move', 4, 'touch', 2);
  fire('up', 4, 'touch', 2);
  fire('move', 4, 'touch', 9);
  assert.deepEqual(log, ['down 1', 'capture 4', 'move 2', 'up 2']);
});

test('a finger draws while another one holds the tablet', () => {
  const { fire, log } = easel();
  fire('down', 5, 'touch', 1, { isPrimary: false });
  fire('up', 5, 'touch', 1, { isPrimary: false });
  assert.deepEqual(log, ['down 1', 'capture 5', 'up 1']);
});

test('what a palm drew is taken back when its pen comes down, or the system takes it for one', () => {
  const { fire, log, pointer } = easel();
  fire('down', 7, 'touch', 100);
  fire('down', 1, 'pen', 1);
  assert.equal(pointer.isDown, true);
  fire('up', 7, 'touch', 100);
  fire('up', 1, 'pen', 1);
  fire('down', 8, 'touch', 200);
  fire('cancel', 8, 'touch', 200);
  assert.equal(pointer.isDown, false);
  assert.deepEqual(log, ['down 100', 'capture 7', 'take back', 'down 1', 'capture 1', 'up 1', 'down 200', 'capture 8', 'take back']);
});

test('a mouse whose end was missed draws again', () => {
  const { fire, log } = easel();
  fire('down', 1, 'mouse', 1);
  fire('down', 1, 'mouse', 2);
  fire('up', 1, 'mouse', 2);
  fire('down', 1, 'mouse', 3, { button: 2 });
  assert.deepEqual(log, ['down 1', 'capture 1', 'up 1', 'down 2', 'capture 1', 'up 2']);
});

test('a pointer that is up hovers, a finger does not', () => {
  const { fire, log } = easel();
  fire('move', 1, 'mouse', 1);
  fire('move', 2, 'touch', 2);
  fire('leave', 1, 'mouse', 3);
  assert.deepEqual(log, ['hover 1', 'hover']);
});

test('a drag that its owner refuses is none', () => {
  const target = new EventTarget();
  const pointer = new OnePointer(target, { down: () => false });
  target.dispatchEvent(new Pointer('pointerdown', 1, 'mouse'));
  assert.equal(pointer.isDown, false);
});

test('a stroke that was taken back under the hand is not the one before it drawn on', () => {
  const drawing = new Strokes();
  drawing.begin([0.1, 0.1]);
  drawing.begin([0.5, 0.5]);
  drawing.undo();
  assert.equal(drawing.extend([0.9, 0.9]), false);
  assert.deepEqual(drawing.strokes, [[[0.1, 0.1]]]);
});

test('points of a gesture that was none are gone, and nothing is left to undo', () => {
  const drawn = new DrawnPoints();
  drawn.begin();
  drawn.add(1, 2, 0);
  drawn.rollBack();
  assert.deepEqual(drawn.points, []);
  assert.equal(drawn.commit(), false);
  assert.equal(drawn.canUndo, false);
});

test('a gesture during which one is undone can be undone as well', () => {
  const drawn = new DrawnPoints();
  drawn.begin();
  drawn.add(1, 2, 0);
  drawn.undo();
  drawn.add(3, 4, 0);
  assert.equal(drawn.commit(), true);
  drawn.undo();
  assert.deepEqual(drawn.points, []);
});
