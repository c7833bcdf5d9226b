/**
 * What is to be seen of a part of the page, as a list of boxes, texts, lines and canvases, each with its place: read off the page's own
 * layout, so that a picture of any size looks as the stage does. A sheet (canvas_sheet.js, svg_sheet.js) draws it.
 */

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Box in CSS pixels, from the corner of the stage
 * @typedef {{kind: 'box', box: Box, fill: string|null, stops: {at: string, colors: string[]}|null, stroke: string|null, lineWidth: number, sides: string, radius: number}} BoxItem
 *   `stops`: of a gradient and where it goes to; `sides`: those that have a border, of `trbl`
 * @typedef {{kind: 'text', text: string, x: number, y: number, width: number, font: string, fill: string, isTabular: boolean}} TextItem `y`: of the base line
 * @typedef {{kind: 'canvas', canvas: HTMLCanvasElement, box: Box, isPixelated: boolean}} CanvasItem
 * @typedef {{kind: 'path', d: string, at: number[], fill: string|null, stroke: string|null, lineWidth: number, dash: number[]}} PathItem `at`: its matrix
 * @typedef {(BoxItem|TextItem|CanvasItem|PathItem) & {alpha: number, clip: Box|null}} Item
 */

const NOTHING = 'rgba(0, 0, 0, 0)';
const ELLIPSIS = '…';
const SLACK = 0.2;

/** @type {CanvasRenderingContext2D|null} */
let ruler = null;

/** How far a font reaches up and down from its base line. @type {Map<string, {up: number, down: number}>} */
const reaches = new Map();

/** @param {string} font */
function measured(font) {
  ruler ??= /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
  if (ruler.font !== font) ruler.font = font;
  return ruler;
}

/** @param {string} font */
function reachOf(font) {
  const known = reaches.get(font);
  if (known) return known;
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = measured(font).measureText('x');
  reaches.set(font, { up, down });
  return { up, down };
}

/** @param {Element} root @param {{x: number, y: number}} corner @returns {Item[]} */
export function itemsOf(root, corner) {
  /** @type {Item[]} */
  const items = [];
  addElement(root, items, { corner, alpha: 1, clip: null });
  return items;
}

/** @typedef {{corner: {x: number, y: number}, alpha: number, clip: Box|null}} Around */

/** @param {DOMRect} rect @param {{x: number, y: number}} corner @returns {Box} */
const boxOf = (rect, corner) => ({ x: rect.x - corner.x, y: rect.y - corner.y, width: rect.width, height: rect.height });

/** @param {Box|null} a @param {Box} b @returns {Box} */
function within(a, b) {
  if (!a) return b;
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  return { x, y, width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x), height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y) };
}

/** @param {Element} node @param {Item[]} items @param {Around} around */
function addElement(node, items, around) {
  const style = getComputedStyle(node);
  if (style.display === 'none') return;
  const isSeen = style.visibility === 'visible';
  const alpha = around.alpha * Number(style.opacity);
  if (alpha === 0) return;
  const rect = node.getBoundingClientRect();
  const box = boxOf(rect, around.corner);
  const isCut = style.overflowX !== 'visible' || style.overflowY !== 'visible';
  if (isCut && (box.width < 2 || box.height < 2)) return;
  if (isSeen && style.display !== 'contents') addBox(style, box, items, { ...around, alpha });
  if (node instanceof HTMLCanvasElement) {
    if (isSeen && node.width > 0 && node.height > 0) items.push({ kind: 'canvas', canvas: node, box, isPixelated: style.imageRendering === 'pixelated', alpha, clip: clipOf(around.clip, box) });
    return;
  }
  const inside = { corner: around.corner, alpha, clip: isCut ? within(around.clip, box) : around.clip };
  if (node instanceof SVGSVGElement) {
    if (isSeen) for (const shape of node.querySelectorAll('path, line, rect, circle, polyline')) addShape(/** @type {SVGGeometryElement} */ (shape), items, inside);
    return;
  }
  for (const child of node.childNodes) {
    if (child.nodeType === Node.ELEMENT_NODE) addElement(/** @type {Element} */ (child), items, inside);
    else if (child.nodeType === Node.TEXT_NODE && isSeen) addText(/** @type {Text} */ (child), style, items, inside);
  }
}

/** A clip, where something reaches over it. @param {Box|null} clip @param {Box} box @returns {Box|null} */
function clipOf(clip, box) {
  if (!clip) return null;
  const isInside = box.x >= clip.x - 1 && box.y >= clip.y - 1 && box.x + box.width <= clip.x + clip.width + 1 && box.y + box.height <= clip.y + clip.height + 1;
  return isInside ? null : clip;
}

/** @param {CSSStyleDeclaration} style @param {Box} box @param {Item[]} items @param {Around} around */
function addBox(style, box, items, { alpha, clip }) {
  const fill = style.backgroundColor === NOTHING ? null : style.backgroundColor;
  const stops = gradientOf(style.backgroundImage);
  const sides = /** @type {const} */ (['Top', 'Right', 'Bottom', 'Left']).filter((side) => parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== 'none' && style[`border${side}Color`] !== NOTHING);
  if (!fill && !stops && sides.length === 0) return;
  const [side = 'Top'] = sides;
  items.push({
    kind: 'box',
    box,
    fill,
    stops,
    stroke: sides.length > 0 ? style[`border${side}Color`] : null,
    lineWidth: parseFloat(style[`border${side}Width`]) || 0,
    sides: sides.map((name) => name[0].toLowerCase()).join(''),
    radius: Math.min(parseFloat(style.borderTopLeftRadius) * (style.borderTopLeftRadius.endsWith('%') ? box.width / 100 : 1) || 0, box.width / 2, box.height / 2),
    alpha,
    clip: clipOf(clip, box),
  });
}

