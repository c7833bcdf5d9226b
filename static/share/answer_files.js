/**
 * The browser's part of the page Check answers: files to choose or drop. They are read here, and what may be an answer in them is
 * sent as text: uploads would be kept on the server, and few of them.
 *
 * data: { most_bytes, most_files }; trigger: files, a list of { name, text }.
 */
import { element, setText } from '../kit/dom.js';
import { applyTheme, readTheme } from '../kit/theme.js';

const BEGIN = 'nnplay1(';

/** Of a file, what a check needs: all from the first code on. @param {string} text */
export function partWithCodes(text) {
  const at = text.indexOf(BEGIN);
  return at < 0 ? '' : text.slice(at);
}

/** @param {{most_bytes: number, most_files: number}} limits @param {{name: string, size: number}[]} files @returns {string} why these are too many, or empty */
export function whyTooMany({ most_bytes: mostBytes, most_files: mostFiles }, files) {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > mostFiles) return `At most ${mostFiles} files at a time, these are ${files.length}.`;
  if (bytes <= mostBytes) return '';
  return `At most ${mostBytes / 1e6} MB at a time, these are ${(bytes / 1e6).toFixed(1)} MB. Check them with python -m nnplay.check.`;
}

export default function answerFiles({ data, parentElement, setTriggerValue }) {
  /** @type {HTMLElement} */
  const root = parentElement.querySelector('.nnplay-share');
  applyTheme(root, readTheme(root));
  if (root.firstChild) return;
  const input = element('input', { type: 'file', multiple: true, accept: '.txt,.text,.eml,.md,text/plain' });
  const said = element('span', { class: 'nn-share-said', role: 'status' });
  const take = async (/** @type {File[]} */ files) => {
    const fault = whyTooMany(data, files);
    setText(said, fault || `${files.length} ${files.length === 1 ? 'file' : 'files'} read`);
    if (fault || files.length === 0) return;
    const read = await Promise.all(files.map(async (file) => ({ name: file.name, text: partWithCodes(await file.text()) })));
    setTriggerValue('files', read);
  };
  input.addEventListener('change', () => take([...(input.files ?? [])]));
  const drop = element('label', { class: 'nn-files' }, element('span', { class: 'nn-share-label', text: 'Files with answers' }), input);
  drop.addEventListener('dragover', (event) => event.preventDefault());
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  });
  root.replaceChildren(drop, said);
}
