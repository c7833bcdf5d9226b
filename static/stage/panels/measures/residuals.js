/**
 * How far a regression is off: predicted against true values, and how the differences are spread.
 */
import { mapX, mapY } from '../../../plot/plot_frame.js';
import { growRange, niceTop } from '../../../plot/ranges.js';

const DOT = 2.6;

const scores = (frame) => [frame.regression_scores[0], frame.regression_scores[3]];

export const predictionChart = {
  label: 'R²',
  about: 'Each point is a sample: training samples in the colour of the training curve, test samples in that of the test curve. On the diagonal the prediction is exact, above it too high, below it too low. R² is 1 for a perfect fit and 0 for one no better than the mean.',
  percent: false,
  isScore: true,
  values: scores,

  axes(info, unit = '') {
    return { x: unit ? `true: ${unit}` : 'true value', y: unit ? 'predicted' : 'predicted value' };
  },

  ranges(frame, statics, before) {
    const [low, high] = extent(statics.targets);
    const [least, most] = extent(frame.predictions);
    // A logarithm far off is an answer beyond all bounds: it must not press the others together.
    const reach = frame.far ?? Infinity;
    const range = growRange(before?.x ?? null, Math.min(low, Math.max(least, low - reach)), Math.max(high, Math.min(most, high + reach)));
    return range === before?.x ? before : { x: range, y: range };
  },

  paint(plot, frame, { colors, theme, sets, statics }) {
    const context = plot.begin();
    const { scale } = plot.mapping;
    const { x, kx } = plot.mapping;
    const ends = [-x / kx, (plot.canvas.width - x) / kx];
    context.strokeStyle = theme.muted;
    context.lineWidth = scale;
    context.setLineDash([2 * scale, 3 * scale]);
    context.beginPath();
    for (const end of ends) context.lineTo(mapX(plot, end), mapY(plot, end));
    context.stroke();
    context.setLineDash([]);
    for (const set of sets) {
      context.beginPath();
      statics.targets.forEach((target, i) => {
        if (statics.is_test[i] !== set) return;
        const [x, y] = [mapX(plot, target), mapY(plot, frame.predictions[i])];
        context.moveTo(x + DOT * scale, y);
        if (set) context.rect(x - DOT * scale, y - DOT * scale, 2 * DOT * scale, 2 * DOT * scale);
        else context.arc(x, y, DOT * scale, 0, 2 * Math.PI);
      });
      context.fillStyle = colors[set];
      context.globalAlpha = 0.75;
      context.fill();
      context.globalAlpha = 1;
    }
  },
};

/** Shares of a set's samples in each bin. */
export function residualShares(counts, set) {
  const bins = counts.length / 2;
  const own = Array.from(counts.subarray(set * bins, (set + 1) * bins));
  const total = own.reduce((sum, count) => sum + count, 0);
  return own.map((count) => (total ? count / total : 0));
}

export const residualChart = {
  label: 'typical error',
  about: 'How the errors are distributed. A narrow peak at 0 is good; a peak beside 0 means that the predictions are too high or too low throughout. The typical error is the root mean square.',
  percent: false,
  values: (frame) => [frame.regression_scores[2], frame.regression_scores[5]],

  axes(info, unit = '') {
    return { x: unit ? `true minus predicted: ${unit}` : 'true minus predicted', y: 'share of samples' };
  },

  ranges(frame, statics, before) {
    const [reach] = frame.residual_reach;
    const highest = Math.max(...residualShares(frame.residual_counts, 0), ...residualShares(frame.residual_counts, 1));
    const top = Math.max(niceTop(1.02 * highest), before?.y[1] ?? 0);
    if (before && before.x[1] === reach && before.y[1] === top) return before;
    return { x: [-reach, reach], y: [0, before && before.x[1] === reach ? top : niceTop(1.02 * highest)] };
  },

  paint(plot, frame, { colors, theme, sets }) {
    const context = plot.begin();
    const { scale } = plot.mapping;
    const [reach] = frame.residual_reach;
    const bins = frame.residual_counts.length / 2;
    const edge = (bin) => mapX(plot, reach * ((2 * bin) / bins - 1));
    for (const set of sets) {
      const shares = residualShares(frame.residual_counts, set);
      context.beginPath();
      context.moveTo(edge(0), mapY(plot, 0));
      shares.forEach((share, bin) => {
        context.lineTo(edge(bin), mapY(plot, share));
        context.lineTo(edge(bin + 1), mapY(plot, share));
      });
      context.lineTo(edge(bins), mapY(plot, 0));
      if (!set) {
        context.fillStyle = colors[set];
        context.globalAlpha = 0.3;
        context.fill();
        context.globalAlpha = 1;
      }
      context.setLineDash(set ? [5 * scale, 4 * scale] : []);
      context.lineWidth = 1.6 * scale;
      context.strokeStyle = colors[set];
      context.stroke();
    }
    context.setLineDash([2 * scale, 3 * scale]);
    context.lineWidth = scale;
    context.strokeStyle = theme.muted;
    context.beginPath();
    context.moveTo(mapX(plot, 0), 0);
    context.lineTo(mapX(plot, 0), plot.canvas.height);
    context.stroke();
    context.setLineDash([]);
  },
};

function extent(...columns) {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (const value of column) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}