/** @param {string} image @returns {{at: string, colors: string[]}|null} */
function gradientOf(image) {
  const found = /^linear-gradient\((.+)\)$/.exec(image);
  if (!found) return null;
  const parts = found[1].split(/,(?![^(]*\))/).map((part) => part.trim());
  const isSide = parts[0].startsWith('to ');
  return { at: isSide ? parts[0].slice(3) : 'bottom', colors: (isSide ? parts.slice(1) : parts).filter((color) => /^(rgb|#)/.test(color)) };
}

/** @param {Text} node @param {CSSStyleDeclaration} style @param {Item[]} items @param {Around} around */
function addText(node, style, items, { corner, alpha, clip }) {
  if (!node.data.trim()) return;
  const font = `${style.fontStyle === 'normal' ? '' : `${style.fontStyle} `}${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { up, down } = reachOf(font);
  for (const { text, rect } of linesOf(node)) {
    const box = boxOf(rect, corner);
    // A line may be lower than its letters' font is high.
    const cut = clipOf(clip, { ...box, y: box.y + SLACK * box.height, height: (1 - 2 * SLACK) * box.height });
    if (cut && (box.x >= cut.x + cut.width || box.y >= cut.y + cut.height || box.y + box.height <= cut.y)) continue;
    const isShortened = cut !== null && style.textOverflow === 'ellipsis' && box.x + box.width > cut.x + cut.width + 1;
    items.push({
      kind: 'text',
      text: isShortened ? shortened(text, font, cut.x + cut.width - box.x) : text,
      x: box.x,
      y: box.y + (box.height - up - down) / 2 + up,
      // A space at the end is not seen, but has a width.
      width: text.length === node.data.length ? box.width : measured(font).measureText(text).width,
      font,
      fill: style.color,
      isTabular: style.fontVariantNumeric.includes('tabular-nums'),
      alpha,
      clip: isShortened ? null : cut,
    });
  }
}

/** @param {string} text @param {string} font @param {number} room */
function shortened(text, font, room) {
  const context = measured(font);
  let length = text.length;
  while (length > 0 && context.measureText(text.slice(0, length) + ELLIPSIS).width > room) length--;
  return text.slice(0, length).trimEnd() + ELLIPSIS;
}

/** A text's lines, as they are broken. @param {Text} node @returns {{text: string, rect: DOMRect}[]} */
function linesOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const rects = range.getClientRects();
  if (rects.length === 0) return [];
  const asSeen = (/** @type {string} */ text) => text.replace(/\s+/g, ' ').trim();
  if (rects.length === 1) return [{ text: asSeen(node.data), rect: rects[0] }];
  /** @type {{text: string, rect: DOMRect}[]} */
  const lines = [];
  for (let k = 0; k < node.data.length; k++) {
    range.setStart(node, k);
    range.setEnd(node, k + 1);
    const rect = range.getClientRects()[0];
    if (!rect || rect.width === 0) continue;
    const line = lines.at(-1);
    if (line && Math.abs(line.rect.y - rect.y) < rect.height / 2) {
      line.text += node.data[k];
      line.rect = new DOMRect(line.rect.x, line.rect.y, rect.right - line.rect.x, line.rect.height);
    } else lines.push({ text: node.data[k], rect });
  }
  return lines.map(({ text, rect }) => ({ text: asSeen(text), rect })).filter(({ text }) => text);
}

/** @param {SVGGeometryElement} shape @param {Item[]} items @param {Around} around */
function addShape(shape, items, { corner, alpha, clip }) {
  const style = getComputedStyle(shape);
  const matrix = shape.getScreenCTM();
  const d = pathOf(shape);
  if (!matrix || !d || style.display === 'none' || style.visibility !== 'visible') return;
  const ofPaint = (/** @type {string} */ paint) => (paint === 'none' || paint === NOTHING ? null : paint);
  items.push({
    kind: 'path',
    d,
    at: [matrix.a, matrix.b, matrix.c, matrix.d, matrix.e - corner.x, matrix.f - corner.y],
    fill: ofPaint(style.fill),
    stroke: ofPaint(style.stroke),
    lineWidth: parseFloat(style.strokeWidth) || 1,
    dash: style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[\s,]+/).map(parseFloat),
    alpha: alpha * Number(style.opacity),
    clip,
  });
}

/** @param {SVGGeometryElement} shape @returns {string} */
function pathOf(shape) {
  const number = (/** @type {string} */ name) => Number(shape.getAttribute(name) ?? 0);
  if (shape.tagName === 'path') return shape.getAttribute('d') ?? '';
  if (shape.tagName === 'line') return shape.hasAttribute('x2') ? `M${number('x1')} ${number('y1')}L${number('x2')} ${number('y2')}` : '';
  if (shape.tagName === 'rect') return `M${number('x')} ${number('y')}h${number('width')}v${number('height')}h${-number('width')}z`;
  if (shape.tagName === 'polyline') return `M${(shape.getAttribute('points') ?? '').trim().replace(/\s+/g, 'L')}`;
  const [x, y, r] = [number('cx'), number('cy'), number('r')];
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}
