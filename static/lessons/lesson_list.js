/** All lessons: what each is about, how long it takes, and how far one has come. */
import { element, icon } from '../kit/dom.js';
import { toText } from './lecture.js';
import { button, rich } from './words.js';

const LEVELS = { 'first steps': 'First steps', basics: 'Basics', deeper: 'Deeper' };

/**
 * @param {{lessons: {key: string, title: string, goal: string, minutes: number, level: string, titles: string[], names: string[]}[], problems: string[]}} told
 * @param {import('./progress.js').Progress} progress @param {import('./lecture.js').Lecture} lecture
 * @param {(place: {lesson: string, step: number, scenes?: string}) => void} open @param {() => void} onChange the lecture is another one
 * @returns {HTMLElement[]}
 */
export function lessonList({ lessons, problems }, progress, lecture, open, onChange) {
  const head = element('header', { class: 'nn-lessons-head' });
  head.append(element('h1', { text: 'Lessons' }), element('p', { text: 'A few minutes each: a question first, then a run that answers it.' }));
  const sections = Object.entries(LEVELS).map(([level, title]) => {
    const cards = lessons.filter((lesson) => lesson.level === level).map((lesson) => card(lesson, progress, open));
    if (cards.length === 0) return [];
    return [element('section', {}, element('h2', { text: title }), element('ul', { class: 'nn-lessons-cards' }, ...cards))];
  });
  const broken = problems.length > 0 ? [element('section', { class: 'nn-lessons-broken' }, element('h2', { text: 'Files that are no lessons' }), ...problems.map((text) => element('p', { text })))] : [];
  return [head, ...lectureSection(lecture, open, onChange), ...sections.flat(), ...broken];
}

/** The scenes of one's own lecture, if there are any. */
function lectureSection(lecture, open, onChange) {
  const { scenes } = lecture;
  if (scenes.length === 0) return [];
  const change = (/** @type {() => void} */ act) => () => {
    act();
    onChange();
  };
  const tool = (/** @type {'undo'|'close'} */ picture, /** @type {string} */ text, /** @type {string} */ name, /** @type {() => void} */ act) => {
    const node = button('', change(act), { class: 'nn-lesson-link nn-lecture-tool', 'aria-label': name, title: text });
    node.append(picture === 'close' ? icon('close') : '↑');
    return node;
  };
  const rows = scenes.map((scene, k) => {
    const raise = k > 0 ? [tool('undo', 'Sooner', `Sooner: ${scene.title}`, () => lecture.raise(k))] : [];
    const out = tool('close', 'Take out', `Take out: ${scene.title}`, () => lecture.toggle(scene));
    return element('li', {}, element('div', { class: 'nn-lecture-row' }, rich('span', scene.title), ...raise, out));
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
  return [element('section', { class: 'nn-lecture' }, element('h2', { text: 'My lecture' }), element('ol', {}, ...rows), buttons)];
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
