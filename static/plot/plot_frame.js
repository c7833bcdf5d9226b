/**
 * A canvas under a transparent Plotly chart. Plotly draws axes, hover and zoom; what changes with every frame is painted
 * on the canvas, which follows the chart's zoom, pan and size. Nothing here reads layout while frames play.
 *
 * Plotly comes late: until then the canvas lies where the chart will be.
 */
import { element } from '../kit/dom.js';
import { pixelRatio } from '../kit/pixel_ratio.js';

const CLEAR = 'rgba(0, 0, 0, 0)';
const HOME_ICON = { width: 24, height: 24, path: 'M10 20v-6h4v6h5v-8h3L12 3 2 12h3v8z' };
/** A letter's width, as a share of its type's size. */
const LETTER = 0.48;
/** So wide are the numbers at an axis, with some air. */
const TICK_LETTERS = 4.5;
const SAVE_ICON = { width: 24, height: 24, path: 'M19 9h-4V3H9v6H5l7 7 7-7zM5 18v2h14v-2H5z' };

/** @typedef {{left: number, right: number, top: number, bottom: number}} Margin */
/** @typedef {{_offset: number, _length: number, range: number[]}} Axis as Plotly has it: where it begins, how long it is, in pixels */
/** @typedef {{mapping: {x: number, kx: number, y: number, ky: number}}} Mapped a plot with its mapping */

/** Where a value of the axis lies on the canvas, in device pixels. @param {Mapped} plot @param {number} x */
export const mapX = ({ mapping }, x) => mapping.x + mapping.kx * x;
/** @param {Mapped} plot @param {number} y */
export const mapY = ({ mapping }, y) => mapping.y + mapping.ky * y;

export class PlotFrame {
  /** Device pixel = offset + factor · value, for both axes; null until there are axes and a size. */
  mapping = null;
  #Plotly = null;
  /** Whether Plotly has drawn the chart. */
  #charted = false;
  #pending = null;
  #home = null;
  #size = null;
  #resizeQueued = false;
  #box = null;
  #scale = 1;

