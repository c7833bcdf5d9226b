/**
 * Drawing on the boundary: a button opens it, points appear at once, and each gesture ends with a proposal to the server
 * to learn from them. The points drawn are the truth until a run comes that is about other data.
 */
import { element, icon, setAttribute, setText } from '../../../kit/dom.js';
import { groupMarker, valueStep } from '../../../plot/markers.js';
import { DrawingSurface, ERASER_RADIUS } from './drawing_surface.js';
import { DrawingTools } from './drawing_tools.js';
import { DrawnPoints, MAX_POINTS, pointsOf, sameFingerprint } from './drawn_points.js';

/** While dragging, a point every so many pixels, strayed by up to so many. */
const SPRAY_SPACING = 9;
const SPRAY_RADIUS = 9;
/** Gestures that follow one another faster than this are proposed together. */
const PAUSE_MS = 150;
const RADIUS = 4;
const REMEMBERED = 50;
const TOO_MANY = `You can draw up to ${MAX_POINTS.toLocaleString('en-US')} points. Erase some to draw others.`;

export class Drawing {
  active = false;
  #run = null;
  #theme = null;
  #drawn = new DrawnPoints();
  /** Fingerprints of what was loaded or proposed: a run about one of them is no news. */
  #known = [];
  #last = null;
  #timer = 0;

