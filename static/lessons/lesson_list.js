/** All lessons: what each is about, how long it takes, and how far one has come. */
import { element } from '../kit/dom.js';
import { rich } from './words.js';

const LEVELS = { 'first steps': 'First steps', basics: 'Basics', deeper: 'Deeper' };

/**
 * @param {{lessons: {key: string, title: string, goal: string, minutes: number, level: string, titles: string[], names: string[]}[], problems: string[]}} told
 * @param {import('./progress.js').Progress} progress @param {(place: {lesson: string, step: number}) => void} open
 * @returns {HTMLElement[]}
 */
export function lessonList({ lessons, problems }, progress, open) {
  const head = element('header', { class: 'nn-lessons-head' });
  head.append(element('h1', { text: 'Lessons' }), element('p', { text: 'A few minutes each: a question first, then a run that answers it.' }));
  const sections = Object.entries(LEVELS).map(([level, title]) => {
    const cards = lessons.filter((lesson) => lesson.level === level).map((lesson) => card(lesson, progress, open));
    if (cards.length === 0) return [];
    return [element('section', {}, element('h2', { text: title }), element('ul', { class: 'nn-lessons-cards' }, ...cards))];
  });
  const broken = problems.length > 0 ? [element('section', { class: 'nn-lessons-broken' }, element('h2', { text: 'Files that are no lessons' }), ...problems.map((text) => element('p', { text })))] : [];
  return [head, ...sections.flat(), ...broken];
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
