/**
 * Paints a hidden layer in three coordinates: the warped grid and the samples, far ones first and paler, inside a cube
 * whose edges carry the axes; and the plane where the output is undecided, where there is one.
 *
 * Sorting a thousand pieces by depth for every picture is needless: they are dropped into a few slices, and a slice is one
 * path for each colour.
 */
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { css, mix, parseColor } from '../../../kit/theme.js';
import { SampleStamps } from '../../../plot/sample_stamps.js';
import { paintCube } from './cube.js';
import { axesOf, cutThroughCube, projector } from './orbit.js';
import { gridShape } from './view.js';

const SLICES = 14;
const RADIUS = 3.2;
/** CSS pixels kept free around the cube for the names of the axes. */
const MARGIN = 12;
const DEPTH = Math.sqrt(3);

export class SolidPainter {
  #run = null;
  #theme = null;
  #stamps = new SampleStamps(RADIUS);
  #gridColors = [];
  /** Projected pieces: x, y, depth and magnification, four numbers each. */
  #grid = new Float32Array(0);
  #points = new Float32Array(0);
  #scratch = [0, 0, 0, 0];
  #groups = null;
  #looks = [];

  setRun(run) {
    this.#run = run;
    this.#stamps.setRun(run);
    this.#points = new Float32Array(4 * run.statics.targets.length);
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#stamps.setTheme(theme);
    const [text, ground] = [parseColor(theme.text), parseColor(theme.background)];
    this.#gridColors = Array.from({ length: SLICES }, (_, slice) => {
      const near = slice / (SLICES - 1);
      return [0.86 - 0.34 * near, 0.92 - 0.22 * near].map((share) => css(mix(text, ground, share)));
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('../../../messages/decode.js').Arrays} frame
   * @param {{orbit: import('./orbit.js').Orbit, ranges: number[][], names: string[], showTest: boolean}} options
   */
  paint(context, frame, { orbit, ranges, names, showTest }) {
    if (!this.#theme) return;
    const { width, height } = context.canvas;
    const scale = pixelRatio();
    const project = projector(orbit, { width, height, margin: MARGIN * scale });
    context.clearRect(0, 0, width, height);
    paintCube(context, orbit, project, { ranges, names, scale, theme: this.#theme });
    const cut = cutOf(frame.hidden_line, ranges, axesOf(orbit).towards);
    const place = placing(frame.hidden_scale, ranges);
    const lines = this.#slicedLines(frame.hidden_grid, place, project, cut);
    const samples = this.#slicedSamples(frame.hidden_points, place, project, cut);
    for (let half = 0; half < 2; half++) {
      if (half === 1) this.#paintCut(context, cut, project, scale);
      for (let slice = 0; slice < SLICES; slice++) {
        this.#paintLines(context, lines[half * SLICES + slice], slice, scale);
        this.#paintSamples(context, samples[half * SLICES + slice], scale, showTest);
      }
    }
  }

  /** Which slice a piece belongs to: those beyond the plane come before those on the eye's side. */
  #slice(depth, nearSide) {
    const slice = Math.floor(((depth / DEPTH + 1) / 2) * SLICES);
    return (nearSide ? SLICES : 0) + Math.max(0, Math.min(SLICES - 1, slice));
  }

  #slicedLines(grid, { offset, factor }, project, cut) {
    const { lines, samples } = gridShape(this.#run.info, grid.length, 3);
    if (this.#grid.length !== 8 * lines * samples) this.#grid = new Float32Array(8 * lines * samples);
    const slices = Array.from({ length: 2 * SLICES }, () => [[], []]);
    const out = this.#scratch;
    for (let direction = 0, at = 0, to = 0; direction < 2; direction++) {
      for (let line = 0; line < lines; line++) {
        for (let k = 0; k < samples; k++, at += 3, to += 4) {
          const x = offset[0] + factor[0] * grid[at];
          const y = offset[1] + factor[1] * grid[at + 1];
          const z = offset[2] + factor[2] * grid[at + 2];
          this.#grid.set(project(x, y, z, out), to);
          if (k === 0) continue;
          const depth = (out[2] + this.#grid[to - 2]) / 2;
          slices[this.#slice(depth, cut.isNear(x, y, z))][direction].push(to);
        }
      }
    }
    return slices;
  }

  #slicedSamples(points, { offset, factor }, project, cut) {
    const slices = Array.from({ length: 2 * SLICES }, () => []);
    const out = this.#scratch;
    for (let at = 0, to = 0; at < points.length; at += 3, to += 4) {
      const x = offset[0] + factor[0] * points[at];
      const y = offset[1] + factor[1] * points[at + 1];
      const z = offset[2] + factor[2] * points[at + 2];
      this.#points.set(project(x, y, z, out), to);
      slices[this.#slice(out[2], cut.isNear(x, y, z))].push(to / 4);
    }
    return slices;
  }

  #paintLines(context, directions, slice, scale) {
    const grid = this.#grid;
    context.lineWidth = scale;
    context.lineCap = 'round';
    directions.forEach((ends, direction) => {
      if (ends.length === 0) return;
      context.beginPath();
      for (const end of ends) {
        context.moveTo(grid[end - 4], grid[end - 3]);
        context.lineTo(grid[end], grid[end + 1]);
      }
      context.strokeStyle = this.#gridColors[slice][direction];
      context.stroke();
    });
  }

  #paintSamples(context, members, scale, showTest) {
    const points = this.#points;
    const looks = this.#looksAt(scale);
    for (const member of members) {
      const { isTest, stamp } = looks[member];
      if (isTest && !showTest) continue;
      const at = 4 * member;
      const size = stamp.width * points[at + 3];
      context.drawImage(stamp, points[at] - size / 2, points[at + 1] - size / 2, size, size);
    }
  }

  /** The look of each sample by its number. */
  #looksAt(scale) {
    const groups = this.#stamps.at(scale);
    if (this.#groups === groups) return this.#looks;
    this.#groups = groups;
    this.#looks = [];
    for (const group of groups) for (const member of group.members) this.#looks[member] = group;
    return this.#looks;
  }

  #paintCut(context, { corners }, project, scale) {
    if (corners.length === 0) return;
    context.beginPath();
    for (const corner of corners) context.lineTo(...project(...corner).slice(0, 2));
    context.closePath();
    context.globalAlpha = 0.16;
    context.fillStyle = this.#theme.text;
    context.fill();
    context.globalAlpha = 0.7;
    context.strokeStyle = this.#theme.text;
    context.lineWidth = 1.2 * scale;
    context.stroke();
    context.globalAlpha = 1;
  }
}

/** What takes stored numbers into the cube: each coordinate's range becomes −1 to 1. */
function placing(scale, ranges) {
  const half = ranges.map(([low, high]) => (high - low) / 2);
  return {
    offset: ranges.map(([low], k) => (scale[2 * k] - low) / half[k] - 1),
    factor: ranges.map((_, k) => scale[2 * k + 1] / half[k]),
  };
}

/** The undecided plane in the cube: the corners of its cut, and which points are on the eye's side of it. */
function cutOf(plane, ranges, towards) {
  if (![...plane].every(Number.isFinite)) return { corners: [], isNear: () => true };
  const half = ranges.map(([low, high]) => (high - low) / 2);
  const factors = half.map((length, k) => plane[k] * length);
  const constant = plane[3] + ranges.reduce((sum, [low], k) => sum + plane[k] * (low + half[k]), 0);
  const facing = factors.reduce((sum, factor, k) => sum + factor * towards[k], 0) < 0 ? -1 : 1;
  const [a, b, c] = factors;
  return {
    corners: cutThroughCube([a, b, c, constant]),
    isNear: (x, y, z) => facing * (a * x + b * y + c * z + constant) >= 0,
  };
}
