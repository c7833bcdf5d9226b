/** Commands that come from elsewhere on the page, such as a button in the header, to whatever is on the page. */

const EVENT = 'nnplay:command';

/** @param {string} name of the command */
export const sayCommand = (name) => document.dispatchEvent(new CustomEvent(EVENT, { detail: name }));

/**
 * Obey those that are known here.
 * @param {Object<string, (key: string) => any>} commands by name
 * @param {AbortSignal} signal
 * @param {() => boolean} [isHere] whether the listener is on the page
 */
export function listenToCommands(commands, signal, isHere = () => true) {
  const obey = (/** @type {CustomEventInit} */ { detail }) => isHere() && Object.hasOwn(commands, detail) && commands[detail]('');
  document.addEventListener(EVENT, obey, { signal });
}
