/**
 * The reliability curve: how often what the network says with some probability comes true. On the diagonal it is as
 * sure as it may be; the bars at the foot are the number of samples that speak for each point.
 */
import { plotlyText } from '../../../kit/text.js';
import { mapX, mapY } from '../../../plot/plot_frame.js';

const BARS = 0.2;
const DASH = [5, 4];
/** A little more than all, so that points at the ends are seen whole. */
const RANGES = { x: [-0.03, 1.03], y: [-0.04, 1.04] };

export const reliabilityChart = {
  label: 'calibration error',
  about: 'Of the predictions made with 70 % probability, 70 % should be correct. Below the diagonal the network is overconfident, above it underconfident. The bars count the samples.',

  axes(info) {
    const one = info.task === 'binary';
    const name = one ? plotlyText(info.class_names[1]) : '';
    return one
      ? { x: `predicted probability of ${name}`, y: `actual share of ${name}` }
      : { x: 'predicted probability', y: 'share that was correct' };
  },

  ranges() {
    return RANGES;
  },

  /** The expected calibration error of training and test samples, in percent. */
  values(frame) {
    return [...frame.calibration_error];
  },

  percent: true,

  paint(plot, frame, { colors, theme, sets }) {
    const context = plot.begin();
    const { scale } = plot.mapping;
    const bins = frame.reliability_counts.length / 2;
    context.strokeStyle = theme.muted;
    context.lineWidth = scale;
    context.setLineDash([2 * scale, 3 * scale]);
    context.beginPath();
    context.moveTo(mapX(plot, 0), mapY(plot, 0));
    context.lineTo(mapX(plot, 1), mapY(plot, 1));
    context.stroke();
    context.setLineDash([]);
    for (const set of sets) {
      const counts = frame.reliability_counts.subarray(set * bins, (set + 1) * bins);
      const stated = frame.reliability.subarray(2 * set * bins, (2 * set + 1) * bins);
      const observed = frame.reliability.subarray((2 * set + 1) * bins, (2 * set + 2) * bins);
      paintBars(plot, context, counts, set, sets.length, colors[set]);
      paintCurve(plot, context, stated, observed, set, colors[set], theme.background);
    }
  },
};

function paintBars(plot, context, counts, place, places, color) {
  const most = Math.max(...counts);
  if (!most) return;
  const width = 1 / counts.length;
  const own = (0.8 * width) / places;
  context.fillStyle = color;
  context.globalAlpha = 0.28;
  counts.forEach((count, bin) => {
    const left = mapX(plot, (bin + 0.1) * width + place * own);
    const top = mapY(plot, (BARS * count) / most);
    context.fillRect(left, top, mapX(plot, own) - mapX(plot, 0), mapY(plot, 0) - top);
  });
  context.globalAlpha = 1;
}

function paintCurve(plot, context, stated, observed, set, color, background) {
  const { scale } = plot.mapping;
  const filled = [...stated.keys()].filter((bin) => !Number.isNaN(stated[bin]));
  context.beginPath();
  for (const bin of filled) context.lineTo(mapX(plot, stated[bin]), mapY(plot, observed[bin]));
  context.setLineDash(set ? DASH.map((length) => length * scale) : []);
  context.lineWidth = 1.8 * scale;
  context.strokeStyle = color;
  context.stroke();
  context.setLineDash([]);
  for (const bin of filled) {
    context.beginPath();
    const [x, y] = [mapX(plot, stated[bin]), mapY(plot, observed[bin])];
    if (set) context.rect(x - 3.5 * scale, y - 3.5 * scale, 7 * scale, 7 * scale);
    else context.arc(x, y, 4 * scale, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
    context.lineWidth = scale;
    context.strokeStyle = background;
    context.stroke();
  }
}
