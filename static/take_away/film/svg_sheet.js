/** Writes what is to be seen (items.js) as SVG. */
import { definitions, drawnOn, pixelsOf } from './recorder.js';

/** @typedef {import('./items.js').Item} Item */

const round = (/** @type {number} */ value) => String(Math.round(value * 100) / 100);
const escaped = (/** @type {string} */ text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

export class SvgSheet {
  /** @type {string[]} */
  #parts = [];
  /** @type {string[]} */
  #defs = [];

  /** @param {Item[]} items */
  draw(items) {
    for (const item of items) {
      const drawn = this.#draw(item);
      if (!drawn) continue;
      const more = [item.alpha < 1 ? ` opacity="${round(item.alpha)}"` : '', item.clip ? ` clip-path="url(#${this.#clip(item.clip)})"` : ''].join('');
      this.#parts.push(more ? `<g${more}>${drawn}</g>` : drawn);
    }
  }

  /** @param {{width: number, height: number}} size in pixels @param {{width: number, height: number}} inside in CSS pixels @param {string} ground @param {string} title @returns {string} */
  end(size, inside, ground, title) {
    const [width, height] = [round(inside.width), round(inside.height)];
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${width} ${height}">`,
      `<title>${escaped(title)}</title><defs>${definitions()}${this.#defs.join('')}</defs><rect width="${width}" height="${height}" fill="${ground}"/>`,
      ...this.#parts,
      '</svg>\n',
    ].join('\n');
  }

  /** @param {Item} item @returns {string} */
  #draw(item) {
    if (item.kind === 'canvas') return this.#canvas(item);
    if (item.kind === 'text') return this.#text(item);
    if (item.kind === 'box') return this.#box(item);
    const { d, at, fill, stroke, lineWidth, dash } = item;
    const line = stroke ? ` stroke="${stroke}" stroke-width="${round(lineWidth)}"${dash.length ? ` stroke-dasharray="${dash.join(' ')}"` : ''}` : '';
    return `<path d="${d}" transform="matrix(${at.map((value) => String(Math.round(value * 1e4) / 1e4)).join(' ')})" fill="${fill ?? 'none'}"${line}/>`;
  }

  /** @param {import('./items.js').CanvasItem} item */
  #canvas({ canvas, box, isPixelated }) {
    const place = `x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" preserveAspectRatio="none"`;
    const drawn = drawnOn(canvas);
    if (drawn === '') return '';
    if (drawn !== null) return `<svg ${place} viewBox="0 0 ${canvas.width} ${canvas.height}"${isPixelated ? ' style="image-rendering:pixelated"' : ''}>${drawn}</svg>`;
    return `<image ${place}${isPixelated ? ' style="image-rendering:pixelated"' : ''} href="${pixelsOf(canvas)}"/>`;
  }

  /** @param {import('./items.js').TextItem} item */
  #text({ text, x, y, width, font, fill }) {
    const length = width > 0 ? ` textLength="${round(width)}" lengthAdjust="spacingAndGlyphs"` : '';
    return `<text x="${round(x)}" y="${round(y)}"${text.endsWith('…') ? '' : length} style="font:${escaped(font.replace(/"/g, "'"))}" fill="${fill}">${escaped(text)}</text>`;
  }

  /** @param {import('./items.js').BoxItem} item */
  #box({ box: { x, y, width, height }, fill, stops, stroke, lineWidth, sides, radius }) {
    const paint = stops && stops.colors.length > 1 ? `url(#${this.#gradient(stops)})` : fill;
    const corner = radius > 0 ? ` rx="${round(radius)}"` : '';
    const ground = paint ? `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${corner} fill="${paint}"/>` : '';
    if (!stroke) return ground;
    const half = lineWidth / 2;
    const line = `fill="none" stroke="${stroke}" stroke-width="${round(lineWidth)}"`;
    if (sides === 'trbl') return `${ground}<rect x="${round(x + half)}" y="${round(y + half)}" width="${round(width - lineWidth)}" height="${round(height - lineWidth)}"${corner} ${line}/>`;
    const [left, top, right, foot] = [x + half, y + half, x + width - half, y + height - half].map(round);
    const [x0, y0, x1, y1] = [x, y, x + width, y + height].map(round);
    const d = { t: `M${x0} ${top}H${x1}`, r: `M${right} ${y0}V${y1}`, b: `M${x0} ${foot}H${x1}`, l: `M${left} ${y0}V${y1}` };
    return `${ground}<path d="${[...sides].map((side) => d[/** @type {'t'|'r'|'b'|'l'} */ (side)]).join('')}" ${line}/>`;
  }

  /** @param {{at: string, colors: string[]}} gradient */
  #gradient({ at, colors }) {
    const id = `s${this.#defs.length}`;
    const [from, to] = /left|top/.test(at) ? [1, 0] : [0, 1];
    const ends = /left|right/.test(at) ? `x1="${from}" y1="0" x2="${to}" y2="0"` : `x1="0" y1="${from}" x2="0" y2="${to}"`;
    const stops = colors.map((color, k) => `<stop offset="${round(k / (colors.length - 1))}" stop-color="${color.replace(/\s[\d.]+%$/, '')}"/>`);
    this.#defs.push(`<linearGradient id="${id}" ${ends}>${stops.join('')}</linearGradient>`);
    return id;
  }

  /** @param {import('./items.js').Box} box */
  #clip({ x, y, width, height }) {
    const id = `s${this.#defs.length}`;
    this.#defs.push(`<clipPath id="${id}"><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/></clipPath>`);
    return id;
  }
}
