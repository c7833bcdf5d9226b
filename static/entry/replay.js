/**
 * What a replay page runs. The bundle of it lies in the page itself, compressed: a page that is opened from a disk can't
 * load modules. replay/loader.js unpacks it and calls `start`.
 */
import { followLinks } from '../glossary/links.js';
import { decode } from '../messages/decode.js';
import { plotlyComesBy } from '../plot/load_plotly.js';
import { pageNamed } from '../replay/pages.js';
import { ReplayStage } from '../replay/replay_stage.js';

/**
 * @param {{host: HTMLElement, page: string, sync: Uint8Array, frames: Uint8Array, worker: string, plotly: () => Promise<Object>}} parts
 *   the two messages, the worker's program, and what brings Plotly
 */
export function start({ host, page, sync, frames, worker, plotly }) {
  followLinks();
  plotlyComesBy(plotly);
  const startWorker = () => new Worker(URL.createObjectURL(new Blob([worker], { type: 'text/javascript' })));
  return new ReplayStage(host, decode(sync), decode(frames), page, pageNamed(page, startWorker));
}
