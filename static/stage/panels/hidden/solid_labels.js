/**
 * Where the axes' names and numbers of a three-dimensional picture go: inside it, none over another. Pure.
 */

/** @typedef {{x: number, y: number, width: number, height: number}} Box `x` left, `y` middle */

/**
 * @template {Box} Label
 * @param {Label[]} labels the more important ones first
 * @param {{width: number, height: number, edge: number, gap: number}} picture `edge` is kept free along its sides, `gap` between labels
 * @returns {Label[]} moved inside; those that would touch one before them are left out
 */
export function placeLabels(labels, { width, height, edge, gap }) {
  const placed = [];
  for (const label of labels) {
    const x = Math.max(edge, Math.min(width - edge - label.width, label.x));
    const y = Math.max(edge + label.height / 2, Math.min(height - edge - label.height / 2, label.y));
    const touches = placed.some(
      (other) =>
        x < other.x + other.width + gap && other.x < x + label.width + gap && Math.abs(y - other.y) < (label.height + other.height) / 2,
    );
    if (!touches) placed.push({ ...label, x, y });
  }
  return placed;
}
