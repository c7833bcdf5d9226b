/** The tab Luck: the wall of seeds, the fan of their losses, the spread of their scores. */
import { PictureWorker } from '../../network/picture_worker.js';
import { Resolution } from '../pictures/resolution.js';
import { FanPanel } from '../panels/luck/fan_panel.js';
import { ScoresPanel } from '../panels/luck/scores_panel.js';
import { SeedTimeline } from '../panels/luck/seed_timeline.js';
import { Spotlight } from '../panels/luck/spotlight.js';
import { WallPanel } from '../panels/luck/wall_panel.js';

/** Points along a side of each picture while frames play, and what all of them together may take: the display's time for three frames. */
const WALL = { sides: [7, 9, 11, 13, 17, 21, 25, 31, 41], first: 3, mostMs: 24, fewMs: 15 };

const spotlight = new Spotlight();

/** @type {import('../panels/panel_set.js').Page} */
export default {
  pictures: new PictureWorker(),
  resolution: new Resolution(WALL),
  timeline: () => new SeedTimeline(),
  panels: [
    { Panel: WallPanel, group: 'boundary', options: { spotlight } },
    { Panel: FanPanel, group: 'loss', options: { spotlight } },
    { Panel: ScoresPanel, group: 'hidden', options: { spotlight } },
  ],
  groups: [['loss'], ['hidden']],
  isInAddress: true,
  words: { train: 'Median train', test: 'Median test', score: (name) => `median ${name}` },
};
