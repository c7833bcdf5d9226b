/** The run that is on the page, for whoever makes something of it elsewhere on the page, as the dialog *Take away* does. */

/** @type {any} what stage/recorded.js says of it */
let offered = null;

/** Offer a run, until the signal says that it is gone. @param {any} run @param {AbortSignal} signal */
export function offerRun(run, signal) {
  offered = run;
  const take = () => {
    if (offered === run) offered = null;
  };
  signal.addEventListener('abort', take, { once: true });
}

/** What is offered now, or null. */
export const runOnStage = () => offered;
