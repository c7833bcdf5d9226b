/**
 * A drag belongs to one pointer, from where it goes down to where it is lifted. Whatever else touches meanwhile, a second
 * finger or the palm beside a pen, has no part in it. No DOM but for events, so that node can test it.
 */

/**
 * @typedef {Object} Drag
 * @property {(event: PointerEvent) => boolean|void} down a drag begins; one that returns false does not
 * @property {(event: PointerEvent) => void} [move] it goes on
 * @property {(event: PointerEvent) => void} [up] it ends
 * @property {() => void} [takeBack] it was none: a palm that lay down before its pen, or that the system took for one; without it, it ends
 * @property {(event: PointerEvent|null) => void} [hover] a pointer that is not down moves over the element, or has left it (null)
 */

export class OnePointer {
  /** The pointer that is down, or null. @type {{id: number, type: string, event: PointerEvent}|null} */
  #owner = null;
  /** Ends the listening to the pointer that is down. @type {AbortController|null} */
  #release = null;
  #target;
  #drag;

  /** @param {HTMLElement} target @param {Drag} drag @param {{capture?: boolean}} options `capture`: not where the browser does so, as on a slider */
  constructor(target, drag, { capture = true } = {}) {
    this.#target = target;
    this.#drag = drag;
    this.capture = capture;
    target.addEventListener('pointerdown', (event) => this.#down(event));
    target.addEventListener('pointermove', (event) => this.#move(event));
    target.addEventListener('lostpointercapture', (event) => this.#up(event));
    target.addEventListener('pointerleave', (event) => this.#owner || this.#mayHover(event, null));
  }

  /** Whether a pointer is down. */
  get isDown() {
    return this.#owner !== null;
  }

  #down(event) {
    if (event.button !== 0) return;
    if (this.#owner && !this.#yieldTo(this.#owner, event)) return;
    const owner = { id: event.pointerId, type: event.pointerType, event };
    this.#owner = owner;
    if (this.#drag.down(event) === false) {
      this.#owner = null;
      return;
    }
    if (this.capture) capturePointer(this.#target, event.pointerId);
    const release = new AbortController();
    this.#release = release;
    // On the window: the element may be hidden, or taken off the page, while a pointer is down on it.
    const options = { signal: release.signal, capture: true };
    const view = this.#target.ownerDocument?.defaultView ?? this.#target;
    view.addEventListener('pointerup', (up) => this.#up(up), options);
    view.addEventListener('pointercancel', (cancelled) => this.#cancelled(cancelled), options);
  }

  /** A pen goes before the hand that holds it; and a pointer that comes down again has been up, whoever missed it. */
  #yieldTo({ id, type, event }, { pointerId, pointerType }) {
    if (pointerId === id) this.#end((drag) => drag.up?.(event));
    else if (pointerType === 'pen' && type === 'touch') this.#takeBack(event);
    return this.#owner === null;
  }

  #move(event) {
    if (!this.#owner) this.#mayHover(event, event);
    else if (event.pointerId === this.#owner.id) this.#drag.move?.(event);
  }

  #mayHover({ pointerType }, event) {
    if (pointerType !== 'touch' || event === null) this.#drag.hover?.(event);
  }

  #up(event) {
    if (event.pointerId === this.#owner?.id) this.#end((drag) => drag.up?.(event));
  }

  /** The system takes a touch for a palm, or for a gesture of its own; of a pen or a mouse it only loses the rest. */
  #cancelled(event) {
    if (!this.#owner || event.pointerId !== this.#owner.id) return;
    if (this.#owner.type === 'touch') this.#takeBack(event);
    else this.#up(event);
  }

  #takeBack(event) {
    this.#end((drag) => (drag.takeBack ? drag.takeBack() : drag.up?.(event)));
  }

  #end(tell) {
    this.#owner = null;
    this.#release?.abort();
    tell(this.#drag);
  }
}

function capturePointer(target, id) {
  try {
    target.setPointerCapture(id);
  } catch {
    // It was lifted already: its end is on its way.
  }
}
