/**
 * Paints response curves as small charts over one shared vertical axis.
 */
import { classColor } from '../../../kit/palette.js';
import { formatBetween, formatShort } from '../../../kit/text.js';
import { AXIS_WIDTH, PAD } from './response_grid.js';

/** Above and below a chart, for its name and the ends of its axis; larger where the type is. */
const TITLE = 18;
const FOOT = 18;
const LINE = 1.8;
const RUG = 4;
/** Of a category's share of the axis so much is its mark. */
const MARK = 0.62;
/** Where not even an upright name has room, the pointer tells the names. */
const LEAST_UPRIGHT = 11;

/**
 * @typedef {Object} Drawing
 * @property {{name: string, low: number, high: number, deciles: number[], categories?: string[]}[]} columns of words with categories, and nothing else but a name
 * @property {ReturnType<typeof import('./response_grid.js').responseGrid>} grid
 * @property {(column: number, output: number, point: number) => number} value
 * @property {number} outputs @property {number} points
 * @property {[number, number]} range of the shared axis
 * @property {import('../../../kit/theme.js').Theme} theme
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
    paintFrame(context, drawing, box, k % grid.columns === 0);
    if (column.categories) {
      paintMarks(context, drawing, k, box);
      paintCategories(context, drawing, column.categories, box);
    } else {
      paintExtent(context, drawing, column, box);
      paintCurves(context, drawing, k, box);
    }
  });
}

function paintFrame(context, { theme, range }, { left, top, width, height }, first) {
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  context.font = `${Math.max(11, theme.scale > 1 ? 12 * theme.scale : 0)}px ${theme.font}`;
  context.fillStyle = theme.muted;
  if (!first) return;
  context.textAlign = 'right';
  context.textBaseline = 'top';
  context.fillText(formatShort(range[1]), left - 5, top);
  context.textBaseline = 'bottom';
  context.fillText(formatShort(range[0]), left - 5, top + height);
}

/** Where the axis of a column of numbers begins and ends, and how its rows lie along it. */
function paintExtent(context, { theme }, column, { left, top, width, height }) {
  context.textBaseline = 'top';
  context.textAlign = 'left';
  context.fillText(formatBetween(column.low, column.low, column.high), left, top + height + 3);
  context.textAlign = 'right';
  context.fillText(formatBetween(column.high, column.low, column.high), left + width, top + height + 3);
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

/** A mark for each category and output, at its answer: words have no order, so no line joins them. */
function paintMarks(context, drawing, k, { left, top, width, height }) {
  const { columns, outputs, range, value, theme, base } = drawing;
  const n = columns[k].categories.length;
  const slot = width / n;
  context.lineWidth = LINE;
  for (let output = 0; output < outputs; output++) {
    context.strokeStyle = context.fillStyle = base < 0 ? theme.primary : classColor(base + output, theme.dark);
    for (let category = 0; category < n; category++) {
      const share = Math.min(1, Math.max(0, (value(k, output, category) - range[0]) / (range[1] - range[0])));
      if (Number.isNaN(share)) continue;
      const [x, y] = [left + slot * (category + (1 - MARK) / 2), top + height * (1 - share)];
      if (outputs === 1) {
        context.globalAlpha = 0.25;
        context.fillRect(x, y, slot * MARK, top + height - y);
        context.globalAlpha = 1;
      }
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + slot * MARK, y);
      context.stroke();
    }
  }
}

/** The categories' names: below the chart, or upright in it where more of them can be read so. */
function paintCategories(context, { theme }, categories, { left, top, width, height }) {
  const slot = width / categories.length;
  if (slot < LEAST_UPRIGHT * theme.scale) return;
  context.font = `${Math.max(11, theme.scale > 1 ? 12 * theme.scale : 0)}px ${theme.font}`;
  const longest = Math.max(...categories.map((name) => context.measureText(name).width));
  const upright = longest > slot - 2 && height - 8 > slot - 2;
  context.fillStyle = upright ? theme.text : theme.muted;
  categories.forEach((name, category) => {
    const x = left + slot * (category + 0.5);
    if (!upright) {
      context.textAlign = 'center';
      context.textBaseline = 'top';
      context.fillText(fitted(context, name, slot - 2), x, top + height + 3);
      return;
    }
    context.save();
    context.translate(x, top + height - 4);
    context.rotate(-Math.PI / 2);
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(fitted(context, name, height - 8), 0, 0);
    context.restore();
  });
}

/** A name cut to a width. */
function fitted(context, name, width) {
  if (context.measureText(name).width <= width) return name;
  let cut = name;
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}
