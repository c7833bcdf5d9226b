/**
 * Takes down what is drawn on canvases, as SVG: lines and letters stay lines and letters, whatever size the picture is shown in. It
 * listens to all canvases of a page, so the panels draw as ever; the page is one of its own (darkroom.js).
 */

/** @typedef {{ops: string[], path: string, clips: (string|null)[], clip: string|null, isOpen: boolean}} Log `path` and `clip` in the canvas's pixels */

/** @type {WeakMap<object, Log>} by canvas */
const logs = new WeakMap();
/** What pictures consist of that nobody draws on any more. @type {WeakMap<object, {log: Log, width: number, height: number}>} */
const stills = new WeakMap();
/** Ids of what is used several times, and what it is. */
const shared = { ids: new Map(), defs: /** @type {string[]} */ ([]) };

const round = (/** @type {number} */ value) => String(Math.round(value * 100) / 100);
const escaped = (/** @type {string} */ text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

/** What was used several times, to stand at the picture's beginning. */
export const definitions = () => shared.defs.join('');

/** What is on a canvas, as SVG in its pixels; null where nothing was taken down. @param {HTMLCanvasElement} canvas @returns {string|null} */
export const drawnOn = (canvas) => logs.get(canvas)?.ops.join('') ?? null;

/** A picture of what is no line, at a place. @param {CanvasImageSource & {width: any, height: any}} source @returns {string} its address */
export function pixelsOf(source, crop = { x: 0, y: 0, width: Number(source.width), height: Number(source.height) }) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.max(1, Math.round(crop.width)), Math.max(1, Math.round(crop.height))];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  original.drawImage.call(context, source, crop.x, crop.y, crop.width, crop.height, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL();
}

/** @type {any} the methods as they were */
const original = {};

/** @param {CanvasRenderingContext2D} context @returns {Log} */
function logOf({ canvas }) {
  const log = logs.get(canvas) ?? { ops: [], path: '', clips: [], clip: null, isOpen: false };
  logs.set(canvas, log);
  return log;
}

/** @param {DOMMatrix} matrix @param {number} x @param {number} y */
const at = ({ a, b, c, d, e, f }, x, y) => `${round(a * x + c * y + e)} ${round(b * x + d * y + f)}`;
/** @param {DOMMatrix} matrix */
const scaleOf = ({ a, b, c, d }) => Math.sqrt(Math.abs(a * d - b * c));
/** @param {DOMMatrix} matrix */
const asTransform = ({ a, b, c, d, e, f }) => (a === 1 && b === 0 && c === 0 && d === 1 && e === 0 && f === 0 ? '' : ` transform="matrix(${[a, b, c, d, e, f].map((value) => String(Math.round(value * 1e4) / 1e4)).join(' ')})"`);

