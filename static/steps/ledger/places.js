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

/** What happens at a place, in a sentence. @param {Place} place @param {number} layers */
export function sentence({ stage, layer }, layers) {
  const isOutput = layer === layers - 1;
  if (stage === 'forward') {
    const what = isOutput ? 'The output' : `Hidden layer ${layer + 1}`;
    return `${what} adds up what reaches it, each input times its weight, and bends the sum.`;
  }
  if (stage === 'loss') return 'The loss says in one number how far the outputs are from the targets.';
  if (stage === 'backward') {
    if (isOutput) return 'The error of an output says how the loss changes with its sum z. Times an input, it is a weight’s gradient.';
    return `Hidden layer ${layer + 1} gets its errors from the layer after it, through the same weights. Times an input, they are gradients.`;
  }
  return `${isOutput ? 'The output layer' : `Hidden layer ${layer + 1}`} takes its step: the optimiser makes it of the gradient, and of what it remembers.`;
}
