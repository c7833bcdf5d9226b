/**
 * The cube that a picture in three coordinates stands in: its edges behind the picture, and the axes' names and ends.
 */
import { formatShort } from '../../../kit/text.js';
import { CORNERS, visibleEdges } from './orbit.js';
import { placeLabels } from './solid_labels.js';

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import('./orbit.js').Orbit} orbit
 * @param {(...place: any[]) => number[]} project as `projector` makes it
 * @param {{ranges: number[][], names: string[], scale: number, theme: import('../../../kit/theme.js').Theme}} options
 */
export function paintCube(context, orbit, project, { ranges, names, scale, theme }) {
  const corners = CORNERS.map((corner) => project(...corner));
  const { behind, named } = visibleEdges(orbit, corners);
  context.lineWidth = scale;
  for (const edges of behind) {
    for (const edge of edges) paintEdge(context, edge, corners, named.includes(edge) ? theme.muted : theme.border);
  }
  const [cx, cy] = project(0, 0, 0);
  const type = scale * theme.scale;
  context.font = `${12 * type}px ${theme.font}`;
  context.textBaseline = 'middle';
  const [titles, ends] = [[], []];
  named.forEach((edge, axis) => {
    const [a, b] = edge.map((k) => corners[k]);
    const outwards = Math.hypot((a[0] + b[0]) / 2 - cx, (a[1] + b[1]) / 2 - cy) || 1;
    const away = [(a[0] + b[0]) / 2 - cx, (a[1] + b[1]) / 2 - cy].map((value) => (value / outwards) * 11 * type);
    const label = (text, share, color) => {
      const width = context.measureText(text).width;
      const before = away[0] < -4 * scale ? width : away[0] > 4 * scale ? 0 : width / 2;
      return { text, color, width, height: 14 * type, x: a[0] + share * (b[0] - a[0]) + away[0] - before, y: a[1] + share * (b[1] - a[1]) + away[1] };
    };
    titles.push(label(names[axis], 0.5, theme.text));
    ends.push(...ranges[axis].map((value, end) => label(formatShort(Number(value.toPrecision(2))), end ? 0.92 : 0.08, theme.muted)));
  });
  const { width, height } = context.canvas;
  for (const { text, color, x, y } of placeLabels([...titles, ...ends], { width, height, edge: 3 * scale, gap: 6 * scale })) {
    context.fillStyle = color;
    context.fillText(text, x, y);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number[]} edge @param {number[][]} corners @param {string} color */
function paintEdge(context, [from, to], corners, color) {
  context.beginPath();
  context.moveTo(corners[from][0], corners[from][1]);
  context.lineTo(corners[to][0], corners[to][1]);
  context.strokeStyle = color;
  context.stroke();
}
