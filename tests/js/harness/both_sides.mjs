/** What the browser's modules have of their own that Python has, too, for tests/test_both_sides.py: texts come in, as JSON. */
import { partsOf } from '../../../static/lessons/rich_text.js';
import { ASKED } from '../../../static/stage/coach/guide.js';
import { LADDERS } from '../../../static/stage/coach/outcome.js';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const texts = JSON.parse(Buffer.concat(chunks).toString());
const dataSets = [...LADDERS.flat(), [ASKED.name, ASKED.label]];
process.stdout.write(JSON.stringify({ parts: texts.map(partsOf), dataSets }));
