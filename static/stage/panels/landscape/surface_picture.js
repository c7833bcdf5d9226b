/**
 * The landscape as a surface, as high as the loss: turned by dragging, and a click takes the network to a place. Pieces far
 * away are painted first. The paths lie on the surface, where they come nearest to the plane: what a frame's own loss was may be
 * another matter, as it may lie off the plane.
 */
import { branchColor } from '../../../kit/palette.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { css } from '../../../kit/theme.js';
import { paintCube } from '../hidden/cube.js';
import { axesOf, projector } from '../hidden/orbit.js';
import { OrbitCanvas } from '../hidden/orbit_canvas.js';
import { colorAt, heightAt, heightOf } from './heights.js';
import { paintPath, paintSpot } from './path_painter.js';

/** CSS pixels kept free around the cube for the names of the axes. */
const MARGIN = 14;
/** A click finds a place of the grid that is no farther than so many pixels. */
const REACH = 14;
const SHADES = 64;
const COLORS = Array.from({ length: SHADES + 1 }, (_, k) => css(colorAt(k / SHADES)));
const NAME = 'Landscape as a surface. Drag or use the arrow keys to rotate it, the wheel or plus and minus to zoom, Home to reset the view';

/** @typedef {import('./heights.js').Scene} Scene */

export class SurfacePicture {
  /** @type {Scene|null} */
  #scene = null;
  /** @type {import('../../../kit/theme.js').Theme|null} */
  #theme = null;
  #heights = new Float32Array(0);
  #heightsOf = '';
  /** Where the grid's places are on the canvas: x, y and depth. */
  #projected = new Float32Array(0);

  /** @param {{choose: (place: number[], id: number) => void}} on */
  constructor(on) {
    this.turning = new OrbitCanvas({
      name: NAME,
      testid: 'surface',
      paint: () => this.#paint(),
      click: (x, y) => {
        const place = this.#placeAt(x, y);
        if (place && this.#scene) on.choose(place, this.#scene.id);
      },
    });
    this.root = this.turning.root;
  }

  get ready() {
    return this.turning.ready;
  }

  setTheme(theme) {
    this.#theme = theme;
    this.turning.resize();
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.#scene = scene;
    this.#paint();
  }

  destroy() {
    this.turning.destroy();
  }

  #paint() {
    const [scene, theme] = [this.#scene, this.#theme];
    if (!scene || !theme || !this.ready || this.root.hidden) return;
    const { context, orbit } = this.turning;
    const { width, height } = context.canvas;
    const scale = pixelRatio();
    const project = projector(orbit, { width, height, margin: MARGIN * scale * theme.scale });
    context.clearRect(0, 0, width, height);
    const { x, y } = scene.grid;
    const ends = [[x[0], x[x.length - 1]], [y[0], y[y.length - 1]]];
    const { low, high } = scene.range;
    paintCube(context, orbit, project, { ranges: [...ends, [low, high]], names: [...scene.names, scene.lossName], scale, theme });
    this.#lift(scene);
    this.#projectGrid(scene, project);
    this.#paintSurface(context, scene, orbit, scale);
    const along = (/** @type {number} */ value, /** @type {number[]} */ [first, last]) => (2 * (value - first)) / (last - first) - 1;
    const inCube = (spot) => project(along(spot.x, ends[0]), along(spot.y, ends[1]), 2 * heightAt(scene.grid, this.#heights, [spot.x, spot.y]) - 1).slice(0, 2);
    const inside = (spot) => Math.abs(along(spot.x, ends[0])) <= 1 && Math.abs(along(spot.y, ends[1])) <= 1;
    const look = (color, isFaint = false) => ({ color, ground: theme.background, scale, isFaint });
    for (const { name, path } of scene.others) paintPath(context, path.filter(inside).map(inCube), look(branchColor(name, theme.dark)));
    const walked = scene.path.filter(({ frame }) => frame <= scene.frame);
    paintPath(context, walked.filter(inside).map(inCube), look(theme.text));
    const here = scene.here && { x: scene.here[0], y: scene.here[1] };
    if (here && inside(here)) paintSpot(context, inCube(here), { fill: theme.primary, ground: theme.background, scale });
  }

  #lift({ losses, range, version }) {
    const key = JSON.stringify([version, range, losses.length]);
    if (key === this.#heightsOf) return;
    this.#heightsOf = key;
    this.#heights = Float32Array.from(losses, (loss) => heightOf(loss, range));
  }

  #projectGrid({ grid }, project) {
    const [columns, rows] = [grid.x.length, grid.y.length];
    if (this.#projected.length !== 3 * columns * rows) this.#projected = new Float32Array(3 * columns * rows);
    const out = [0, 0, 0, 0];
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, at++) {
        project((2 * column) / (columns - 1) - 1, (2 * row) / (rows - 1) - 1, 2 * this.#heights[at] - 1, out);
        this.#projected.set(out.slice(0, 3), 3 * at);
      }
    }
  }

  #paintSurface(context, { grid }, orbit, scale) {
    const [columns, rows] = [grid.x.length, grid.y.length];
    const [points, heights] = [this.#projected, this.#heights];
    const { towards } = axesOf(orbit);
    const order = (n, isForward) => Array.from({ length: n }, (_, k) => (isForward ? k : n - 1 - k));
    const across = order(columns - 1, towards[0] > 0);
    context.lineWidth = 0.6 * scale;
    for (const row of order(rows - 1, towards[1] > 0)) {
      for (const column of across) {
        const at = row * columns + column;
        const corners = [at, at + 1, at + columns + 1, at + columns];
        context.beginPath();
        corners.forEach((corner, k) => (k ? context.lineTo(points[3 * corner], points[3 * corner + 1]) : context.moveTo(points[3 * corner], points[3 * corner + 1])));
        context.closePath();
        const height = corners.reduce((sum, corner) => sum + heights[corner], 0) / 4;
        context.fillStyle = COLORS[Math.round(SHADES * height)];
        context.fill();
        context.strokeStyle = 'rgb(0 0 0 / 22%)';
        context.stroke();
      }
    }
  }

  /** The nearest place of the grid to where one clicked, of several on top of each other the one in front. @returns {number[]|null} */
  #placeAt(x, y) {
    const scene = this.#scene;
    if (!scene) return null;
    const points = this.#projected;
    const reach = REACH * pixelRatio();
    let [best, least] = [-1, Infinity];
    for (let at = 0; 3 * at < points.length; at++) {
      const far = Math.hypot(points[3 * at] - x, points[3 * at + 1] - y);
      if (far > reach) continue;
      const cost = far / reach - 2 * points[3 * at + 2];
      if (cost < least) [best, least] = [at, cost];
    }
    const { grid } = scene;
    return best < 0 ? null : [grid.x[best % grid.x.length], grid.y[Math.floor(best / grid.x.length)]];
  }
}
