/** From ink on the pad to what a network makes of it. No DOM in here, so that node can test it. */
import { forward, networkOf } from '../network/forward.js';
import { normalised } from './handwriting.js';

/**
 * @typedef {Object} Reader a network, and of which snapshot of the run it is
 * @property {import('../network/forward.js').Network} network
 * @property {[number, number]} shape rows and columns of the images that it knows
 * @property {{frame: number, epoch: number, trained: boolean}} snapshot
 */

/** The network of a message. @param {Object} header @param {Object<string, Float32Array>} arrays @returns {Reader} */
export function readerOf(header, arrays) {
  const { shape, frame, epoch, trained } = header;
  return { network: networkOf(header, arrays), shape, snapshot: { frame, epoch, trained } };
}

/**
 * @param {Reader} reader @param {import('./images.js').Image} ink
 * @returns {{seen: Float64Array, outputs: Float64Array, layers: Float64Array[]}} `seen`: what the network is fed with, in 0…1
 */
export function read({ network, shape }, ink) {
  const seen = normalised(ink, shape).values;
  return { seen, ...forward(network, seen) };
}
