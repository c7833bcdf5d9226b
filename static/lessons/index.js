/**
 * The words of the lessons, as a component of Streamlit's components.v2: the list of all, or the step beside the stage. The
 * stage hears of the step by the guide, which both import.
 */
import { element, focusKey, focusedKey } from '../kit/dom.js';
import { applyTheme, readTheme } from '../kit/theme.js';
import { sendInTurn } from '../messages/component_turns.js';
import { guide, lecture, progress, wanted } from './here.js';
import { lessonList } from './lesson_list.js';
import { drawData, toggleData } from './presenting/lecturer_data.js';
import { Sheets } from './sheets.js';
import { SpeakerNotes } from './speaker_notes.js';
import { StepView } from './step_view.js';

/** What Streamlit called last. @type {any} */
let component = null;

/** Say something to the server. @param {{do: string, [name: string]: any}} what @returns {number} its number */
function act(what) {
  lastId = Math.max(lastId + 1, Date.now());
  const said = { id: lastId, ...what };
  sendInTurn('lesson', () => component.setTriggerValue('act', said));
  return said.id;
}

let lastId = 0;
const sheets = new Sheets((of) => act({ do: 'sheet', of }));
const view = new StepView(guide, progress, act, sheets, lecture);
const notes = new SpeakerNotes({ next: () => view.turn(1), previous: () => view.turn(-1) });
guide.listen(() => {
  view.update();
  askForMeasure();
});

/** What was told last of a step. @type {import('./step_view.js').Told & {measured: {of: string, value: number|'never'|null}|null}|null} */
let told = null;
let askedFor = '';

/** Which run of which step a measure is of. */
const nameOf = ({ lesson, index }) => `${lesson.key}.${index}`;

/** When the run is over, the server is asked what the question asks for. */
function askForMeasure() {
  const { step, phase, measured } = guide;
  if (!told || step?.question?.kind !== 'number' || step.question.value !== null || phase !== 'done' || guide.isRevisited || measured !== null) {
    if (phase !== 'done') askedFor = '';
    return;
  }
  const name = nameOf(told);
  if (askedFor === name) return;
  askedFor = name;
  act({ do: 'measure', lesson: told.lesson.key, step: told.index, frame: Number(guide.stage?.root.dataset.frame ?? 0) });
}

/** What comes next is called, for the speaker. */
function nextTitle({ lesson, scene_titles: titles }) {
  const next = view.beside(1);
  if (!next) return 'This is the last step.';
  return next.lesson === lesson.key ? lesson.titles[next.step] : lecture.titleOf(next, titles);
}

function showStep(root, data) {
  told = data;
  wanted.first = false;
  const { lesson, index, step, trying } = data;
  guide.commands = {
    nextStep: () => view.turn(1),
    previousStep: () => view.turn(-1),
    notes: () => notes.open(data, nextTitle(data)),
    skip: () => guide.skip(),
    attempt: () => view.attempt(),
    answer: () => view.toQuestion(),
    scrollDown: () => view.scroll(1),
    scrollUp: () => view.scroll(-1),
    data: () => toggleData(act),
    draw: () => drawData(act),
    takeBack: () => void act({ do: 'undo' }),
  };
  guide.begin({ lesson: lesson.key, index, title: lesson.names[index], question: step.question, epochs: data.ends, free: trying, controls: step.controls, logScale: step.log_scale }, data.run);
  if (data.measured && data.measured.of === nameOf(data) && guide.phase === 'done' && guide.measured === null) guide.note({ measured: data.measured.value === 'never' ? Infinity : data.measured.value });
  if (root.firstChild !== view.head) root.replaceChildren(...view.nodes);
  view.show(data);
  notes.update(data, nextTitle(data));
  sheets.take(data.sheet);
}

export default function lessons(called) {
  component = called;
  const root = called.parentElement.querySelector('.nnplay-lessons');
  applyTheme(root, readTheme(root));
  root.dataset.kind = called.data.kind;
  root.toggleAttribute('data-projected', new URLSearchParams(window.location.search).get('present') === 'true'); // the list has no presenter
  if (called.data.kind === 'step') {
    showStep(root, called.data);
    return;
  }
  told = null;
  guide.commands = {};
  guide.begin(null);
  const first = called.data.lessons[0];
  if (wanted.first && first) act({ do: 'open', lesson: first.key, step: 0 });
  wanted.first = false;
  const show = () => {
    const open = ({ lesson, step, scenes = '' }) => act({ do: 'open', lesson, step, scenes });
    const focused = focusedKey(root);
    root.replaceChildren(element('div', { class: 'nn-lessons-list' }, ...lessonList(called.data, progress, lecture, open, show)));
    if (focused) focusKey(root, focused);
  };
  show();
}
