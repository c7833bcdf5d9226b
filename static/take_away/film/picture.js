/** A picture of the film's stage: PNG in its pixels, SVG in lines and letters. */
import { itemsOf } from './items.js';
import { Painting } from './painting.js';
import { SvgSheet } from './svg_sheet.js';

/** @param {import('./film_stage.js').FilmStage} stage @param {import('./wanted.js').Wanted} wanted @returns {Promise<Blob>} */
export async function pictureOf(stage, wanted) {
  return wanted.format === 'svg' ? vectors(stage, wanted) : pixels(stage, wanted);
}

/** @param {import('./film_stage.js').FilmStage} stage @param {import('./wanted.js').Wanted} wanted @returns {Promise<Blob>} */
function pixels(stage, { width, height, measure }) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  const painting = new Painting(stage, context, measure.ratio);
  painting.paint();
  painting.stop();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large for this browser.'))), 'image/png');
  });
}

/** @param {import('./film_stage.js').FilmStage} stage @param {import('./wanted.js').Wanted} wanted */
function vectors(stage, { width, height, measure }) {
  const sheet = new SvgSheet();
  const corner = stage.root.getBoundingClientRect();
  for (const section of stage.sections) sheet.draw(itemsOf(section, corner));
  const text = sheet.end({ width, height }, measure, stage.theme.background, `nnplay, ${stage.strip.text}`);
  return new Blob([text], { type: 'image/svg+xml' });
}
