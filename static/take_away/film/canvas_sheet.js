/** Draws what is to be seen (items.js) on a canvas. */

/** @typedef {import('./items.js').Item} Item */

export class CanvasSheet {
  /** @param {CanvasRenderingContext2D} context @param {number} ratio pixels for each CSS pixel */
  constructor(context, ratio) {
    this.context = context;
    this.ratio = ratio;
  }

  /** @param {string} color of the ground */
  begin(color) {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = color;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  }

  /** @param {Item[]} items */
  draw(items) {
    const { context, ratio } = this;
    for (const item of items) {
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.globalAlpha = item.alpha;
      if (!item.clip) {
        this.#draw(item);
        continue;
      }
      const { x, y, width, height } = item.clip;
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      this.#draw(item);
      context.restore();
    }
  }

  /** @param {Item} item */
  #draw(item) {
    if (item.kind === 'canvas') this.#canvas(item);
    else if (item.kind === 'text') this.#text(item);
    else if (item.kind === 'box') this.#box(item);
    else this.#path(item);
  }

  /** As large as its place, it is put there pixel by pixel. @param {import('./items.js').CanvasItem} item */
  #canvas({ canvas, box, isPixelated }) {
    const { context, ratio } = this;
    const [left, top] = [Math.round(box.x * ratio), Math.round(box.y * ratio)];
    const [width, height] = [box.width * ratio, box.height * ratio];
    context.setTransform(1, 0, 0, 1, 0, 0);
    const isAlike = Math.abs(width - canvas.width) < 1.5 && Math.abs(height - canvas.height) < 1.5;
    context.imageSmoothingEnabled = !isPixelated;
    if (isAlike) context.drawImage(canvas, left, top);
    else context.drawImage(canvas, box.x * ratio, box.y * ratio, width, height);
  }

  /** @param {import('./items.js').TextItem} item */
  #text({ text, x, y, width, font, fill, isTabular }) {
    const { context } = this;
    if (context.font !== font) context.font = font;
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    context.fillStyle = fill;
    if (isTabular && /\d/.test(text)) this.#figures(text, x, y, width);
    else context.fillText(text, x, y);
  }

  /** Digits of one width, which a canvas has no word for. @param {string} text @param {number} x @param {number} y @param {number} width */
  #figures(text, x, y, width) {
    const { context } = this;
    const isAlike = Math.abs(context.measureText(text).width - width) < 0.5;
    if (isAlike) {
      context.fillText(text, x, y);
      return;
    }
    const others = context.measureText(text.replace(/\d/g, '')).width;
    const digits = text.replace(/\D/g, '').length;
    const each = (width - others) / digits;
    let at = x;
    for (const letter of text) {
      const own = context.measureText(letter).width;
      const isDigit = /\d/.test(letter);
      context.fillText(letter, at + (isDigit ? (each - own) / 2 : 0), y);
      at += isDigit ? each : own;
    }
  }

  /** @param {import('./items.js').BoxItem} item */
  #box({ box: { x, y, width, height }, fill, stops, stroke, lineWidth, sides, radius }) {
    const { context } = this;
    if (fill || stops) {
      context.beginPath();
      context.roundRect(x, y, width, height, radius);
      if (fill) {
        context.fillStyle = fill;
        context.fill();
      }
      if (stops && stops.colors.length > 1) {
        const isAcross = /left|right/.test(stops.at);
        const isBack = /left|top/.test(stops.at);
        const [from, to] = isBack ? [1, 0] : [0, 1];
        const gradient = isAcross ? context.createLinearGradient(x + from * width, 0, x + to * width, 0) : context.createLinearGradient(0, y + from * height, 0, y + to * height);
        stops.colors.forEach((color, k) => gradient.addColorStop(k / (stops.colors.length - 1), color.replace(/\s[\d.]+%$/, '')));
        context.fillStyle = gradient;
        context.fill();
      }
    }
    if (!stroke) return;
    context.strokeStyle = stroke;
    context.lineWidth = lineWidth;
    const half = lineWidth / 2;
    context.beginPath();
    if (sides === 'trbl') context.roundRect(x + half, y + half, width - lineWidth, height - lineWidth, Math.max(0, radius - half));
    else {
      const [left, top, right, foot] = [x + half, y + half, x + width - half, y + height - half];
      for (const [side, from, to] of /** @type {[string, number[], number[]][]} */ ([['t', [x, top], [x + width, top]], ['r', [right, y], [right, y + height]], ['b', [x, foot], [x + width, foot]], ['l', [left, y], [left, y + height]]])) {
        if (!sides.includes(side)) continue;
        context.moveTo(from[0], from[1]);
        context.lineTo(to[0], to[1]);
      }
    }
    context.stroke();
  }

  /** @param {import('./items.js').PathItem} item */
  #path({ d, at, fill, stroke, lineWidth, dash }) {
    const { context } = this;
    const path = new Path2D(d);
    context.save();
    context.transform(at[0], at[1], at[2], at[3], at[4], at[5]);
    if (fill) {
      context.fillStyle = fill;
      context.fill(path);
    }
    if (stroke) {
      context.strokeStyle = stroke;
      context.lineWidth = lineWidth;
      context.setLineDash(dash);
      context.stroke(path);
    }
    context.restore();
  }
}
