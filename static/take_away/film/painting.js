/** Paints the film's stage on a canvas: what is read off the page's layout is read again only where the page has changed. */
import { CanvasSheet } from './canvas_sheet.js';
import { itemsOf } from './items.js';

const CHANGES = { attributes: true, characterData: true, childList: true, subtree: true };

/** @typedef {{node: HTMLElement, observer: MutationObserver, items: import('./items.js').Item[]|null}} Section */

export class Painting {
  #stage;
  #sheet;
  /** @type {Section[]} */
  #sections;

  /** @param {import('./film_stage.js').FilmStage} stage @param {CanvasRenderingContext2D} context @param {number} ratio */
  constructor(stage, context, ratio) {
    this.#stage = stage;
    this.#sheet = new CanvasSheet(context, ratio);
    this.#sections = stage.sections.map((node) => {
      /** @type {Section} */
      const section = { node, items: null, observer: new MutationObserver(() => (section.items = null)) };
      section.observer.observe(node, CHANGES);
      return section;
    });
    // What is seen without any change in the page's elements: a panel learns its size.
    document.fonts.addEventListener('loadingdone', () => this.forget());
  }

  /** Read all of it again. */
  forget() {
    for (const section of this.#sections) section.items = null;
  }

  paint() {
    const corner = this.#stage.root.getBoundingClientRect();
    this.#sheet.begin(this.#stage.theme.background);
    for (const section of this.#sections) {
      if (section.observer.takeRecords().length > 0 || !section.items) section.items = itemsOf(section.node, corner);
      this.#sheet.draw(section.items);
    }
  }

  stop() {
    for (const { observer } of this.#sections) observer.disconnect();
  }
}
