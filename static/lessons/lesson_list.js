/** All lessons: what each is about, how long it takes, and how far one has come. */
import { element, icon } from '../kit/dom.js';
import { nameOf, toText } from './lecture.js';
import { button, rich } from './words.js';

/** Whether the steps of all lessons are offered for a lecture. */
let isPreparing = false;

const LEVELS = { 'first steps': 'First steps', basics: 'Basics', deeper: 'Deeper' };

/**
 * @param {{lessons: {key: string, title: string, goal: string, minutes: number, level: string, titles: string[], names: string[]}[], problems: string[]}} told
 * @param {import('./progress.js').Progress} progress @param {import('./lecture.js').Lecture} lecture
 * @param {(place: {lesson: string, step: number, scenes?: string}) => void} open @param {() => void} onChange the lecture is another one
 * @returns {HTMLElement[]}
 */
export function lessonList({ lessons, problems }, progress, lecture, open, onChange) {
  const head = element('header', { class: 'nn-lessons-head' });
  const prepare = button(isPreparing ? 'Done with the lecture' : 'Prepare a lecture', () => {
    isPreparing = !isPreparing;
    onChange();
  }, { class: 'nn-lesson-link', 'aria-pressed': String(isPreparing), 'data-key': 'prepare' });
  head.append(element('h1', { text: 'Lessons' }), element('p', { text: 'A few minutes each: a question first, then a run that answers it.' }), prepare);
  const sections = Object.entries(LEVELS).map(([level, title]) => {
    const cards = lessons.filter((lesson) => lesson.level === level).map((lesson) => {
      const node = card(lesson, progress, open);
      if (isPreparing) node.append(stepsToAdd(lesson, lecture, onChange));
      return node;
    });
    if (cards.length === 0) return [];
    return [element('section', {}, element('h2', { text: title }), element('ul', { class: 'nn-lessons-cards' }, ...cards))];
  });
  const broken = problems.length > 0 ? [element('section', { class: 'nn-lessons-broken' }, element('h2', { text: 'Files that are no lessons' }), ...problems.map((text) => element('p', { text })))] : [];
  return [head, ...lectureSection(lecture, lessons, open, onChange), ...sections.flat(), ...broken];
}

/** A lesson's steps, to be taken into the lecture or out of it. */
function stepsToAdd({ key, title, titles }, lecture, onChange) {
  const rows = titles.map((name, step) => {
    const scene = { lesson: key, step, title: `${title}: ${name}` };
    const isIn = lecture.has(scene);
    const toggle = () => {
      lecture.toggle(scene);
      onChange();
    };
    const node = button('', toggle, { class: 'nn-lesson-link nn-lecture-step', 'aria-pressed': String(isIn), 'data-key': `scene-${key}-${step}`, title: isIn ? 'Take out of my lecture' : 'Add to my lecture' });
    node.append(element('span', { class: 'nn-lecture-mark', 'aria-hidden': 'true', text: isIn ? '✓' : '+' }), rich('span', name));
    return element('li', {}, node);
  });
  return element('ol', { class: 'nn-lecture-steps', 'aria-label': `Steps of ${title}` }, ...rows);
}

/** How long the scenes take, if a lesson's time is shared out among its steps. @returns {number} minutes */
function minutesOf(scenes, lessons) {
  const shares = scenes.map((scene) => {
    const lesson = lessons.find(({ key }) => key === scene.lesson);
    return lesson ? lesson.minutes / lesson.titles.length : 0;
  });
  return Math.round(shares.reduce((sum, share) => sum + share, 0));
}

/** The scenes of one's own lecture, if there are any. */
function lectureSection(lecture, lessons, open, onChange) {
  const { scenes } = lecture;
  if (scenes.length === 0) return isPreparing ? [element('section', { class: 'nn-lecture' }, element('h2', { text: 'My lecture' }), element('p', { text: 'Choose steps of any lessons below: they become its scenes, in the order in which you choose them.' }))] : [];
  const change = (/** @type {() => void} */ act) => () => {
    act();
    onChange();
  };
  const tool = (/** @type {'undo'|'close'} */ picture, /** @type {string} */ text, /** @type {string} */ name, /** @type {() => void} */ act, /** @type {import('./lecture.js').Scene} */ scene, arrow = '↑') => {
    const node = button('', change(act), { class: 'nn-lesson-link nn-lecture-tool', 'aria-label': name, title: text, 'data-key': `${text} ${nameOf(scene)}` });
    node.append(picture === 'close' ? icon('close') : arrow);
    return node;
  };
  const rows = scenes.map((scene, k) => {
    const raise = k > 0 ? [tool('undo', 'Sooner', `Sooner: ${scene.title}`, () => lecture.raise(k), scene)] : [];
    const lower = k < scenes.length - 1 ? [tool('undo', 'Later', `Later: ${scene.title}`, () => lecture.raise(k + 1), scene, '↓')] : [];
    const out = tool('close', 'Take out', `Take out: ${scene.title}`, () => lecture.toggle(scene), scene);
    return element('li', {}, element('div', { class: 'nn-lecture-row' }, rich('span', scene.title), ...raise, ...lower, out));
  });
  const said = element('span', { role: 'status' });
  const { origin, pathname } = window.location;
  const address = lecture.link(origin + pathname);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = 'Copied.';
    } catch {
      said.textContent = address; // to be copied by hand
    }
  };
  const begin = button('Begin', () => open({ ...scenes[0], scenes: toText(scenes) }), { class: 'nn-lesson-button nn-primary' });
  const buttons = element('div', { class: 'nn-lesson-buttons' }, begin, button('Copy the link', copy), button('Clear', change(() => lecture.clear())), said);
  const about = `${scenes.length === 1 ? 'One scene' : `${scenes.length} scenes`}, about ${minutesOf(scenes, lessons)} minutes without the talk. Begin, and press P to present: everything has a key.`;
  return [element('section', { class: 'nn-lecture' }, element('h2', { text: 'My lecture' }), element('ol', {}, ...rows), element('p', { class: 'nn-lecture-about', text: about }), buttons)];
}

function card({ key, title, goal, minutes, titles, names }, progress, open) {
  const { done, at, begun } = progress.of(key, names);
  const count = done.filter(Boolean).length;
  const all = count === titles.length;
  const next = all || !begun ? 0 : at;
  const link = element('a', { href: `?lesson=${encodeURIComponent(key)}&step=${next + 1}`, 'data-key': `lesson-${key}` });
  link.append(rich('h3', title), rich('p', goal));
  const state = all ? 'Done' : count > 0 || (begun && at > 0) ? `${count} of ${titles.length} steps done` : `${titles.length} steps`;
  const bar = element('span', { class: 'nn-lessons-bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--nn-share', String(count / titles.length));
  link.append(element('p', { class: 'nn-lessons-facts' }, element('span', { text: `${minutes} min` }), element('span', { text: state })), bar);
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open({ lesson: key, step: next });
  });
  return element('li', {}, link);
}
