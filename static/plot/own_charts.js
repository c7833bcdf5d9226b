/**
 * What a PlotFrame asks of Plotly, drawn by ourselves: frame, grid, numbers and names of the axes, and markers. For pictures and
 * videos, which need neither zoom nor pointer, and where Plotly would take longer than all the rest.
 */
import { element } from '../kit/dom.js';
import { pixelRatio } from '../kit/pixel_ratio.js';
import { ticksOf } from './own_ticks.js';
import { axesIn } from './plot_frame.js';
import { SHAPES } from './shapes.js';

const CLEAR = 'rgba(0, 0, 0, 0)';
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&#37;': '%' };

/** @typedef {{canvas: HTMLCanvasElement, below: HTMLCanvasElement, traces: any[], layout: any, heard: (() => void)[]}} Own what a chart consists of */
/** @type {WeakMap<HTMLElement, Own>} */
const charts = new WeakMap();

/** A text that was made safe for Plotly. @param {string} text */
const plain = (text) => text.replace(/<[^>]*>/g, '').replace(/&[a-z#0-9]+;/g, (entity) => ENTITIES[entity] ?? entity);

/** Set a value by a path such as `yaxis.title.text`. @param {any} target @param {string} path @param {*} value */
function put(target, path, value) {
  const names = path.split('.');
  const last = /** @type {string} */ (names.pop());
  let at = target;
  for (const name of names) at = at[name] = { ...at[name] };
  at[last] = value;
}

/** In place of Plotly, where a PlotFrame is attached to it. */
export const ownCharts = {
  /** @param {any} chart @param {any[]} traces @param {any} layout */
  react(chart, traces, layout) {
    const own = charts.get(chart) ?? begin(chart);
    Object.assign(own, { traces: traces.map((trace) => ({ ...trace })), layout: { ...layout } });
    draw(chart, own);
  },

  /** @param {any} chart @param {Object<string, *>} changes */
  relayout(chart, changes) {
    const own = charts.get(chart);
    if (!own) return;
    for (const [path, value] of Object.entries(changes)) put(own.layout, path, value);
    draw(chart, own);
  },

  /** @param {any} chart @param {Object<string, any[]>} changes a value for each trace @param {number[]} [indices] */
  restyle(chart, changes, indices) {
    const own = charts.get(chart);
    if (!own) return;
    restyle(own, changes, indices);
    draw(chart, own);
  },

  /** @param {any} chart @param {Object<string, any[]>} changes @param {Object<string, *>} layout @param {number[]} [indices] */
  update(chart, changes, layout, indices) {
    const own = charts.get(chart);
    if (!own) return;
    restyle(own, changes, indices);
    this.relayout(chart, layout);
  },

  /** @param {any} chart */
  purge(chart) {
    charts.get(chart)?.canvas.remove();
    charts.get(chart)?.below.remove();
    charts.delete(chart);
  },
};

/** @param {any} chart @returns {Own} */
function begin(chart) {
  const canvas = element('canvas', { class: 'nn-own-chart', 'aria-hidden': 'true' });
  chart.append(canvas);
  // The grid lies below what a panel paints.
  const below = element('canvas', { class: 'nn-own-chart', 'aria-hidden': 'true' });
  chart.parentElement.prepend(below);
  /** @type {Own} */
  const own = { canvas, below, traces: [], layout: {}, heard: [] };
  charts.set(chart, own);
  chart.on = (/** @type {string} */ event, /** @type {() => void} */ hear) => event === 'plotly_afterplot' && own.heard.push(hear);
  return own;
}

/** @param {Own} own @param {Object<string, any[]>} changes @param {number[]} [indices] */
function restyle(own, changes, indices = own.traces.map((_, k) => k)) {
  indices.forEach((index, k) => {
    for (const [name, values] of Object.entries(changes)) own.traces[index][name] = values[k];
  });
}

/** @param {any} chart @param {Own} own */
function draw(chart, own) {
  const { layout, canvas } = own;
  const { l: left, r: right, t: top, b: bottom } = layout.margin;
  const axes = axesIn(layout, { left, right, top, bottom }, { x: layout.xaxis.range, y: layout.yaxis.range }, Boolean(layout.yaxis.scaleanchor));
  chart._fullLayout = axes;
  paintGrid(contextOf(own.below, layout), layout, axes);
  paint(contextOf(canvas, layout), layout, axes, own.traces);
  for (const hear of own.heard) hear();
}

/** A canvas of the chart's size, empty. @param {HTMLCanvasElement} canvas @param {{width: number, height: number}} layout */
function contextOf(canvas, { width, height }) {
  const scale = pixelRatio();
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  Object.assign(canvas.style, { position: 'absolute', left: '0', top: '0', width: `${width}px`, height: `${height}px` });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

/** @param {{_offset: number, _length: number, range: number[]}} axis @returns {(x: number) => number} */
const across = ({ _offset, _length, range: [low, high] }) => (x) => _offset + ((x - low) / (high - low)) * _length;
/** @param {{_offset: number, _length: number, range: number[]}} axis @returns {(y: number) => number} */
const up = ({ _offset, _length, range: [low, high] }) => (y) => _offset + _length - ((y - low) / (high - low)) * _length;

/** @param {CanvasRenderingContext2D} context @param {any} layout @param {{xaxis: any, yaxis: any}} axes */
function paintGrid(context, layout, { xaxis, yaxis }) {
  const [x0, y0, width, height] = [xaxis._offset, yaxis._offset, xaxis._length, yaxis._length];
  const [atX, atY] = [across(xaxis), up(yaxis)];
  context.lineWidth = 1;
  if (layout.xaxis.showgrid) rule(context, layout.xaxis.gridcolor, ticksOf(layout.xaxis, xaxis.range).map(({ value }) => [atX(value), y0, atX(value), y0 + height]));
  if (layout.yaxis.showgrid) rule(context, layout.yaxis.gridcolor, ticksOf(layout.yaxis, yaxis.range).map(({ value }) => [x0, atY(value), x0 + width, atY(value)]));
}

/** @param {CanvasRenderingContext2D} context @param {any} layout @param {{xaxis: any, yaxis: any}} axes @param {any[]} traces */
function paint(context, layout, { xaxis, yaxis }, traces) {
  const box = [xaxis._offset, yaxis._offset, xaxis._length, yaxis._length];
  const [atX, atY] = [across(xaxis), up(yaxis)];
  for (const trace of traces) if (trace.visible !== false && trace.mode === 'markers') paintMarkers(context, trace, layout, atX, atY, box);
  context.strokeStyle = layout.xaxis.linecolor;
  context.lineWidth = 1;
  context.strokeRect(box[0] - 0.5, box[1] - 0.5, box[2] + 1, box[3] + 1);
  paintAcross(context, layout, { look: layout.xaxis, ticks: ticksOf(layout.xaxis, xaxis.range) }, atX, box);
  paintUp(context, layout, { look: layout.yaxis, ticks: ticksOf(layout.yaxis, yaxis.range) }, atY, box);
}

/** @param {CanvasRenderingContext2D} context @param {string} color @param {number[][]} lines */
function rule(context, color, lines) {
  context.beginPath();
  for (const [x, y, toX, toY] of lines) {
    context.moveTo(x, y);
    context.lineTo(toX, toY);
  }
  context.strokeStyle = color;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {any} layout @param {{look: any, ticks: import('./own_ticks.js').Tick[]}} axis @param {(x: number) => number} at @param {number[]} box */
function paintAcross(context, layout, { look, ticks }, at, [x0, y0, width, height]) {
  const foot = y0 + height;
  const long = look.ticks === 'outside' ? look.ticklen : 0;
  if (long) rule(context, look.tickcolor, ticks.map(({ value }) => [at(value), foot + 1, at(value), foot + 1 + long]));
  const { size } = look.tickfont;
  if (look.showticklabels !== false) {
    context.font = `${size}px ${layout.font.family}`;
    context.fillStyle = look.tickfont.color;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    for (const { value, text } of ticks) context.fillText(text, at(value), foot + long + 2 + 0.95 * size);
  }
  const { text = '', font, standoff = 0 } = look.title ?? {};
  if (!text) return;
  context.font = `${font.size}px ${layout.font.family}`;
  context.fillStyle = font.color;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const lowest = layout.height - 0.35 * font.size;
  context.fillText(plain(text), x0 + width / 2, Math.min(lowest, foot + long + 2 + 1.2 * size + 0.7 * standoff + 0.8 * font.size));
}

/** @param {CanvasRenderingContext2D} context @param {any} layout @param {{look: any, ticks: import('./own_ticks.js').Tick[]}} axis @param {(y: number) => number} at @param {number[]} box */
function paintUp(context, layout, { look, ticks }, at, [x0, y0, , height]) {
  const long = look.ticks === 'outside' ? look.ticklen : 0;
  if (long) rule(context, look.tickcolor, ticks.map(({ value }) => [x0 - 1 - long, at(value), x0 - 1, at(value)]));
  let widest = 0;
  if (look.showticklabels !== false) {
    context.font = `${look.tickfont.size}px ${layout.font.family}`;
    context.fillStyle = look.tickfont.color;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (const { value, text } of ticks) {
      context.fillText(text, x0 - long - 3, at(value) + 0.5);
      widest = Math.max(widest, context.measureText(text).width);
    }
  }
  const { text = '', font, standoff = 0 } = look.title ?? {};
  if (!text) return;
  context.save();
  context.translate(Math.max(0.6 * font.size, x0 - long - 3 - widest - standoff - 0.45 * font.size), y0 + height / 2);
  context.rotate(-Math.PI / 2);
  context.font = `${font.size}px ${layout.font.family}`;
  context.fillStyle = font.color;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(plain(text), 0, 0);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {any} trace @param {any} layout @param {(x: number) => number} atX @param {(y: number) => number} atY @param {number[]} box */
function paintMarkers(context, { x, y, marker }, layout, atX, atY, [x0, y0, width, height]) {
  if (!marker || marker.color === CLEAR || x.length === 0) return;
  const { symbol = 'circle', size = 6, color, opacity = 1, line = {} } = marker;
  const colors = Array.isArray(color) ? color : null;
  context.save();
  context.globalAlpha = opacity;
  context.strokeStyle = line.color ?? CLEAR;
  context.lineWidth = line.width ?? 0;
  for (let k = 0; k < x.length; k++) {
    const [left, top] = [atX(layout.xaxis.type === 'log' ? Math.log10(x[k]) : x[k]), atY(layout.yaxis.type === 'log' ? Math.log10(y[k]) : y[k])];
    // Those at the very edge are seen whole.
    if (!(left >= x0 - 1 && left <= x0 + width + 1 && top >= y0 - 1 && top <= y0 + height + 1)) continue;
    context.save();
    context.translate(left, top);
    context.beginPath();
    SHAPES[symbol](context, size / 2);
    context.fillStyle = colors ? colors[k] : color;
    context.fill();
    if (line.width) context.stroke();
    context.restore();
  }
  context.restore();
}
