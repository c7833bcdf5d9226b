/** Paints paths, and where the network is, so that they are seen on any colour: with a rim of the ground's. */

const WIDTH = 1.8;
const RIM = 1.4;
const RADIUS = 5;

/** @param {CanvasRenderingContext2D} context @param {number[][]} points @param {{color: string, ground: string, scale: number, isFaint?: boolean}} look */
export function paintPath(context, points, { color, ground, scale, isFaint = false }) {
  if (points.length < 2) return;
  context.beginPath();
  points.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.lineJoin = 'round';
  context.globalAlpha = isFaint ? 0.5 : 1;
  if (isFaint) context.setLineDash([3 * scale, 3 * scale]);
  for (const [style, width] of /** @type {[string, number][]} */ ([[ground, WIDTH + 2 * RIM], [color, WIDTH]])) {
    context.strokeStyle = style;
    context.lineWidth = width * scale;
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {number[]} point @param {{fill: string, ground: string, scale: number}} look */
export function paintSpot(context, [x, y], { fill, ground, scale }) {
  context.beginPath();
  context.arc(x, y, RADIUS * scale, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = ground;
  context.lineWidth = 2 * scale;
  context.stroke();
}
