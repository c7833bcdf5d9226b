/**
 * What is to be printed of a lesson: the server writes it, and it opens in a tab of its own. The tab is opened by the press
 * itself, or the browser would take it for a pop-up, and is filled when the sheet is there.
 */

export class Sheets {
  /** @type {{id: number, tab: Window}|null} */
  #awaited = null;
  #ask;

  /** @param {(of: string) => number} ask the server, by a number @returns */
  constructor(ask) {
    this.#ask = ask;
  }

  /** @param {string} of 'worksheet' or 'key' */
  open(of) {
    const tab = window.open('', '_blank');
    const id = this.#ask(of);
    this.#awaited = tab && { id, tab };
  }

  /** @param {{id: number, html: string}|null|undefined} sheet that the server has written last */
  take(sheet) {
    if (!sheet || sheet.id !== this.#awaited?.id) return;
    const url = URL.createObjectURL(new Blob([sheet.html], { type: 'text/html;charset=utf-8' }));
    this.#awaited.tab.location.replace(url);
    this.#awaited = null;
  }
}