  /**
   * @param {HTMLElement} host
   * @param {{margin: Margin, square?: boolean, paint?: () => void, fileName: string}} options
   *   `paint` redraws the canvas after its mapping changed; without it there is no canvas
   */
  constructor(host, { margin, square = false, paint = null, fileName }) {
    this.host = host;
    this.margin = margin;
    this.square = square;
    this.paint = paint;
    this.fileName = fileName;
    /** Plotly adds to it what it knows of the chart. @type {HTMLDivElement & Record<string, any>} */
    this.chart = element('div', { class: 'nn-chart' });
    if (paint) {
      this.canvas = element('canvas', { class: 'nn-canvas nn-uncharted', 'aria-hidden': 'true' });
      this.context = this.canvas.getContext('2d');
      host.append(this.canvas);
    }
    host.append(this.chart);
    this.observer = new ResizeObserver(([entry]) => this.#resized(entry.contentRect));
    this.observer.observe(host);
  }

  get ready() {
    return this.mapping !== null;
  }

  /** Whether there is more than the canvas: what Plotly draws, its axes and traces. */
  get charted() {
    return this.#charted;
  }

  attach(Plotly) {
    this.#Plotly = Plotly;
    this.#create();
  }

  /** Set traces and layout. The canvas is painted as soon as a size is there, the chart appears with Plotly; a zoom survives unless the axes are others. */
  render(traces, layout, home) {
    const zoomed = this.zoomed && sameRange(this.#home.x, home.x) && sameRange(this.#home.y, home.y);
    this.#pending = { traces, layout };
    this.#home = home;
    this.#setScale(layout.meta?.scale ?? 1);
    this.#create(zoomed);
  }

  /** Move the axes, unless the user has zoomed in. */
  setHome(x, y) {
    if (this.#home && sameRange(this.#home.x, x) && sameRange(this.#home.y, y)) return;
    const zoomed = this.zoomed;
    this.#home = { x, y };
    if (!this.#charted) this.#create();
    if (!this.#charted || zoomed) return;
    this.#Plotly.relayout(this.chart, { 'xaxis.range': [...x], 'yaxis.range': [...y] });
  }

  /** Change data and, unless zoomed, ranges in one redraw. */
  update(data, traceIndices, x, y) {
    if (!this.#charted) {
      this.restyle(data, traceIndices);
      this.setHome(x, y);
      return;
    }
    const same = this.#home && sameRange(this.#home.x, x) && sameRange(this.#home.y, y);
    if (same || this.zoomed) this.#Plotly.restyle(this.chart, data, traceIndices);
    else this.#Plotly.update(this.chart, data, { 'xaxis.range': [...x], 'yaxis.range': [...y] }, traceIndices);
    this.#home = { x, y };
  }

  /** Change traces: a list has a value for each. @param {Object<string, any[]>} changes @param {number[]} [traceIndices] all of them, else */
  restyle(changes, traceIndices) {
    if (this.#charted) {
      this.#Plotly.restyle(this.chart, changes, traceIndices);
      return;
    }
    const { traces } = this.#pending ?? { traces: [] };
    (traceIndices ?? traces.map((_, k) => k)).forEach((index, k) => {
      for (const [name, values] of Object.entries(changes)) traces[index][name] = values[k];
    });
  }

  relayout(changes) {
    if (this.#charted) this.#Plotly.relayout(this.chart, changes);
  }

  get zoomed() {
    if (!this.#charted) return false;
    const { xaxis, yaxis } = this.chart._fullLayout;
    return !sameRange(xaxis.range, this.#home.x) || !sameRange(yaxis.range, this.#home.y);
  }

  /** Begin a drawing: the canvas is cleared, its units are device pixels. */
  begin() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    return this.context;
  }

  destroy() {
    this.observer.disconnect();
    if (this.#charted) this.#Plotly.purge(this.chart);
  }

  #create(zoomed = false) {
    if (!this.#pending || !this.#size) return;
    if (!this.#Plotly) {
      this.#follow(this.#axesToBe());
      return;
    }
    const { traces, layout } = this.#pending;
    const first = !this.#charted;
    const margin = this.#scaledMargin();
    const axis = (name, home) => ({ ...layout[name], range: [...(zoomed ? this.chart._fullLayout[name].range : home)] });
    const full = {
      ...layout,
      ...this.#size,
      xaxis: { ...axis('xaxis', this.#home.x), nticks: this.#ticksThatFit() },
      yaxis: { ...axis('yaxis', this.#home.y), title: { ...layout.yaxis.title, text: this.#titleThatFits() } },
      margin: { l: margin.left, r: margin.right, t: margin.top, b: margin.bottom, pad: 0 },
      paper_bgcolor: CLEAR,
      plot_bgcolor: CLEAR,
    };
    this.#Plotly.react(this.chart, traces, full, this.#config());
    if (first) {
      this.#charted = true;
      this.canvas?.classList.remove('nn-uncharted');
      this.paint?.();
      this.chart.on('plotly_afterplot', () => this.#follow());
      this.chart.on('plotly_relayouting', () => this.#follow());
      this.chart.on('plotly_doubleclick', () => this.#goHome());
    }
    this.#follow();
  }

  #config() {
    const home = { name: 'home', title: 'Reset the view', icon: HOME_ICON, click: () => this.#goHome() };
    const save = { name: 'save', title: 'Download as an image', icon: SAVE_ICON, click: () => this.#download() };
    return { displaylogo: false, responsive: false, doubleClick: false, showTips: false, modeBarButtons: [[home, save]] };
  }

  #goHome() {
    this.relayout({ 'xaxis.range': [...this.#home.x], 'yaxis.range': [...this.#home.y] });
  }

  #download() {
    const { data, layout } = this.chart;
    const paper = { xref: 'paper', yref: 'paper', x: 0, y: 1, sizex: 1, sizey: 1, sizing: 'stretch', layer: 'below' };
    const images = this.canvas ? [{ ...paper, source: this.canvas.toDataURL() }] : [];
    const background = getComputedStyle(this.host).getPropertyValue('--nn-background') || '#fff';
    this.#Plotly.downloadImage(
      { data, layout: { ...layout, images, paper_bgcolor: background } },
      { format: 'png', filename: this.fileName, scale: 2, ...this.#size },
    );
  }

  /** Larger type needs larger margins; a square one then has another size. */
  #setScale(scale) {
    if (scale === this.#scale) return;
    this.#scale = scale;
    if (this.#box) this.#resized(this.#box);
  }

  #scaledMargin() {
    return Object.fromEntries(Object.entries(this.margin).map(([side, width]) => [side, Math.round(width * this.#scale)]));
  }

  #resized(box) {
    this.#box = box;
    const { width, height } = box;
    const { left, right, top, bottom } = this.#scaledMargin();
    let w = Math.floor(width);
    let h = Math.floor(height);
    if (this.square) {
      const side = Math.min(w - left - right, h - top - bottom);
      w = side + left + right;
      h = side + top + bottom;
    }
    if (w < 80 || h < 80 || (this.#size?.width === w && this.#size?.height === h)) return;
    this.#size = { width: w, height: h };
    if (!this.#charted) {
      this.#create();
    } else if (!this.#resizeQueued) {
      this.#resizeQueued = true;
      requestAnimationFrame(() => {
        this.#resizeQueued = false;
        this.relayout({ ...this.#size, 'yaxis.title.text': this.#titleThatFits(), 'xaxis.nticks': this.#ticksThatFit() });
      });
    }
  }

  /** The upright title, or none where it would be cut: it stands at the middle of its axis. */
  #titleThatFits() {
    const { text = '', font } = this.#pending.layout.yaxis.title ?? {};
    const { top, bottom } = this.#scaledMargin();
    const room = this.#size.height - top - bottom + 2 * Math.min(top, bottom);
    return LETTER * (font?.size ?? 0) * text.replace(/<[^>]*>/g, '').length > room ? '' : text;
  }

  /** How many numbers stand below the chart without touching each other. */
  #ticksThatFit() {
    const { nticks, tickfont } = this.#pending.layout.xaxis;
    const { left, right } = this.#scaledMargin();
    const apart = TICK_LETTERS * LETTER * (tickfont?.size ?? 12);
    return Math.max(2, Math.min(nticks ?? Infinity, 1 + Math.floor((this.#size.width - left - right) / apart)));
  }

  /** The axes as Plotly will place them. @returns {{xaxis: Axis, yaxis: Axis}} */
  #axesToBe() {
    return axesIn(this.#size, /** @type {Margin} */ (this.#scaledMargin()), this.#home, Boolean(this.#pending.layout.yaxis.scaleanchor));
  }

  /** Put the canvas under the plot area and note how values map to its pixels. @param {{xaxis: Axis, yaxis: Axis}} axes */
  #follow({ xaxis, yaxis } = this.chart._fullLayout) {
    const scale = pixelRatio();
    const width = Math.round(xaxis._length * scale);
    const height = Math.round(yaxis._length * scale);
    const [x0, x1] = xaxis.range;
    const [y0, y1] = yaxis.range;
    const kx = width / (x1 - x0);
    const ky = -height / (y1 - y0);
    const next = { scale, width, height, kx, ky, x: -x0 * kx, y: height - y0 * ky, left: xaxis._offset, top: yaxis._offset };
    const old = this.mapping;
    if (old && Object.keys(next).every((key) => next[key] === old[key])) return;
    this.mapping = next;
    if (!this.canvas) return;
    const { style } = this.canvas;
    this.canvas.width = width;
    this.canvas.height = height;
    style.left = `${next.left}px`;
    style.top = `${next.top}px`;
    style.width = `${xaxis._length}px`;
    style.height = `${yaxis._length}px`;
    this.paint();
  }
}

/**
 * Where axes lie, as Plotly places them.
 * @param {{width: number, height: number}} size @param {Margin} margin @param {{x: number[], y: number[]}} home what they show at least
 * @param {boolean} isEven whether a unit is as long on both: the one with room to spare shows more
 * @returns {{xaxis: Axis, yaxis: Axis}}
 */
export function axesIn({ width, height }, { left, right, top, bottom }, home, isEven) {
  const lengths = [Math.max(1, width - left - right), Math.max(1, height - top - bottom)];
  let ranges = [home.x, home.y];
  if (isEven) {
    const unit = Math.min(...ranges.map(([low, high], k) => lengths[k] / (high - low)));
    ranges = ranges.map(([low, high], k) => [-1, 1].map((side) => (low + high + (side * lengths[k]) / unit) / 2));
  }
  const [xaxis, yaxis] = [left, top].map((offset, k) => ({ _offset: offset, _length: lengths[k], range: ranges[k] }));
  return { xaxis, yaxis };
}

function sameRange(a, b) {
  const tolerance = 1e-6 * Math.abs(b[1] - b[0]);
  return Math.abs(a[0] - b[0]) <= tolerance && Math.abs(a[1] - b[1]) <= tolerance;
}

/**
 * The layout all charts share.
 * @param {import('../kit/theme.js').Theme} theme
 * @param {{x: string, y: string, grid?: boolean}} options axis titles, already safe for Plotly
 */
export function chartLayout(theme, { x, y, grid = false }) {
  const { scale } = theme;
  const axis = (title, standoff) => ({
    title: { text: title, standoff: standoff * scale, font: { size: 13 * scale, color: theme.muted } },
    autorange: false,
    zeroline: false,
    showgrid: grid,
    gridcolor: theme.gridOver,
    gridwidth: 1,
    showline: true,
    mirror: true,
    linecolor: theme.border,
    linewidth: 1,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: theme.border,
    tickfont: { size: 12 * scale, color: theme.muted },
    nticks: 7,
    // Very small numbers as 1e−4, not with prefixes of units, and level: slanted they lie on the axis's name.
    exponentformat: 'e',
    tickangle: 0,
  });
  return {
    xaxis: axis(x, 6),
    yaxis: axis(y, 4),
    font: { family: theme.font, size: 12 * scale, color: theme.text },
    meta: { scale },
    showlegend: false,
    hovermode: 'closest',
    dragmode: window.matchMedia('(pointer: coarse)').matches ? false : 'zoom',
    hoverlabel: { bgcolor: theme.background, bordercolor: theme.border, font: { family: theme.font, size: 13 * scale, color: theme.text } },
    modebar: { bgcolor: CLEAR, color: theme.muted, activecolor: theme.text },
  };
}
