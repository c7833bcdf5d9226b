/**
 * Looking at a cube from anywhere: the arithmetic of a turned picture in three coordinates. Pure, so that node can test it.
 *
 * Coordinates are in the cube from −1 to 1. The third points up; azimuth turns around it, elevation is the eye's height.
 */

/** Distance of the eye from the centre, in half edges of the cube: some perspective, little distortion. */
const DISTANCE = 6;
const STEEPEST = Math.PI / 2 - 0.01;
const ZOOM = [0.5, 6];

/** @typedef {{azimuth: number, elevation: number, zoom: number}} Orbit */

/** @type {Orbit} */
export const HOME = Object.freeze({ azimuth: -0.9, elevation: 0.42, zoom: 1 });

/** @param {number} value @param {number[]} range */
const between = (value, [low, high]) => Math.max(low, Math.min(high, value));

/** @param {Orbit} orbit @param {number} right @param {number} up how far the eye goes, in radians */
export function turned({ azimuth, elevation, zoom }, right, up) {
  return { azimuth: (azimuth + right) % (2 * Math.PI), elevation: between(elevation + up, [-STEEPEST, STEEPEST]), zoom };
}

export const zoomed = (orbit, factor) => ({ ...orbit, zoom: between(orbit.zoom * factor, ZOOM) });

/** The directions to the right, upwards and towards the eye. @param {Orbit} orbit */
export function axesOf({ azimuth, elevation }) {
  const [sa, ca, se, ce] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(elevation), Math.cos(elevation)];
  return { right: [-sa, ca, 0], up: [-se * ca, -se * sa, ce], towards: [ce * ca, ce * sa, se] };
}

/**
 * How a point of the cube comes to the screen.
 * @param {Orbit} orbit
 * @param {{width: number, height: number, margin: number}} screen
 * @returns {(x: number, y: number, z: number, out?: number[]) => number[]} to [x, y, depth, magnification]; the depth runs from −√3, far, to √3
 */
export function projector(orbit, { width, height, margin }) {
  const { right: r, up: u, towards: t } = axesOf(orbit);
  // Seen along its diagonal the cube is 2√3 high; from the usual heights a little less, magnified where it is near.
  const size = (orbit.zoom * Math.max(20, Math.min(width, height) / 2 - margin)) / 1.7;
  return (x, y, z, out = [0, 0, 0, 0]) => {
    const depth = t[0] * x + t[1] * y + t[2] * z;
    const magnification = DISTANCE / (DISTANCE - depth);
    out[0] = width / 2 + size * magnification * (r[0] * x + r[1] * y);
    out[1] = height / 2 - size * magnification * (u[0] * x + u[1] * y + u[2] * z);
    out[2] = depth;
    out[3] = magnification;
    return out;
  };
}

/** Signs of the cube's corners. */
export const CORNERS = Array.from({ length: 8 }, (_, k) => [k & 1, k & 2, k & 4].map((bit) => (bit ? 1 : -1)));

/** The cube's edges as pairs of corners, by the axis that they are parallel to. */
export const EDGES = [1, 2, 4].map((bit) => [0, 1, 2, 3, 4, 5, 6, 7].filter((k) => !(k & bit)).map((k) => [k, k | bit]));

/** @param {number[]} direction */
const cornerTowards = ([x, y, z]) => (x > 0 ? 1 : 0) + (y > 0 ? 2 : 0) + (z > 0 ? 4 : 0);

/**
 * Which edges to draw: those that hide nothing; and the one of each axis, on the outline, that carries its name.
 * @param {Orbit} orbit @param {number[][]} corners the projected ones
 */
export function visibleEdges(orbit, corners) {
  const nearest = cornerTowards(axesOf(orbit).towards);
  const farthest = 7 - nearest;
  const behind = EDGES.map((edges) => edges.filter((edge) => !edge.includes(nearest)));
  const named = behind.map((edges, axis) => {
    const outline = edges.filter((edge) => !edge.includes(farthest));
    const place = (/** @type {number[]} */ [a, b]) => (axis === 2 ? corners[a][0] + corners[b][0] : -corners[a][1] - corners[b][1]);
    return outline.reduce((best, edge) => (place(edge) < place(best) ? edge : best));
  });
  return { behind, named };
}

/**
 * Where a plane cuts the cube: the corners of the cut, in order around it.
 * @param {number[]} plane factors of the three coordinates, and the constant
 * @returns {number[][]} empty where they don't meet
 */
export function cutThroughCube([a, b, c, d]) {
  const value = (/** @type {number[]} */ [x, y, z]) => a * x + b * y + c * z + d;
  const cuts = [];
  for (const [from, to] of EDGES.flat()) {
    const [p, q] = [CORNERS[from], CORNERS[to]];
    const [vp, vq] = [value(p), value(q)];
    if (vp < 0 === vq < 0) continue;
    const share = vp / (vp - vq);
    cuts.push(p.map((coordinate, k) => coordinate + share * (q[k] - coordinate)));
  }
  if (cuts.length < 3) return [];
  const centre = [0, 1, 2].map((k) => cuts.reduce((sum, cut) => sum + cut[k], 0) / cuts.length);
  const normal = [a, b, c];
  const across = cuts[0].map((coordinate, k) => coordinate - centre[k]);
  const along = [0, 1, 2].map((k) => normal[(k + 1) % 3] * across[(k + 2) % 3] - normal[(k + 2) % 3] * across[(k + 1) % 3]);
  const length = Math.hypot(...along) / Math.hypot(...across);
  const dot = (u, v) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  const angle = (cut) => {
    const from = cut.map((coordinate, k) => coordinate - centre[k]);
    return Math.atan2(dot(from, along) / length, dot(from, across));
  };
  return cuts.sort((p, q) => angle(p) - angle(q));
}
