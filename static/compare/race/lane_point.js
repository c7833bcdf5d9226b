/** What a lane's network answers at the place that one points at, in whichever lane: the same place of the plane in all. */
import { element, setText } from '../../kit/dom.js';
import { answerText } from '../../stage/panels/boundary/point_reading.js';
import { PointThrough } from '../../stage/pictures/point_through.js';

export class LanePoint {
  #map;
  #run = null;
  #point;

  /** @param {import('../shared/small_map.js').SmallMap} map @param {() => void} onChange another place */
  constructor(map, onChange) {
    this.#map = map;
    this.#point = new PointThrough(onChange);
    this.text = element('p', { class: 'nn-point nn-lane-point', 'data-testid': 'point', hidden: true });
    this.mark = element('span', { class: 'nn-point-mark', 'aria-hidden': 'true', hidden: true });
    map.root.append(this.mark, this.text);
  }

  setRun(run) {
    this.#run = run;
    this.#point.setRun(run);
  }

  /** @param {number[]|null} place of the plane, or null for none */
  at(place) {
    const { domain } = this.#run.info;
    const isThere = place?.every((value, axis) => value >= domain[axis][0] && value <= domain[axis][1]);
    this.#point.at(isThere ? place : null);
  }

  /** @param {any} frame of the lane, with its picture */
  show(frame) {
    const point = this.#point.through(frame);
    this.text.hidden = this.mark.hidden = point === null;
    if (point === null) return;
    setText(this.text, answerText(this.#run.info, point.outputs));
    const { x, kx, y, ky, scale, height } = this.#map.mapping;
    const [across, down] = [x + kx * point.place[0], point.place.length > 1 ? y + ky * point.place[1] : height / 2];
    this.mark.style.transform = `translate(${across / scale}px, ${down / scale}px)`;
    this.text.classList.toggle('nn-lane-point-below', down < height / 2);
  }
}

/**
 * Where one points on a map: with the mouse, or with a finger, which counts until another place is touched.
 * @param {import('../shared/small_map.js').SmallMap} map @param {(place: number[]|null) => void} pointAt
 */
export function watchPointer(map, pointAt) {
  const { root } = map;
  /** @param {PointerEvent} event */
  const placeOf = ({ clientX, clientY }) => {
    const { left, top } = root.getBoundingClientRect();
    const { x, kx, y, ky, scale, axes } = map.mapping;
    return [((clientX - left) * scale - x) / kx, ((clientY - top) * scale - y) / ky].slice(0, axes);
  };
  root.addEventListener('pointermove', (event) => event.pointerType !== 'touch' && pointAt(placeOf(event)), { passive: true });
  root.addEventListener('pointerleave', (event) => event.pointerType !== 'touch' && pointAt(null));
  root.addEventListener('pointerdown', (event) => event.pointerType === 'touch' && pointAt(placeOf(event)), { passive: true });
}
