/** Painting what was drawn, on the pad and, small, as the ink that the network is asked about. */

/** Width of the pen, as a share of the pad's side: about that of the digits that networks learn from. */
export const PEN = 0.075;

/**
 * @param {CanvasRenderingContext2D|OffscreenCanvasRenderingContext2D} context
 * @param {import('./strokes.js').Strokes} drawing
 * @param {number} side of the pad, in pixels of the canvas
 * @param {[number, number, number]} color
 */
export function paintDrawing(context, drawing, side, color) {
  context.clearRect(0, 0, side, side);
  if (drawing.picture) paintPicture(context, drawing.picture, side, color);
  context.strokeStyle = context.fillStyle = `rgb(${color.join(', ')})`;
  context.lineWidth = PEN * side;
  context.lineCap = context.lineJoin = 'round';
  for (const stroke of drawing.strokes) paintStroke(context, stroke, side);
}

function paintStroke(context, stroke, side) {
  const [[x, y], ...more] = stroke;
  context.beginPath();
  if (more.length === 0) {
    context.arc(x * side, y * side, (PEN * side) / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(x * side, y * side);
  // Through the middles between points: a stroke is as smooth as the hand was, however few points came.
  for (let k = 0; k < more.length - 1; k++) {
    const [[ax, ay], [bx, by]] = [more[k], more[k + 1]];
    context.quadraticCurveTo(ax * side, ay * side, ((ax + bx) / 2) * side, ((ay + by) / 2) * side);
  }
  const [endX, endY] = more.at(-1);
  context.lineTo(endX * side, endY * side);
  context.stroke();
}

/** An image of fewer rows is drawn smoothly, with a margin that keeps its edges from being cut; others keep their pixels. */
const COARSE = 16;

/**
 * @param {CanvasRenderingContext2D|OffscreenCanvasRenderingContext2D} context
 * @param {{rows: number, columns: number, pixels: Uint8Array}} picture
 */
function paintPicture(context, { rows, columns, pixels }, side, color) {
  const small = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  pixels.forEach((value, k) => image.data.set([...color, value], 4 * k));
  small.getContext('2d').putImageData(image, 0, 0);
  const smooth = rows < COARSE;
  const margin = smooth ? side / (rows + 2) : 0;
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, margin, margin, side - 2 * margin, side - 2 * margin);
}
