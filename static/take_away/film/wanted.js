/** What a picture or a video is to be. */

/** @typedef {import('../../stage/recorded.js').Take} Take */
/** @typedef {import('../../messages/decode.js').Arrays} Arrays */
/** @typedef {{width: number, height: number, ratio: number}} Measure CSS pixels, and pixels of the picture for each */
/**
 * @typedef {Object} Wanted
 * @property {Take} take
 * @property {Arrays[]} frames each of them once or more often, in the order in which they are shown; of a picture the one that it shows, and others that it may show besides
 * @property {string|null} only the panel that is wanted, or null for the whole stage
 * @property {number} width in pixels @property {number} height
 * @property {Measure} measure
 * @property {boolean} onPaper whether it is to be in the colours of paper
 * @property {'mp4'|'gif'|'png'|'svg'} format
 * @property {number} [fps]
 * @property {AbortSignal} signal
 * @property {(share: number) => void} [onProgress]
 */

export {};