  /**
   * @param {{box: import('../panel_box.js').PanelBox, onToggle: (active: boolean) => void, propose: (values: Object) => void}} options
   */
  constructor({ box, onToggle, propose }) {
    this.propose = propose;
    this.onToggle = onToggle;
    this.toggle = element('button', { type: 'button', class: 'nn-draw-toggle', 'aria-pressed': 'false' }, icon('pen'));
    this.toggle.append(element('span', { text: 'Draw' }));
    this.toggle.addEventListener('click', () => this.setActive(!this.active));
    box.controls.prepend(this.toggle);
    this.tools = new DrawingTools({
      undo: () => this.#changed(this.#drawn.undo(), 'Undone.'),
      redo: () => this.#changed(this.#drawn.redo(), 'Redone.'),
      clear: () => this.#changed(this.#drawn.clear(), 'All points were removed. Undo brings them back.'),
      change: () => this.#show(),
    });
    box.body.append(this.tools.root);
    this.tools.root.addEventListener('keydown', (event) => {
      if (!event.defaultPrevented && this.#key(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
    this.surface = new DrawingSurface(box.plot, {
      down: (place) => this.#down(place),
      move: (place) => this.#move(place),
      up: () => this.#up(),
      takeBack: () => {
        this.#drawn.rollBack();
        this.#show();
      },
      enter: (place) => this.#single(() => this.#addAt(place)),
      erase: (place) => this.#single(() => this.#eraseAt(place)),
      key: (event) => this.#key(event),
      paint: () => this.#paint(),
    });
    this.hint = element('p', { class: 'nn-draw-hint', role: 'status', hidden: true });
    box.plot.append(this.hint);
  }

  setRun(run) {
    this.#run = run;
    const reason = run.info.undrawable ?? null;
    this.toggle.disabled = reason !== null;
    this.toggle.title = reason ?? 'Draw your own points, or change these';
    if (reason !== null && this.active) this.setActive(false);
    if (!this.active) return;
    this.#adopt();
    this.#show();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.surface.forgetStamps();
    if (this.active) this.#show();
  }

  /** @param {Object} mapping of the plot */
  follow(mapping) {
    this.surface.follow(mapping);
  }

  setActive(active) {
    if (active && (!this.#run || this.toggle.disabled)) return;
    this.active = active;
    if (active) this.#adopt();
    else this.#flush();
    setAttribute(this.toggle, 'aria-pressed', String(active));
    this.tools.root.hidden = !active;
    this.hint.hidden = !active;
    this.onToggle(active);
    this.surface.show(active);
    if (active) this.#show('Click to add a point, drag to spray.');
  }

  destroy() {
    clearTimeout(this.#timer);
  }

  /** Take the run's points, unless they are known. */
  #adopt() {
    const points = pointsOf(this.#run);
    const { info } = this.#run;
    const [[low, high]] = info.domain;
    const other = new DrawnPoints();
    other.load(points, info.task === 'regression' ? 'regression' : 'classification');
    const print = other.fingerprint;
    if (other.task === this.#drawn.task && this.#known.some((known) => sameFingerprint(known, print, high - low))) return;
    clearTimeout(this.#timer);
    this.#drawn = other;
    this.#known = [print];
    this.tools.forgetClasses();
  }

  #down(place) {
    this.#drawn.begin();
    this.#last = place;
    this.#act(place);
  }

  #move(place) {
    const distance = Math.hypot(place.x - this.#last.x, place.y - this.#last.y);
    if (this.tools.erasing) {
      this.#act(place);
    } else if (distance >= SPRAY_SPACING) {
      this.#last = place;
      const angle = 2 * Math.PI * Math.random();
      const away = SPRAY_RADIUS * Math.sqrt(Math.random());
      this.#act({ x: place.x + away * Math.cos(angle), y: place.y + away * Math.sin(angle) });
    }
    this.#paint();
  }

  #up() {
    this.#changed(this.#drawn.commit());
  }

  #act(place) {
    if (this.tools.erasing) this.#eraseAt(place);
    else this.#addAt(place);
    this.#paint();
  }

  #addAt(place) {
    const [x, y] = this.surface.valuesAt(place).map((value) => Number(value.toPrecision(6)));
    if (!this.#drawn.add(x, y, this.tools.target)) return TOO_MANY;
    const what = this.tools.regression ? `value ${this.tools.target}` : this.tools.nameOf(this.tools.target, this.#run.info);
    return `Added ${what} at ${x.toFixed(2)}, ${y.toFixed(2)}.`;
  }

  #eraseAt(place) {
    const count = this.#drawn.erase(...this.surface.valuesAt(place), ...this.surface.lengths(ERASER_RADIUS));
    return count === 1 ? 'Erased 1 point.' : `Erased ${count} points.`;
  }

  /** A gesture of a single act, by key. */
  #single(act) {
    this.#drawn.begin();
    const said = act();
    this.#changed(this.#drawn.commit(), said);
  }

  #key(event) {
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && (key === 'y' || (key === 'z' && event.shiftKey))) this.#changed(this.#drawn.redo(), 'Redone.');
    else if (control && key === 'z') this.#changed(this.#drawn.undo(), 'Undone.');
    else if (control || event.altKey) return false;
    else if (key === 'escape') this.#leave();
    else if (/^\d$/.test(key) && !this.tools.regression) this.tools.choose(Number(key));
    else return false;
    return true;
  }

  #leave() {
    this.setActive(false);
    this.toggle.focus();
  }

  /** Show what there is now; and propose it, if it is `news`. */
  #changed(news, said = '') {
    this.#show(said);
    if (!news) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), PAUSE_MS);
  }

  #flush() {
    clearTimeout(this.#timer);
    const { points, task, missing, fingerprint } = this.#drawn;
    if (missing || !this.#run) return;
    const extent = this.#run.info.domain[0][1] - this.#run.info.domain[0][0];
    const last = this.#known.at(-1);
    if (last && sameFingerprint(last, fingerprint, extent)) return;
    this.#known.push(fingerprint);
    if (this.#known.length > REMEMBERED) this.#known.shift();
    this.propose({ dataset: 'own', points: { task, domain: this.#run.info.domain, points } });
  }

  #show(said = '') {
    if (!this.#run || !this.#theme) return;
    const drawn = this.#drawn;
    this.tools.update(this.#run.info, drawn, this.#theme);
    this.surface.canvas.classList.toggle('nn-erasing', this.tools.erasing);
    const count = drawn.points.length === 1 ? '1 point.' : `${drawn.points.length.toLocaleString('en-US')} points.`;
    const need = drawn.missing ?? (drawn.full ? TOO_MANY : null);
    setText(this.hint, [said === need ? '' : said, count, need ?? ''].filter(Boolean).join(' '));
    this.#paint();
  }

  #paint() {
    if (!this.active || !this.#theme) return;
    const { info } = this.#run;
    const regression = this.#drawn.task === 'regression';
    const markerOf = (target) => {
      const index = regression ? valueStep(target, info.surface_range) : target;
      return groupMarker({ index, isTest: false }, info, this.#theme, RADIUS);
    };
    this.surface.paint(this.#drawn.points, markerOf, this.tools.erasing, this.#theme);
  }
}