/** How each step of a path is written. @type {Object<string, (matrix: DOMMatrix, isOpen: boolean, ...numbers: any[]) => string>} */
const STEPS = {
  moveTo: (m, _, x, y) => `M${at(m, x, y)}`,
  lineTo: (m, isOpen, x, y) => `${isOpen ? 'L' : 'M'}${at(m, x, y)}`,
  closePath: () => 'Z',
  rect: (m, _, x, y, w, h) => `M${at(m, x, y)}L${at(m, x + w, y)}L${at(m, x + w, y + h)}L${at(m, x, y + h)}Z`,
  bezierCurveTo: (m, _, a, b, c, d, x, y) => `C${at(m, a, b)} ${at(m, c, d)} ${at(m, x, y)}`,
  quadraticCurveTo: (m, _, a, b, x, y) => `Q${at(m, a, b)} ${at(m, x, y)}`,
  arc: (m, isOpen, x, y, r, from, to, isBack = false) => {
    const radius = round(r * scaleOf(m));
    const point = (/** @type {number} */ angle) => at(m, x + r * Math.cos(angle), y + r * Math.sin(angle));
    const begin = `${isOpen ? 'L' : 'M'}${point(from)}`;
    const sweep = isBack ? 0 : 1;
    const turn = isBack ? from - to : to - from;
    if (turn >= 2 * Math.PI - 1e-9) return `${begin}A${radius} ${radius} 0 1 ${sweep} ${point(from + Math.PI)}A${radius} ${radius} 0 1 ${sweep} ${point(from)}Z`;
    const around = ((turn % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
    return `${begin}A${radius} ${radius} 0 ${around > Math.PI ? 1 : 0} ${sweep} ${point(to)}`;
  },
};

/** Steps of paths that are kept apart from a canvas. @type {WeakMap<Path2D, [string, any[]][]>} */
const paths = new WeakMap();

/** @param {CanvasRenderingContext2D} context @param {string} op */
function put(context, op) {
  const log = logOf(context);
  log.ops.push(log.clip ? `<g clip-path="url(#${clipId(log.clip)})">${op}</g>` : op);
}

/** @param {string} d */
function clipId(d) {
  return define(`clip ${d}`, (id) => `<clipPath id="${id}"><path d="${d}"/></clipPath>`);
}

/** @param {any} key @param {(id: string) => string} make @returns {string} its id */
function define(key, make) {
  const known = shared.ids.get(key);
  if (known) return known;
  const id = `d${shared.ids.size + 1}`;
  shared.ids.set(key, id);
  shared.defs.push(make(id));
  return id;
}

/** @param {CanvasRenderingContext2D} context @param {any} path @returns {string} */
function pathOf(context, path) {
  if (!path) return logOf(context).path;
  const matrix = context.getTransform();
  let isOpen = false;
  return (paths.get(path) ?? []).map(([name, numbers]) => {
    const step = STEPS[name](matrix, isOpen, ...numbers);
    isOpen = true;
    return step;
  }).join('');
}

/** @param {CanvasRenderingContext2D} context */
const alphaOf = ({ globalAlpha }) => (globalAlpha < 1 ? ` opacity="${round(globalAlpha)}"` : '');

/** A colour as an attribute. Not every program that opens an SVG reads rgba(…). @param {'fill'|'stroke'} name @param {any} color */
export function inkOf(name, color) {
  const see = /^rgba\((\d+, \d+, \d+), ([\d.]+)\)$/.exec(color);
  return see ? ` ${name}="rgb(${see[1]})" ${name}-opacity="${see[2]}"` : ` ${name}="${color}"`;
}

/** @param {CanvasRenderingContext2D} context */
function strokeOf(context) {
  const scale = scaleOf(context.getTransform());
  const dash = context.getLineDash();
  const more = [
    dash.length ? ` stroke-dasharray="${dash.map((length) => round(length * scale)).join(' ')}"` : '',
    context.lineJoin === 'miter' ? '' : ` stroke-linejoin="${context.lineJoin}"`,
    context.lineCap === 'butt' ? '' : ` stroke-linecap="${context.lineCap}"`,
  ];
  return ` fill="none"${inkOf('stroke', context.strokeStyle)} stroke-width="${round(context.lineWidth * scale)}"${more.join('')}`;
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {string} paint */
function putText(context, text, x, y, paint) {
  const { textAlign, textBaseline, font } = context;
  const { width, fontBoundingBoxAscent: up } = context.measureText(text);
  context.textBaseline = 'alphabetic';
  const lower = context.measureText(text).fontBoundingBoxAscent - up;
  context.textBaseline = textBaseline;
  const left = textAlign === 'center' ? x - width / 2 : textAlign === 'right' || textAlign === 'end' ? x - width : x;
  put(context, `<text x="${round(left)}" y="${round(y + lower)}" textLength="${round(width)}" lengthAdjust="spacingAndGlyphs" style="font:${escaped(font.replace(/"/g, "'"))}"${paint}${alphaOf(context)}${asTransform(context.getTransform())}>${escaped(text)}</text>`);
}

/** @param {CanvasRenderingContext2D} context @param {any} source @param {number[]} numbers as drawImage has them */
function putImage(context, source, numbers) {
  const [width, height] = [source.width, source.height];
  const [sx, sy, sw, sh, x, y, w, h] = numbers.length === 8 ? numbers : [0, 0, width, height, numbers[0], numbers[1], numbers[2] ?? width, numbers[3] ?? height];
  const matrix = context.getTransform();
  const still = stills.get(source);
  if (still && numbers.length < 8) {
    const id = define(source, (name) => `<g id="${name}">${still.log.ops.join('')}</g>`);
    put(context, `<use href="#${id}"${alphaOf(context)} transform="translate(${at(matrix, x, y)})${w === width ? '' : ` scale(${round(w / width)})`}"/>`);
    return;
  }
  const smooth = context.imageSmoothingEnabled ? '' : ' style="image-rendering:pixelated"';
  put(context, `<image x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" preserveAspectRatio="none"${smooth}${alphaOf(context)}${asTransform(matrix)} href="${pixelsOf(source, { x: sx, y: sy, width: sw, height: sh })}"/>`);
}

/** What else is taken down, before it is done. @type {Object<string, (context: CanvasRenderingContext2D, ...rest: any[]) => void>} */
const TAKEN = {
  beginPath: (context) => Object.assign(logOf(context), { path: '', isOpen: false }),
  fill: (context, path) => put(context, `<path d="${pathOf(context, typeof path === 'string' ? null : path)}"${inkOf('fill', context.fillStyle)}${alphaOf(context)}/>`),
  stroke: (context, path) => put(context, `<path d="${pathOf(context, path)}"${strokeOf(context)}${alphaOf(context)}/>`),
  fillRect: (context, x, y, w, h) => put(context, `<path d="${STEPS.rect(context.getTransform(), false, x, y, w, h)}"${inkOf('fill', context.fillStyle)}${alphaOf(context)}/>`),
  strokeRect: (context, x, y, w, h) => put(context, `<path d="${STEPS.rect(context.getTransform(), false, x, y, w, h)}"${strokeOf(context)}${alphaOf(context)}/>`),
  clearRect: (context, x, y, w, h) => {
    const { a, d, e, f } = context.getTransform();
    const isAll = a * x + e <= 0 && d * y + f <= 0 && a * (x + w) + e >= context.canvas.width - 1 && d * (y + h) + f >= context.canvas.height - 1;
    if (isAll) logOf(context).ops = [];
  },
  fillText: (context, text, x, y) => putText(context, String(text), x, y, inkOf('fill', context.fillStyle)),
  strokeText: (context, text, x, y) => putText(context, String(text), x, y, ` fill="none"${inkOf('stroke', context.strokeStyle)} stroke-width="${round(context.lineWidth)}" stroke-linejoin="${context.lineJoin}"`),
  drawImage: putImageFrom,
  putImageData: (context, image, x, y) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    original.putImageData.call(canvas.getContext('2d'), image, 0, 0);
    put(context, `<image x="${round(x)}" y="${round(y)}" width="${image.width}" height="${image.height}" href="${canvas.toDataURL()}"/>`);
  },
  save: (context) => {
    const log = logOf(context);
    log.clips.push(log.clip);
  },
  restore: (context) => {
    const log = logOf(context);
    if (log.clips.length > 0) log.clip = /** @type {string|null} */ (log.clips.pop());
  },
  clip: (context) => {
    const log = logOf(context);
    log.clip = log.path;
  },
};

/** @param {CanvasRenderingContext2D} context @param {any} source @param {...number} numbers */
function putImageFrom(context, source, ...numbers) {
  if (source.width > 0 && source.height > 0) putImage(context, source, numbers);
}

/** Listen to all canvases of this page that are made from now on. */
export function record() {
  if (original.drawImage) return;
  const { prototype } = CanvasRenderingContext2D;
  const methods = /** @type {any} */ (prototype);
  for (const name of ['drawImage', 'putImageData']) original[name] = methods[name];
  for (const [name, step] of Object.entries(STEPS)) {
    wrap(methods, name, (context, ...numbers) => {
      const log = logOf(context);
      log.path += step(context.getTransform(), log.isOpen, ...numbers);
      log.isOpen = true;
    });
    wrap(Path2D.prototype, name, (path, ...numbers) => {
      const steps = paths.get(path) ?? [];
      steps.push([name, numbers]);
      paths.set(path, steps);
    });
  }
  for (const [name, take] of Object.entries(TAKEN)) wrap(methods, name, take);
  for (const side of ['width', 'height']) {
    const { get, set } = /** @type {any} */ (Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, side));
    Object.defineProperty(HTMLCanvasElement.prototype, side, {
      get,
      set(value) {
        logs.delete(this);
        set.call(this, value);
      },
    });
  }
  followStills();
}

/** A marker that was drawn is stamped as a picture that nobody draws on any more (plot/sample_stamps.js): it stays what it was drawn of. */
function followStills() {
  wrap(OffscreenCanvasRenderingContext2D.prototype, 'drawImage', (context, source) => {
    const log = logs.get(source);
    if (log) stills.set(context.canvas, { log: { ...log, ops: [...log.ops] }, width: source.width, height: source.height });
  });
  const transfer = OffscreenCanvas.prototype.transferToImageBitmap;
  OffscreenCanvas.prototype.transferToImageBitmap = function () {
    const still = stills.get(this);
    const bitmap = transfer.call(this);
    if (still) stills.set(bitmap, still);
    return bitmap;
  };
}

/** @param {any} target @param {string} name @param {(self: any, ...rest: any[]) => void} before */
function wrap(target, name, before) {
  const method = target[name];
  target[name] = function (...rest) {
    before(this, ...rest);
    return method.apply(this, rest);
  };
}
