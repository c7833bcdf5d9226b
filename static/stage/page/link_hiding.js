/**
 * What a link leaves out of the stage: `hide=loss,transport` (the groups of the page around it are the server's).
 */
const NAMES = ['transport', 'diagram', 'boundary', 'hidden', 'loss'];

/** Groups of the stage that a link hides. @param {string} search the address's query @returns {string[]} */
export function hiddenGroups(search) {
  const wanted = (new URLSearchParams(search).get('hide') ?? '').split(',').map((name) => name.trim());
  return NAMES.filter((name) => wanted.includes(name));
}

/**
 * The wide layout without what is hidden, as CSS's grid-template.
 * @param {string[][]} rows what stands left of the boundary, from top to bottom
 * @param {string[]} hidden
 */
export function gridTemplate(rows, hidden) {
  const shown = (name) => !hidden.includes(name);
  const left = rows.map((row) => row.filter(shown)).filter((row) => row.length > 0);
  const columns = Math.max(0, ...left.map((row) => row.length));
  const boundary = shown('boundary') ? ['boundary'] : [];
  const areas = left.map((row) => [...(row.length === columns ? row : Array(columns).fill(row[0])), ...boundary]);
  if (left.length === 0) areas.push(boundary);
  const widths = [...Array(columns).fill('minmax(0, 1fr)')];
  const boundaryWidth = ['min(100%, calc(var(--nn-height) + 60px))', 'min(56%, calc(var(--nn-height) - 60px))', 'min(46%, calc(var(--nn-height) - 100px))'][columns];
  if (boundary.length > 0) widths.push(boundaryWidth);
  return `${areas.map((row) => `'${row.join(' ')}' minmax(0, 1fr)`).join(' ')} / ${widths.join(' ')}`;
}

/**
 * Hide what the link says, and let the rest have the room.
 * @param {HTMLElement} root of the stage @param {Object<string, HTMLElement|HTMLElement[]|undefined>} elements by group
 * @param {string[][]|undefined} rows as for gridTemplate; without, panels take each other's place by themselves
 * @param {string} search
 */
export function applyHiding(root, elements, rows, search) {
  const hidden = hiddenGroups(search);
  if (hidden.length === 0) return;
  for (const name of hidden) for (const node of [elements[name] ?? []].flat()) node.hidden = true;
  root.classList.toggle('nn-some-hidden', hidden.some((name) => name !== 'transport'));
  root.classList.toggle('nn-no-transport', hidden.includes('transport'));
  if (rows) root.style.setProperty('--nn-template', gridTemplate(rows, hidden));
}
