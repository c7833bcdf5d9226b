/**
 * A lecture: steps of several lessons in an order of one's own. It is kept in this browser, and is a link. No DOM but for the
 * store, so that node can test it.
 */

/** @typedef {{lesson: string, step: number}} Scene `step` counted from 0 */
/** @typedef {Scene & {title: string}} Titled */

const KEY = 'nnplay.lecture';
const NAME = 'scenes';
const MOST = 40;
const LONGEST_TITLE = 120;
const SCENE = /^([a-z0-9]+(?:[_-][a-z0-9]+)*)\.([1-9])$/;

/** What a link calls a scene. @param {Scene} scene */
export const nameOf = ({ lesson, step }) => `${lesson}.${step + 1}`;

/** @param {string} name @returns {Scene|null} */
function sceneOf(name) {
  const [, lesson, number] = SCENE.exec(name) ?? [];
  return lesson ? { lesson, step: Number(number) - 1 } : null;
}

/** The scenes that an address names; none where it is no lecture's. @param {string} text what it says of them @returns {Scene[]} */
export function scenesIn(text) {
  const names = text.split(',').slice(0, MOST);
  return [...new Set(names)].map(sceneOf).filter((scene) => scene !== null);
}

/** @param {Scene[]} scenes */
export const toText = (scenes) => scenes.map(nameOf).join(',');

/** The scene after or before one. @template {Scene} S @param {S[]} scenes @param {Scene} here @param {1|-1} by @returns {S|null} */
export function beside(scenes, here, by) {
  const at = scenes.findIndex((scene) => nameOf(scene) === nameOf(here));
  return at < 0 ? null : (scenes[at + by] ?? null);
}

export class Lecture {
  #store;

  /** @param {Pick<Storage, 'getItem'|'setItem'>|null} store null where a browser keeps nothing */
  constructor(store) {
    this.#store = store;
  }

  /** @returns {Titled[]} */
  get scenes() {
    try {
      const kept = JSON.parse(this.#store?.getItem(KEY) ?? '[]');
      if (!Array.isArray(kept)) return [];
      return kept.slice(0, MOST).flatMap((each) => {
        const scene = sceneOf(String(each?.name));
        return scene ? [{ ...scene, title: String(each.title ?? '').slice(0, LONGEST_TITLE) }] : [];
      });
    } catch {
      return []; // somebody else's text
    }
  }

  /** @param {Scene} scene */
  has(scene) {
    return this.scenes.some((each) => nameOf(each) === nameOf(scene));
  }

  /** Add a scene at the end, or take it out. @param {Titled} scene */
  toggle(scene) {
    const others = this.scenes.filter((each) => nameOf(each) !== nameOf(scene));
    this.#keep(this.has(scene) ? others : [...others, scene]);
  }

  /** Let a scene come sooner, by one place. @param {number} index */
  raise(index) {
    const scenes = this.scenes;
    if (index > 0 && index < scenes.length) this.#keep([...scenes.slice(0, index - 1), scenes[index], scenes[index - 1], ...scenes.slice(index + 1)]);
  }

  clear() {
    this.#keep([]);
  }

  /** Take over the scenes of a link, to change them. @param {Titled[]} scenes */
  take(scenes) {
    this.#keep(scenes);
  }

  /** Whether it has just these scenes, in this order. @param {Scene[]} scenes */
  is(scenes) {
    return toText(scenes) === toText(this.scenes);
  }

  /** What a scene is called, if that is known. @param {Scene} scene @param {Object<string, string>} [titles] of the scenes of a link, by name */
  titleOf(scene, titles = {}) {
    const name = nameOf(scene);
    const known = Object.hasOwn(titles, name) ? titles[name] : this.scenes.find((each) => nameOf(each) === name)?.title;
    return known || `${scene.lesson}, step ${scene.step + 1}`;
  }

  /** A link that opens in presenter mode. @param {string} address of the page, without a query */
  link(address) {
    const [first] = this.scenes;
    return first ? `${address}?lesson=${first.lesson}&step=${first.step + 1}&${NAME}=${toText(this.scenes)}&present=true` : address;
  }

  #keep(scenes) {
    try {
      this.#store?.setItem(KEY, JSON.stringify(scenes.slice(0, MOST).map((scene) => ({ name: nameOf(scene), title: scene.title }))));
    } catch { /* a browser that keeps nothing, or no more */ }
  }
}
