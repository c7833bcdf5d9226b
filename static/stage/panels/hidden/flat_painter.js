/**
 * Paints the plane as a hidden layer sees it: the warped grid, the samples, the straight line where the output is
 * undecided. Samples are stamped from pre-rendered markers.
 */
import { mix, parseColor, css } from '../../../kit/theme.js';
import { SampleStamps } from '../../../plot/sample_stamps.js';
import { gridShape } from './view.js';

const RADIUS = 3.2;

/**
 * Coordinates to be painted: a stored u means `x0 + dx·u`, `y0 + dy·u`.
 * @typedef {{points: ArrayLike<number>, grid?: ArrayLike<number>, line?: ArrayLike<number>|null, scale: ArrayLike<number>}} Picture without a plane there is no grid of it
 */

export class HiddenPainter {
  #run = null;
  #theme = null;
  #stamps;

  /** @param {number} most training samples, and test samples, that are drawn */
  constructor(most = Infinity) {
    this.#stamps = new SampleStamps(RADIUS, most);
  }

  setRun(run) {
    this.#run = run;
    this.#stamps.setRun(run);
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#stamps.setTheme(theme);
    const [text, ground] = [parseColor(theme.text), parseColor(theme.background)];
    this.gridColors = [0.72, 0.84].map((share) => css(mix(text, ground, share)));
  }

  /**
   * @param {import('../../../plot/plot_frame.js').PlotFrame} plot
   * @param {Picture} picture
   * @param {boolean} showTest
   */
  paint(plot, { points, grid, line, scale: { 0: x0, 1: dx, 2: y0, 3: dy } }, showTest) {
    const { mapping } = plot;
    const context = plot.begin();
    const place = { ax: mapping.kx * dx, bx: mapping.x + mapping.kx * x0, ay: mapping.ky * dy, by: mapping.y + mapping.ky * y0 };
    if (grid) this.#paintGrid(context, grid, place, mapping.scale);
    if (line) this.#paintLine(context, line, mapping);
    this.#paintSamples(context, points, place, mapping.scale, showTest);
  }

  #paintGrid(context, grid, { ax, bx, ay, by }, scale) {
    const { lines, samples } = gridShape(this.#run.info, grid.length, 2);
    context.lineWidth = 1 * scale;
    context.lineJoin = 'round';
    for (let direction = 0; direction < 2; direction++) {
      context.beginPath();
      for (let line = 0; line < lines; line++) {
        let at = 2 * samples * (direction * lines + line);
        context.moveTo(ax * grid[at] + bx, ay * grid[at + 1] + by);
        for (let k = 1; k < samples; k++) {
          at += 2;
          context.lineTo(ax * grid[at] + bx, ay * grid[at + 1] + by);
        }
      }
      context.strokeStyle = this.gridColors[direction];
      context.stroke();
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} line a·x + b·y + c = 0 @param {Object} mapping of the plot */
  #paintLine(context, { 0: a, 1: b, 2: c }, { width, height, kx, ky, x, y, scale }) {
    if (!Number.isFinite(a + b + c) || (a === 0 && b === 0)) return;
    // In pixels: u = (px − x)/kx and v = (py − y)/ky turn a·u + b·v + c = 0 into p·px + q·py + r = 0.
    const p = a / kx;
    const q = b / ky;
    const r = c - p * x - q * y;
    context.beginPath();
    if (Math.abs(q) > Math.abs(p)) {
      context.moveTo(0, -r / q);
      context.lineTo(width, -(r + p * width) / q);
    } else {
      context.moveTo(-r / p, 0);
      context.lineTo(-(r + q * height) / p, height);
    }
    context.strokeStyle = this.#theme.text;
    context.lineWidth = 1.6 * scale;
    context.stroke();
  }

  #paintSamples(context, points, { ax, bx, ay, by }, scale, showTest) {
    for (const { members, isTest, stamp } of this.#stamps.at(scale)) {
      if (isTest && !showTest) continue;
      const [left, top] = [bx - stamp.width / 2, by - stamp.height / 2];
      for (let k = 0; k < members.length; k++) {
        const at = 2 * members[k];
        // On whole pixels, where drawing takes a fraction of the time.
        context.drawImage(stamp, Math.round(ax * points[at] + left), Math.round(ay * points[at + 1] + top));
      }
    }
  }
}
