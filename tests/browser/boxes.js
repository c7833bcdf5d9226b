/**
 * What is wrong with the boxes of a page: texts that are cut, words that are broken, things that lie on one another.
 * Returns one line for each finding. Runs in the page; the test calls it at every width.
 */
() => {
  const findings = new Set();
  const TOLERANCE = 1.5;
  /** What a select box's arrow takes. */
  const ARROW = 21;
  const say = (kind, element, more = '') => {
    const name = (element.getAttribute?.('aria-label') || element.textContent || '').trim().slice(0, 40);
    const at = element.closest?.('[data-testid]')?.dataset.testid ?? '';
    findings.add(`${kind}: <${element.tagName?.toLowerCase()} class="${String(element.className?.baseVal ?? element.className).slice(0, 40)}"> in ${at} "${name}" ${more}`.trim());
  };
  const sidebar = document.querySelector('[data-testid=stSidebar]');
  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('[inert]') && !(sidebar?.contains(element) && sidebar.getBoundingClientRect().right < 60);
  // For those who listen only: a box of one pixel.
  const forEars = new Map();
  const isForEarsOnly = (element) => {
    if (!element || element === document.body) return false;
    if (!forEars.has(element)) {
      const style = getComputedStyle(element);
      const isTiny = style.clipPath !== 'none' || (element.clientWidth <= 1 && style.overflow === 'hidden');
      forEars.set(element, isTiny || isForEarsOnly(element.parentElement));
    }
    return forEars.get(element);
  };

  /** What of the window an element can be seen in, and whether the rest can be scrolled to. */
  const clips = new Map();
  const clipOf = (element) => {
    if (!element || element === document.documentElement) return { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    if (clips.has(element)) return clips.get(element);
    const style = getComputedStyle(element);
    const clip = style.position === 'fixed' ? clipOf(null) : { ...clipOf(element.parentElement) };
    const box = element.getBoundingClientRect();
    if (/hidden|clip/.test(style.overflowX)) [clip.left, clip.right] = [Math.max(clip.left, box.left), Math.min(clip.right, box.right)];
    if (/hidden|clip/.test(style.overflowY)) [clip.top, clip.bottom] = [Math.max(clip.top, box.top), Math.min(clip.bottom, box.bottom)];
    // What scrolls shows the rest when it is scrolled; nothing inside it is cut for good.
    // But nobody scrolls a strip of tabs that shows no bar: a name that is cut there stays so.
    const isStrip = element.matches('[role=tablist]') && style.scrollbarWidth === 'none';
    if (isStrip) [clip.left, clip.right] = [Math.max(clip.left, box.left), Math.min(clip.right, box.right)];
    else if (/auto|scroll/.test(style.overflowX)) [clip.left, clip.right] = [-Infinity, Infinity];
    if (/auto|scroll/.test(style.overflowY)) [clip.top, clip.bottom] = [-Infinity, Infinity];
    clips.set(element, clip);
    return clip;
  };
  /** What of the window an element's contents are within: its ancestors' boxes, where they cut or scroll. */
  const windows = new Map();
  const windowOf = (element) => {
    if (!element || element === document.documentElement) return { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    if (windows.has(element)) return windows.get(element);
    const style = getComputedStyle(element);
    let frame = style.position === 'fixed' ? windowOf(null) : windowOf(element.parentElement);
    if (/auto|scroll|hidden|clip/.test(style.overflowX + style.overflowY)) {
      const box = element.getBoundingClientRect();
      frame = { left: Math.max(frame.left, box.left), top: Math.max(frame.top, box.top), right: Math.min(frame.right, box.right), bottom: Math.min(frame.bottom, box.bottom) };
    }
    windows.set(element, frame);
    return frame;
  };
  /** On a phone, the row at the screen's foot: what scrolls ends above it. */
  const foot = [...document.querySelectorAll('.st-key-bar')].find((bar) => getComputedStyle(bar).position === 'fixed');
  const floorOf = (element) =>
    !foot || foot.contains(element) || element.closest('[data-testid=stExpandSidebarButton], [data-testid=stSidebar], [role=dialog]') ? Infinity : foot.getBoundingClientRect().top;
  /** The part of a box that is not scrolled away, or null. */
  const visiblePart = (box, element) => {
    const frame = windowOf(element);
    const [left, top] = [Math.max(box.left, frame.left), Math.max(box.top, frame.top)];
    const [right, bottom] = [Math.min(box.right, frame.right), Math.min(box.bottom, frame.bottom, floorOf(element))];
    return right - left > TOLERANCE && bottom - top > TOLERANCE ? { left, top, right, bottom } : null;
  };

  if (document.documentElement.scrollWidth > innerWidth + 1) findings.add(`the page is ${document.documentElement.scrollWidth - innerWidth} px too wide`);
  const main = document.querySelector('[data-testid=stMain]');
  if (main && main.scrollWidth > main.clientWidth + 1) findings.add(`the main part is ${main.scrollWidth - main.clientWidth} px too wide`);

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || /^(SCRIPT|STYLE|OPTION|NOSCRIPT|TITLE|DESC)$/i.test(element.tagName) || !isShown(element) || isForEarsOnly(element)) continue;
    // Names that a visitor or a file brought may be as long as they like: they may be broken, or end in an ellipsis.
    const isIcon = /^stIcon/.test(element.dataset?.testid ?? '');
    for (const word of isIcon ? [] : node.data.matchAll(/[^\s\u2010-\u2014/-]+/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
      if (boxes.length === 0) continue;
      if (boxes.length > 1 && Math.abs(boxes[0].top - boxes.at(-1).top) > boxes[0].height / 2 && word[0].length < 24) say('broken', element, `in "${word[0]}"`);
      const clip = clipOf(element);
      for (const box of boxes) {
        const seen = Math.min(box.right, clip.right) - Math.max(box.left, clip.left);
        const tall = Math.min(box.bottom, clip.bottom) - Math.max(box.top, clip.top);
        if (seen < box.width - TOLERANCE || tall < box.height * 0.7) say(seen > 0 && tall > 0 ? 'cut' : 'hidden', element, `in "${word[0]}" by ${Math.round(box.width - seen)}, ${Math.round(box.height - tall)} px`);
        if (box.left < -TOLERANCE || box.right > innerWidth + TOLERANCE) {
          const part = visiblePart(box, element);
          if (part && (part.left < -TOLERANCE || part.right > innerWidth + TOLERANCE)) say('outside', element, `"${word[0]}"`);
        }
        const part = visiblePart(box, element);
        const frame = element.closest('.nn-panel')?.getBoundingClientRect();
        if (part && frame && (part.left < frame.left || part.right > frame.right + TOLERANCE || part.bottom > frame.bottom + TOLERANCE)) say('sticks out', element, `"${word[0]}"`);
        if (part) texts.push({ element, ...part, word: word[0] });
      }
    }
  }

  const ruler = document.createElement('canvas').getContext('2d');
  for (const select of document.querySelectorAll('select')) {
    const chosen = select.selectedOptions[0];
    if (!chosen || !isShown(select) || select.matches('.nn-branch')) continue;
    const style = getComputedStyle(select);
    // Its parts, as the whole is empty where one of them can't be said in short.
    ruler.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - ARROW;
    const needed = ruler.measureText(chosen.text).width;
    if (needed > room + TOLERANCE) say('cut', select, `"${chosen.text}" by ${Math.round(needed - room)} px`);
  }

  /** What lies on purpose above the rest: it is looked at alone. */
  const layerOf = (element) => element.closest('[role=dialog], [role=tooltip], [data-testid=stSidebar], .nn-alerts, [data-testid=stToast], .nn-diagram-counters, .nn-counter-button') ?? null;
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  texts.sort((a, b) => a.left - b.left);
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length && texts[j].left < texts[i].right; j++) {
      const [a, b] = [texts[i], texts[j]];
      if (a.element === b.element || !meet(a, b) || layerOf(a.element) !== layerOf(b.element)) continue;
      // Within a formula the signs' boxes are larger than what is seen of them.
      const formula = a.element.closest('.katex');
      if (formula && formula === b.element.closest('.katex')) continue;
      say('texts overlap', a.element, `"${a.word}" with "${b.word}"`);
    }
  }

  const controls = [...document.querySelectorAll('button, a[href], input, select, textarea, [role=slider], [role=combobox], [role=tab]')]
    .filter((each) => isShown(each) && !isForEarsOnly(each))
    .map((element) => ({ element, part: visiblePart(element.getBoundingClientRect(), element) }))
    .filter(({ part }) => part && part.right > 0 && part.left < innerWidth && part.bottom > 0 && part.top < innerHeight);
  for (const { element, part } of controls) {
    const [x, y] = [(Math.max(0, part.left) + Math.min(innerWidth, part.right)) / 2, (Math.max(0, part.top) + Math.min(innerHeight, part.bottom)) / 2];
    const hit = document.elementFromPoint(x, y);
    if (!hit || hit.contains(element) || element.contains(hit) || getComputedStyle(element).pointerEvents === 'none') continue;
    // A field's own picture, or its label, may lie on it.
    if (hit.closest('label')?.contains(element) || element.closest('[data-testid^=st]')?.contains(hit) && !hit.closest('button')) continue;
    if (layerOf(hit) !== layerOf(element)) {
      if (!layerOf(hit)?.matches('[data-testid=stSidebar], [role=dialog]')) say('covered', element, `by ${hit.tagName} ${String(hit.className).slice(0, 30)}`);
      else if (layerOf(element) === null && element.closest('.st-key-header-buttons') && getComputedStyle(hit.closest('[data-testid=stSidebar]') ?? hit).position !== 'static') continue;
      continue;
    }
    say('covered', element, `by <${hit.tagName.toLowerCase()} class="${String(hit.className?.baseVal ?? hit.className).slice(0, 40)}">`);
  }
  for (const { element, part } of controls) {
    const frame = element.closest('.nn-panel')?.getBoundingClientRect();
    if (frame && (part.left < frame.left - TOLERANCE || part.right > frame.right + TOLERANCE || part.bottom > frame.bottom + TOLERANCE)) say('sticks out', element);
  }
  for (let i = 0; i < controls.length; i++) {
    for (let j = i + 1; j < controls.length; j++) {
      const [a, b] = [controls[i], controls[j]];
      if (a.element.contains(b.element) || b.element.contains(a.element) || layerOf(a.element) !== layerOf(b.element) || !meet(a.part, b.part)) continue;
      if (a.element.closest('[data-testid=stSelectbox], [data-testid=stNumberInput], [data-testid=stSlider], [data-testid=stFileUploader]')?.contains(b.element)) continue;
      const smaller = a.element.closest('.nn-diagram-content') && b.element.closest('.nn-diagram-content');
      say(smaller ? 'units overlap' : 'controls overlap', a.element, `with ${b.element.getAttribute('aria-label') ?? b.element.textContent.slice(0, 30)}`);
    }
  }
  return [...findings];
}
