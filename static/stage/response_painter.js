/**
 * Paints response curves as small charts over one shared vertical axis.
 */
import { classColor } from './palette.js';
import { AXIS_WIDTH, PAD } from './response_grid.js';
import { formatShort } from './text.js';

/** Above and below a chart, for its name and the ends of its axis; larger where the type is. */
const TITLE = 18;
const FOOT = 18;
const LINE = 1.8;
const RUG = 4;

/**
 * @typedef {Object} Drawing
 * @property {{name: string, low: number, high: number, deciles: number[]}[]} columns
 * @property {ReturnType<import('./response_grid.js').responseGrid>} grid
 * @property {(column: number, output: number, point: number) => number} value
 * @property {number} outputs @property {number} points
 * @property {[number, number]} range of the shared axis
 * @property {import('./theme.js').Theme} theme
 * @property {number} base  the first class's number: with a single output that is a probability, the second's; −1 for values
 */

/** @param {CanvasRenderingContext2D} context in CSS pixels @param {Drawing} drawing */
export function paintResponses(context, drawing) {
  const { columns, grid, theme } = drawing;
  columns.forEach((column, k) => {
    const left = AXIS_WIDTH + (k % grid.columns) * grid.cellWidth + PAD;
    const { scale } = theme;
    const top = Math.floor(k / grid.columns) * grid.cellHeight + TITLE * scale;
    const box = { left, top, width: grid.cellWidth - 2 * PAD, height: grid.cellHeight - (TITLE + FOOT) * scale };
    context.font = `600 ${12 * scale}px ${theme.font}`;
    context.fillStyle = theme.text;
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    context.fillText(fitted(context, column.name, box.width + PAD), left, top - 5);
    paintFrame(context, drawing, column, box, k % grid.columns === 0);
    paintCurves(context, drawing, k, box);
  });
}

function paintFrame(context, { theme, range }, column, { left, top, width, height }, first) {
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  context.font = `${11 * theme.scale}px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textBaseline = 'top';
  context.fillText(formatShort(column.low), left, top + height + 3);
  context.textAlign = 'right';
  context.fillText(formatShort(column.high), left + width, top + height + 3);
  if (first) {
    context.textBaseline = 'top';
    context.fillText(formatShort(range[1]), left - 5, top);
    context.textBaseline = 'bottom';
    context.fillText(formatShort(range[0]), left - 5, top + height);
  }
  // A tenth of the rows lies between two ticks.
  context.strokeStyle = theme.muted;
  context.beginPath();
  for (const value of column.deciles) {
    const share = (value - column.low) / (column.high - column.low);
    if (!(share >= 0 && share <= 1)) continue;
    const x = Math.round(left + share * width) + 0.5;
    context.moveTo(x, top + height);
    context.lineTo(x, top + height - RUG);
  }
  context.stroke();
}

function paintCurves(context, drawing, k, { left, top, width, height }) {
  const { outputs, points, range, value, theme, base } = drawing;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.lineWidth = LINE;
  context.lineJoin = 'round';
  for (let output = 0; output < outputs; output++) {
    context.beginPath();
    for (let point = 0; point < points; point++) {
      const share = (value(k, output, point) - range[0]) / (range[1] - range[0]);
      context.lineTo(left + (width * point) / (points - 1), top + height * (1 - share));
    }
    context.strokeStyle = base < 0 ? theme.primary : classColor(base + output, theme.dark);
    context.stroke();
  }
  context.restore();
}

/** A name cut to a width. */
function fitted(context, name, width) {
  if (context.measureText(name).width <= width) return name;
  let cut = name;
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}
