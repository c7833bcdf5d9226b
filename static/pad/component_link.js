/**
 * The wire between the panel and the server: a component of its own sends and receives, and may come before the panel or
 * after it, and be made again by Streamlit at any time.
 */

let send = null;
let take = null;
/** What was to be sent before there was a component. */
let waiting = null;

/** The component's end. @param {(request: Object) => void} sender */
export function connect(sender) {
  send = sender;
  if (waiting) send(waiting);
  waiting = null;
}

/** Whoever doesn't listen has asked nothing. @param {Uint8Array} bytes an answer */
export function deliver(bytes) {
  take?.(bytes);
}

/** The panel's end. @param {(bytes: Uint8Array) => void} taker */
export function listen(taker) {
  take = taker;
}

export function stopListening(taker) {
  if (take === taker) take = null;
}

/** @param {Object} request */
export function say(request) {
  if (send) send(request);
  else waiting = request;
}
