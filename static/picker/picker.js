/**
 * Pictures of the data sets, to click: a radio group drawn from the samples that the server sends.
 *
 * data: { label, selected, datasets: [{ name, label, description, task, points: [[x, y, class or value], …] }] }
 * state: choice, the name of the picture clicked last.
 */
import { classColor, divergingColor } from '../kit/palette.js';
import { pixelRatio, watchPixelRatio } from '../kit/pixel_ratio.js';
import { applyTheme, css, readTheme } from '../kit/theme.js';

const SIZE = 56;
const DOT_RADIUS = 1.7;
const INSET = 6;

/** @param {HTMLCanvasElement} canvas */
function drawPoints(canvas, { points, task }, dark) {
  const ratio = pixelRatio();
  canvas.width = canvas.height = Math.round(SIZE * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(ratio, ratio);
  const span = SIZE - 2 * INSET;
  for (const [x, y, target] of points) {
    context.fillStyle = task === 'regression' ? css(divergingColor(target, dark)) : classColor(target, dark);
    context.beginPath();
    context.arc(INSET + x * span, INSET + (1 - y) * span, DOT_RADIUS, 0, 2 * Math.PI);
    context.fill();
  }
}

function makeButton(dataset) {
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('role', 'radio');
  button.setAttribute('aria-label', dataset.label);
  button.title = `${dataset.label}. ${dataset.description}`;
  button.dataset.name = dataset.name;
  button.append(document.createElement('canvas'));
  return button;
}

function build(root, data) {
  root.setAttribute('role', 'radiogroup');
  root.setAttribute('aria-label', data.label);
  root.replaceChildren(...data.datasets.map(makeButton));
}

/** Arrow keys move through a radio group; only the chosen radio is a tab stop. */
function moveByKey(event, buttons) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const index = buttons.indexOf(event.target);
  if (!step || index < 0) return;
  event.preventDefault();
  const next = buttons[(index + step + buttons.length) % buttons.length];
  next.focus();
  next.click();
}

/** What is painted again on another screen: the watch of each picker that is on the page. @type {WeakMap<Element, AbortController>} */
const watches = new WeakMap();

/** @param {HTMLElement} root @param {() => void} paint */
function paintNowAndLater(root, paint) {
  watches.get(root)?.abort();
  const watch = new AbortController();
  watches.set(root, watch);
  watchPixelRatio(() => (root.isConnected ? paint() : watch.abort()), watch.signal);
  paint();
}

export default function picker({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector('.nnplay-picker');
  const theme = readTheme(root);
  applyTheme(root, theme);
  if (root.children.length !== data.datasets.length) build(root, data);
  const buttons = [...root.children];
  buttons.forEach((button, index) => {
    const chosen = data.datasets[index].name === data.selected;
    button.setAttribute('aria-checked', String(chosen));
    button.tabIndex = chosen ? 0 : -1;
    button.onclick = () => setStateValue('choice', button.dataset.name);
  });
  paintNowAndLater(root, () => buttons.forEach((button, index) => drawPoints(button.firstChild, data.datasets[index], theme.dark)));
  root.onkeydown = (event) => moveByKey(event, buttons);
}
