/**
 * The data sets to click, each with its picture and its name: a radio group drawn from the samples that the server sends.
 * Below it stand what the chosen one teaches, and a die that draws new data of its kind.
 *
 * data: { label, selected, why_not: why none can be chosen, or empty, drawn: whether the die draws it, datasets: [{ name, label, description, task,
 *   points: [[x, y, class or value], …] }] }
 * state: choice, the name of the picture clicked last; draw, the number that the die fell on.
 */
import { element, icon, setText } from '../kit/dom.js';
import { classColor, divergingColor } from '../kit/palette.js';
import { pixelRatio, watchPixelRatio } from '../kit/pixel_ratio.js';
import { applyTheme, css, readTheme } from '../kit/theme.js';

const SIZE = 40;
const DOT_RADIUS = 1.3;
const INSET = 4;
/** The numbers that the die can fall on: short enough for a link. */
const SIDES = 10_000;

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

function makeButton({ name, label, description }) {
  const button = element('button', { type: 'button', role: 'radio', 'aria-label': label, title: description, 'data-name': name });
  button.append(element('canvas'), element('span', { text: label, 'aria-hidden': 'true' }));
  return button;
}

function build(root, data) {
  const pictures = element('div', { role: 'radiogroup', 'aria-label': data.label, class: 'nn-picker-pictures' }, ...data.datasets.map(makeButton));
  const die = element('button', { type: 'button', class: 'nn-picker-die', title: 'Draw new points of this kind. The network’s first weights stay.' });
  die.append(icon('die'), element('span', { text: 'New data' }));
  root.replaceChildren(pictures, element('p', { class: 'nn-picker-lesson', 'aria-live': 'polite' }), die);
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
  if (root.querySelectorAll('[role=radio]').length !== data.datasets.length) build(root, data);
  const [pictures, lesson, die] = root.children;
  const buttons = [...pictures.children];
  buttons.forEach((button, index) => {
    const chosen = data.datasets[index].name === data.selected;
    button.setAttribute('aria-checked', String(chosen));
    button.tabIndex = chosen ? 0 : -1;
    button.disabled = Boolean(data.why_not);
    button.title = data.why_not || data.datasets[index].description;
    button.onclick = () => setStateValue('choice', button.dataset.name);
  });
  setText(lesson, data.datasets.find(({ name }) => name === data.selected)?.description ?? '');
  die.hidden = !data.drawn;
  // The number is drawn here: a message that arrives twice draws the same data twice.
  die.onclick = () => setStateValue('draw', Math.floor(Math.random() * SIDES));
  paintNowAndLater(root, () => buttons.forEach((button, index) => drawPoints(button.firstChild, data.datasets[index], theme.dark)));
  pictures.onkeydown = (event) => moveByKey(event, buttons);
}
