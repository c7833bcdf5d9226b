/**
 * Marker shapes on a canvas, the twins of Plotly's symbols, pre-rendered once per colour: stamping a small picture is
 * several times cheaper per point than filling a path.
 */

const polygon = (corners, turn) => (path, r) => {
  for (let k = 0; k < corners; k++) {
    const angle = turn + (2 * Math.PI * k) / corners;
    path[k ? 'lineTo' : 'moveTo'](r * Math.cos(angle), r * Math.sin(angle));
  }
  path.closePath();
};

const star = (path, r) => {
  for (let k = 0; k < 10; k++) {
    const radius = k % 2 ? 0.5 * r : 1.3 * r;
    const angle = -Math.PI / 2 + (Math.PI * k) / 5;
    path[k ? 'lineTo' : 'moveTo'](radius * Math.cos(angle), radius * Math.sin(angle));
  }
  path.closePath();
};

const cross = (turn) => (path, r) => {
  const a = 0.38 * r;
  const b = 1.05 * r;
  const corners = [[a, b], [a, a], [b, a], [b, -a], [a, -a], [a, -b], [-a, -b], [-a, -a], [-b, -a], [-b, a], [-a, a], [-a, b]];
  corners.forEach(([x, y], k) => {
    const u = x * Math.cos(turn) - y * Math.sin(turn);
    const v = x * Math.sin(turn) + y * Math.cos(turn);
    path[k ? 'lineTo' : 'moveTo'](u, v);
  });
  path.closePath();
};

const scaled = (shape, factor) => (path, r) => shape(path, factor * r);

/** By Plotly symbol: adds the outline to a path, centred on the origin, for a marker of radius r. */
export const SHAPES = {
  circle: (path, r) => path.arc(0, 0, r, 0, 2 * Math.PI),
  square: scaled(polygon(4, Math.PI / 4), 1.27),
  'triangle-up': scaled(polygon(3, -Math.PI / 2), 1.25),
  'triangle-down': scaled(polygon(3, Math.PI / 2), 1.25),
  diamond: scaled(polygon(4, 0), 1.3),
  cross: cross(0),
  x: cross(Math.PI / 4),
  pentagon: scaled(polygon(5, -Math.PI / 2), 1.12),
  star,
  hexagon: scaled(polygon(6, 0), 1.12),
};

/**
 * @typedef {{symbol: string, fill: string, stroke: string, lineWidth: number, radius: number}} Marker
 */

/** Draw a marker around the origin. @param {CanvasRenderingContext2D} context @param {Marker} marker */
function drawMarker(context, { symbol, fill, stroke, lineWidth, radius }) {
  context.beginPath();
  SHAPES[symbol](context, radius);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = stroke;
  context.lineWidth = lineWidth;
  context.stroke();
}

/** A marker as a small canvas. @param {Marker} marker @param {number} scale device pixels per CSS pixel */
export function markerStamp(marker, scale) {
  const canvas = document.createElement('canvas');
  const side = Math.ceil((2.8 * marker.radius + 2 * marker.lineWidth) * scale);
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, side / 2, side / 2);
  drawMarker(context, marker);
  return canvas;
}
