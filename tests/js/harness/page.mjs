/**
 * As much of a page as the diagram and the tables of Step by step need: elements with attributes, texts and children. Import it
 * before what draws.
 */
class FakeNode {
  constructor(tag) {
    this.tagName = tag;
    this.attributes = new Map();
    this.childNodes = [];
    this.parentNode = null;
    this.style = { setProperty: () => {} };
    this.dataset = {};
    this.hidden = false;
    this.clientWidth = 0;
    this.clientHeight = 0;
    this.value = '';
  }

  get children() {
    return this.childNodes.filter((each) => each instanceof FakeNode);
  }

  get textContent() {
    return this.childNodes.map((each) => (each instanceof FakeNode ? each.textContent : each)).join('');
  }

  set textContent(text) {
    this.childNodes = text === '' ? [] : [String(text)];
  }

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  append(...nodes) {
    for (const node of nodes) if (node instanceof FakeNode) node.parentNode = this;
    this.childNodes.push(...nodes);
  }

  prepend(...nodes) {
    this.childNodes.unshift(...nodes);
  }

  replaceChildren(...nodes) {
    this.childNodes = [];
    this.append(...nodes);
  }

  contains(other) {
    return other === this || this.children.some((each) => each.contains(other));
  }

  /** All elements below it, in order. */
  get all() {
    return this.children.flatMap((each) => [each, ...each.all]);
  }

  addEventListener() {}

  scrollTo() {}
}

globalThis.document ??= { createElement: (tag) => new FakeNode(tag), createElementNS: (_, tag) => new FakeNode(tag), activeElement: null, compatMode: 'CSS1Compat' };
globalThis.window ??= { matchMedia: () => ({ matches: true }), location: { search: '', pathname: '/' } };
globalThis.HTMLElement ??= FakeNode;
globalThis.ResizeObserver ??= class {
  observe() {}

  disconnect() {}
};
