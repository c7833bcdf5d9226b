/**
 * The steps from the input plane to the last hidden layer, and the pictures between them. Pure, so that node can test it.
 *
 * A layer is three steps: multiply by the weights, add the biases, apply the activation. Between two of them the
 * picture is interpolated in a straight line: for multiply and shift that is exact, since a step that is partly done is
 * a linear map, and a shift, too. A frame holds the plane and, for each layer, the picture after the shift and the one
 * after the activation; the one before the shift is the former moved back by `hidden_shifts` (docs/protocol.md).
 */
import { growTight } from '../../../plot/ranges.js';
import { extentOf, hasFeatures } from './view.js';

/**
 * A whole position of a morph: which stored picture it is, the layer whose shift it still lacks, and in words what led to it.
 * @typedef {{index: number, lacking: number|null, caption: string}} Stage
 */

/** The stages of a run's morph; positions run from 0, the input plane, to the last one's number. @returns {Stage[]} */
export function morphStages({ layers, inputs, input_names: axes }) {
  const stages = [{ index: 0, lacking: null, caption: axes.length === 1 ? 'The input line' : 'The input plane' }];
  if (hasFeatures({ inputs, input_names: axes })) stages.push({ index: 1, lacking: null, caption: 'Inputs: compute the features' });
  layers.forEach(({ activation }, layer) => {
    const before = stages.at(-1).index;
    const apply = activation === 'identity' ? 'identity changes nothing' : `apply ${activation}`;
    const say = (what) => `Layer ${layer + 1}: ${what}`;
    stages.push(
      { index: before + 1, lacking: layer, caption: say('multiply by the weights') },
      { index: before + 1, lacking: null, caption: say('add the biases') },
      { index: before + 2, lacking: null, caption: say(apply) },
    );
  });
  return stages;
}

export const morphEnd = (stages) => stages.length - 1;

const bounded = (position, stages) => Math.max(0, Math.min(morphEnd(stages), position));

/**
 * The coordinates of an array of a morph's frame at a position.
 * @param {Float32Array} out as long as one picture
 * @param {Uint16Array} steps `hidden_points` or `hidden_grid`
 * @param {{hidden_scale: Float32Array, hidden_shifts: Float32Array}} frame
 * @param {number} position
 * @param {Stage[]} stages
 */
export function morphInto(out, steps, { hidden_scale: scale, hidden_shifts: shifts }, position, stages) {
  const at = bounded(position, stages);
  const [first, second] = [stages[Math.floor(at)], stages[Math.ceil(at)]];
  const share = at - Math.floor(at);
  const length = out.length;
  const a = first.index * length;
  const b = second.index * length;
  for (let coordinate = 0; coordinate < 2; coordinate++) {
    const back = ({ lacking }) => (lacking === null ? 0 : shifts[2 * lacking + coordinate]);
    const offset = scale[2 * coordinate] - (1 - share) * back(first) - share * back(second);
    const factor = scale[2 * coordinate + 1];
    for (let i = coordinate; i < length; i += 2) {
      out[i] = offset + factor * (steps[a + i] + share * (steps[b + i] - steps[a + i]));
    }
  }
  return out;
}

/**
 * Lowest and highest value of a coordinate in the picture of a stage.
 * @param {{hidden_points: Uint16Array, hidden_scale: Float32Array, hidden_shifts?: Float32Array}} frame
 * @param {number} coordinate @param {Stage} stage @param {Stage[]} stages
 * @returns {number[]}
 */
function stageExtent(frame, coordinate, { index, lacking }, stages) {
  const length = frame.hidden_points.length / (stages.at(-1).index + 1);
  const back = lacking === null ? 0 : frame.hidden_shifts[2 * lacking + coordinate];
  return extentOf(frame, coordinate, 2, index * length, (index + 1) * length).map((value) => value - back);
}

/** An axis that its picture fills by less than this is fitted again. */
const LEAST_FILLED = 0.4;

/**
 * The axes of every stage: each is as large as its picture, and stays while the picture changes little.
 * @param {{x: number[], y: number[]}[]|null} before the same for an earlier frame
 * @param {Stage[]} stages
 */
export function morphRanges(frame, stages, before = null) {
  const grown = (range, /** @type {number[]} */ [low, high]) => growTight(range && high - low < LEAST_FILLED * (range[1] - range[0]) ? null : range, low, high);
  return stages.map((stage, k) => ({
    x: grown(before?.[k].x ?? null, stageExtent(frame, 0, stage, stages)),
    y: grown(before?.[k].y ?? null, stageExtent(frame, 1, stage, stages)),
  }));
}

/** The axes at a position: they go from those of one stage to those of the next as the picture does. */
export function morphRangesAt(ranges, position) {
  const at = Math.max(0, Math.min(ranges.length - 1, position));
  const [first, second] = [ranges[Math.floor(at)], ranges[Math.ceil(at)]];
  const share = at - Math.floor(at);
  const between = (a, b) => a.map((end, k) => end + share * (b[k] - end));
  return { x: between(first.x, second.x), y: between(first.y, second.y) };
}

/** Where one is, in words: what is being done, or was just done. */
export const morphCaption = (position, stages) => stages[Math.ceil(bounded(position, stages))].caption;

/** A position that moves evenly, slowed down around every whole one. */
export function eased(position) {
  const whole = Math.floor(position);
  const t = position - whole;
  return whole + t * t * (3 - 2 * t);
}
