/**
 * Where one is in a step: four stages, and in each one layer after another. No DOM in here.
 */

/** @typedef {'forward'|'loss'|'backward'|'update'} StageName */
/** @typedef {{stage: StageName, layer: number}} Place */

/** @type {{name: StageName, text: string, title: string}[]} */
export const STAGES = [
  { name: 'forward', text: 'Forward', title: 'The inputs go through the network, layer by layer (1)' },
  { name: 'loss', text: 'Loss', title: 'How wrong the outputs are (2)' },
  { name: 'backward', text: 'Backward', title: 'Each unit’s share of the error, from the output back (3)' },
  { name: 'update', text: 'Update', title: 'What the optimiser makes of the gradients (4)' },
];

/** All places of a step, in order. @param {number} layers the output among them @returns {Place[]} */
export function placesOf(layers) {
  const all = [...Array(layers).keys()];
  return [
    ...all.map((layer) => /** @type {Place} */ ({ stage: 'forward', layer })),
    { stage: 'loss', layer: layers - 1 },
    ...all.map((layer) => /** @type {Place} */ ({ stage: 'backward', layer: layers - 1 - layer })),
    ...all.map((layer) => /** @type {Place} */ ({ stage: 'update', layer })),
  ];
}

/** Where in the order a place is. @param {Place[]} places @param {Place} place */
export const indexOf = (places, { stage, layer }) => places.findIndex((each) => each.stage === stage && each.layer === layer);

/** The first place of a stage. @param {Place[]} places @param {StageName} stage */
export const beginningOf = (places, stage) => places.findIndex((each) => each.stage === stage);

/** Whether a layer's numbers are known at a place: they are worked out one layer after another. @param {Place} place @param {number} layer */
export function isKnown({ stage, layer: at }, layer) {
  if (stage === 'loss') return true;
  return stage === 'backward' ? layer >= at : layer <= at;
}

/** @type {Record<string, string>} */
const SPELT = { relu: 'ReLU', leaky_relu: 'leaky ReLU', elu: 'ELU', silu: 'SiLU', gelu: 'GELU' };

/** What becomes of a sum, by what the layer makes of it. @param {string} activation such as "elu(alpha=2.0)" */
function ofTheSum(activation) {
  const name = activation.split('(')[0];
  if (name === 'identity') return 'The sum stays as it is.';
  if (name === 'softmax') return 'Softmax turns the sums of all outputs into probabilities, which add up to 1.';
  if (name === 'sigmoid') return 'Sigmoid turns the sum into a number between 0 and 1.';
  return `Then ${SPELT[name] ?? name} bends the sum.`;
}

/**
 * What happens at a place, in a sentence or two.
 * @param {Place} place @param {string[]} activations those of all layers, the output's among them @param {number|null} sample null for the whole batch
 */
export function sentence({ stage, layer }, activations, sample) {
  const isOutput = layer === activations.length - 1;
  if (stage === 'forward') {
    const what = isOutput ? 'The output' : `Each unit of hidden layer ${layer + 1}`;
    return `${what} adds up what reaches it, each input times its weight. ${ofTheSum(activations[layer])}`;
  }
  if (stage === 'loss') return 'The loss says in one number how far the outputs are from the targets.';
  if (stage === 'backward') {
    const gradient = sample === null ? 'Added up over the samples, error times input is the gradient of a weight.' : 'Error times input is this sample’s share of a weight’s gradient.';
    if (isOutput) return `The error of an output says how much the loss changes with its sum z. ${gradient}`;
    return `The errors come back from the layer after it, through the same weights. ${gradient}`;
  }
  return `The optimiser turns each gradient of ${isOutput ? 'the output layer' : `hidden layer ${layer + 1}`} into a step, and adds it to the weight.`;
}
