/**
 * Entry point for Streamlit's components.v2. There is nothing to see here: the stage's panel does the drawing, this passes
 * on what it says and hears.
 *
 * data: a network or an image as bytes, see docs/protocol.md; trigger: request.
 */
import { sendInTurn } from '../messages/component_turns.js';
import { isLeaving } from '../messages/page_change.js';
import { connect, deliver } from './component_link.js';

/** @param {{data: Uint8Array|ArrayBuffer|null, setTriggerValue: (name: string, value: Object) => void}} component */
export default function pad({ data, setTriggerValue }) {
  connect((request) => isLeaving() || sendInTurn('pad', () => setTriggerValue('request', request)));
  const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
  if (bytes instanceof Uint8Array && bytes.length > 0) deliver(bytes);
}
