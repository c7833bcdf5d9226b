/** A picture of the film's stage: PNG in its pixels, SVG in lines and letters. */
import { Painting } from './painting.js';

/** @param {import('./film_stage.js').FilmStage} stage @param {import('./wanted.js').Wanted} wanted @returns {Promise<Blob>} */
export async function pictureOf(stage, { width, height, measure }) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  const painting = new Painting(stage, context, measure.ratio);
  painting.paint();
  painting.stop();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large for this browser.'))), 'image/png');
  });
}
