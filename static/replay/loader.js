/**
 * Unpacks a replay page and starts it. It stands in the page as it is; everything else lies there as base64 of gzip, each in
 * an element of its own.
 */
const bytesIn = async (/** @type {string} */ id) => {
  const text = document.getElementById(id)?.textContent ?? '';
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
};

const textIn = async (/** @type {string} */ id) => new TextDecoder().decode(await bytesIn(id));

/** Run a program. A script of the page's own, since a page from a disk may load none. */
const run = async (/** @type {string} */ id) => {
  const script = document.createElement('script');
  script.textContent = await textIn(id);
  document.head.append(script);
};

const plotly = async () => {
  await run('nnplay-plotly');
  return /** @type {any} */ (window).Plotly;
};

const host = /** @type {HTMLElement} */ (document.querySelector('.nnplay-stage'));

try {
  const [sync, frames, worker] = await Promise.all([bytesIn('nnplay-sync'), bytesIn('nnplay-frames'), textIn('nnplay-worker'), run('nnplay-code')]);
  /** @type {any} */ (window).nnplayReplay.start({ host, page: host.dataset.page, sync, frames, worker, plotly });
} catch (error) {
  console.error('nnplay:', error);
  host.textContent = 'This browser can’t play the recording. A newer one can: Chrome, Edge, Firefox or Safari of 2023 or later.';
}

export {};
