/** Every text in sight whose letters are lower than `least` pixels, once for each place: how high, its words, and where. */
(least) => {
  const isSeen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const place = (e) => {
    const names = [];
    for (let k = 0; e && k < 3; e = e.parentElement, k++) names.unshift(`${e.tagName.toLowerCase()}.${(e.getAttribute('class') ?? '').split(' ')[0]}`);
    return names.join(' > ');
  };
  /** A picture with a size of its own is drawn larger or smaller than it says. */
  const scaleOf = (e) => {
    const { ownerSVGElement: picture } = e;
    const own = picture?.viewBox.baseVal?.width;
    return own ? picture.getBoundingClientRect().width / own : (e.currentCSSZoom ?? 1);
  };
  const small = new Map();
  const note = (e, words) => {
    // Lowered letters, as in x₂, belong to their word: it is that which is read. A formula is there for readers of the page, too.
    if (e.closest('sub, sup, tspan, .katex-sizing, .katex-mathml')) return;
    const pixels = parseFloat(getComputedStyle(e).fontSize) * scaleOf(e);
    if (pixels < least && !small.has(place(e))) small.set(place(e), `${pixels.toFixed(1)} px: ${words.trim().slice(0, 30)} (${place(e)})`);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement;
    if (!e || !node.textContent.trim() || e.closest('script, style, noscript, option, [data-live-announcer]') || !isSeen(e)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { width, height, bottom, right } = range.getBoundingClientRect();
    const { clip, clipPath } = getComputedStyle(e);
    // For readers of the page only, or outside of it.
    if (width < 2 || height < 2 || bottom < 0 || right < 0 || clip !== 'auto' || clipPath !== 'none') continue;
    note(e, node.textContent);
  }
  for (const e of document.querySelectorAll('select, input:is([type=text], [type=number])')) {
    if (isSeen(e) && e.value) note(e, e.value);
  }
  return [...small.values()];
};
