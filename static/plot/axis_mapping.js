/** Where a value of the axes lies on a plot's canvas, in device pixels. */

/** @typedef {{mapping: {x: number, kx: number, y: number, ky: number}}} Mapped a plot, as PlotFrame is */

/** @param {Mapped} plot @param {number} x */
export const mapX = ({ mapping }, x) => mapping.x + mapping.kx * x;
/** @param {Mapped} plot @param {number} y */
export const mapY = ({ mapping }, y) => mapping.y + mapping.ky * y;
