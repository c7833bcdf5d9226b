/** A server in the browser: made-up pictures and losses, real protocol. For looking at the stage without Python. */
import { encode } from '../encode.js';

const SIDE = 60;
const LINES = 13;
const SAMPLES = 33;
const COUNT = 300;
const STEPS_PER_EPOCH = 24;

const CASES = {
  binary: { task: 'binary', class_names: ['inner', 'outer'], layers: [8, 8, 2], loss_name: 'binary cross-entropy', score_name: 'accuracy', surface_range: [0, 1], surface_label: 'probability of outer' },
  multiclass: { task: 'multiclass', class_names: ['setosa', 'versicolor', 'virginica with <b>long</b> name & more of it'], layers: [8, 8], loss_name: 'categorical cross-entropy', score_name: 'accuracy', surface_range: [0, 1], surface_label: 'probability' },
  ten: { task: 'multiclass', class_names: [...'0123456789'], layers: [16], loss_name: 'categorical cross-entropy', score_name: 'accuracy', surface_range: [0, 1], surface_label: 'probability' },
  regression: { task: 'regression', class_names: [], layers: [6], loss_name: 'mean squared error', score_name: 'R²', surface_range: [-1.5, 1.5], surface_label: 'predicted value' },
  nohidden: { task: 'binary', class_names: ['0', '1'], layers: [], loss_name: 'binary cross-entropy', score_name: 'accuracy', surface_range: [0, 1], surface_label: 'probability of 1' },
  one: { task: 'binary', class_names: ['0', '1'], layers: [1], loss_name: 'binary cross-entropy', score_name: 'accuracy', surface_range: [0, 1], surface_label: 'probability of 1' },
};

function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export class FakeServer {
  constructor({ name = 'binary', delay = 30, stopAt = null, deliver, noTest = false }) {
    this.case = CASES[name];
    this.delay = delay;
    this.stopAt = stopAt;
    this.deliver = deliver;
    this.hasTest = !noTest;
    this.seq = 0;
    this.runNumber = 1;
    this.settings = 1;
    this.answered = 0;
    this.requests = [];
    this.view = { id: 1, layer: 0, projection: (this.case.layers[0] ?? 2) > 2 ? 'pca' : 'units', units: [0, 1] };
    this.planes = this.case.task === 'multiclass' ? this.case.class_names.length : 1;
    this.makeSamples();
    this.restart();
  }

  restart() {
    this.run = `run-${this.runNumber++}`;
    this.records = [{ frame: 0, steps: 0 }];
    this.stopped = null;
  }

  makeSamples() {
    const next = random(7);
    const classes = Math.max(2, this.case.class_names.length);
    this.inputs = new Float32Array(2 * COUNT);
    this.targets = new Float32Array(COUNT);
    this.isTest = new Uint8Array(COUNT);
    for (let i = 0; i < COUNT; i++) {
      const k = i % classes;
      const radius = 0.1 + 0.85 * next();
      const angle = 4.2 * radius + (2 * Math.PI * k) / classes + 0.5 * (next() - 0.5);
      this.inputs[2 * i] = radius * Math.cos(angle);
      this.inputs[2 * i + 1] = radius * Math.sin(angle);
      this.targets[i] = this.case.task === 'regression' ? 1.4 * Math.sin(3 * this.inputs[2 * i]) * Math.cos(2 * this.inputs[2 * i + 1]) : k;
      this.isTest[i] = this.hasTest && next() < 0.3 ? 1 : 0;
    }
  }

  info() {
    const ranges = [[-1, 1], [0, null], [-1, 1]];
    const names = ['tanh', 'relu', 'tanh'];
    return {
      ...this.case,
      layers: this.case.layers.map((units, i) => ({ units, activation: names[i % 3], range: ranges[i % 3] })),
      input_names: ['x₁', 'x₂'],
      domain: [[-1.1, 1.1], [-1.1, 1.1]],
      steps_per_epoch: STEPS_PER_EPOCH,
      has_test: this.hasTest,
      grid_lines: LINES,
      grid_samples: SAMPLES,
    };
  }

  loss(steps) {
    const t = steps / STEPS_PER_EPOCH;
    const train = 0.02 + 0.67 * Math.exp(-t / 120) + 0.01 * Math.sin(t / 9) * Math.exp(-t / 200);
    return [train, this.hasTest ? train + 0.03 + 0.06 * (1 - Math.exp(-t / 300)) : NaN];
  }

  draw({ frame, steps }) {
    const t = steps / STEPS_PER_EPOCH;
    const growth = 1 - Math.exp(-t / 90);
    const surface = new Uint8Array(this.planes * SIDE * SIDE);
    for (let j = 0; j < SIDE; j++) {
      for (let i = 0; i < SIDE; i++) {
        const x = -1.1 + (2.2 * i) / (SIDE - 1);
        const y = -1.1 + (2.2 * j) / (SIDE - 1);
        this.values(x, y, growth, t).forEach((value, k) => {
          surface[k * SIDE * SIDE + j * SIDE + i] = Math.max(0, Math.min(255, Math.round(255 * value)));
        });
      }
    }
    const [trainLoss, testLoss] = this.loss(steps);
    const score = 0.5 + 0.48 * growth;
    const scale = this.hiddenScale();
    return {
      counters: [frame, Math.floor(steps / STEPS_PER_EPOCH), steps % STEPS_PER_EPOCH, steps, this.view.id],
      measures: [trainLoss, testLoss, score, this.hasTest ? score - 0.03 : NaN, 0.03],
      surface,
      hidden_scale: scale,
      hidden_points: this.warpAll(this.inputs, growth, scale),
      hidden_grid: this.warpAll(this.gridPoints(), growth, scale),
      hidden_line: this.case.layers[this.view.layer] === 2 ? [1, -0.6, 0.1] : [NaN, NaN, NaN],
    };
  }

  values(x, y, growth, t) {
    const radius = Math.hypot(x, y);
    const angle = Math.atan2(y, x) - 4.2 * radius * growth - 0.4 * Math.exp(-t / 60);
    if (this.case.task === 'regression') return [0.5 + growth * 0.46 * Math.sin(3 * x) * Math.cos(2 * y)];
    if (this.planes === 1) return [1 / (1 + Math.exp(6 * growth * Math.cos(angle)))];
    const logits = Array.from({ length: this.planes }, (_, k) => 5 * growth * Math.cos(angle - (2 * Math.PI * k) / this.planes));
    const exps = logits.map(Math.exp);
    const total = exps.reduce((a, b) => a + b);
    return exps.map((e) => e / total);
  }

  gridPoints() {
    const out = new Float32Array(4 * LINES * SAMPLES);
    let at = 0;
    for (let direction = 0; direction < 2; direction++) {
      for (let line = 0; line < LINES; line++) {
        for (let k = 0; k < SAMPLES; k++) {
          const fixed = -1.1 + (2.2 * line) / (LINES - 1);
          const moving = -1.1 + (2.2 * k) / (SAMPLES - 1);
          out[at++] = direction ? moving : fixed;
          out[at++] = direction ? fixed : moving;
        }
      }
    }
    return out;
  }

  hiddenScale() {
    const reach = this.case.layers.length === 0 ? 1.1 : this.view.projection === 'pca' ? 4 : 1;
    return [-reach, (2 * reach) / 65535, -reach, (2 * reach) / 65535];
  }

  warp(x, y, growth) {
    if (this.case.layers.length === 0) return [x, y];
    if (this.case.layers[this.view.layer] === 1) return [Math.tanh(2 * x * growth), 0];
    const turn = 3 * growth * Math.hypot(x, y) + this.view.layer;
    const u = x * Math.cos(turn) - y * Math.sin(turn);
    const v = x * Math.sin(turn) + y * Math.cos(turn);
    if (this.view.projection === 'pca') return [(0.5 + 2 * growth) * u, (0.5 + 1.2 * growth) * v];
    return [Math.tanh((0.6 + 1.5 * growth) * u), Math.tanh((0.6 + 1.5 * growth) * v)];
  }

  warpAll(points, growth, [x0, dx, y0, dy]) {
    const out = new Uint16Array(points.length);
    for (let i = 0; i < points.length; i += 2) {
      const [u, v] = this.warp(points[i], points[i + 1], growth);
      out[i] = Math.max(0, Math.min(65535, Math.round((u - x0) / dx)));
      out[i + 1] = Math.max(0, Math.min(65535, Math.round((v - y0) / dy)));
    }
    return out;
  }

  message(kind, frames) {
    const header = {
      seq: ++this.seq, kind, run: this.run, settings: this.settings, reply: this.answered, view: this.view,
      last_frame: this.records.length - 1, stopped: this.stopped, ...(kind === 'sync' ? { info: this.info() } : {}),
    };
    const h = this.records.length;
    const layout = (name, dtype, ...shape) => ({ name, dtype, shape });
    const frameLayout = [
      layout('counters', 'u4', 5), layout('measures', 'f8', 5), layout('surface', 'u1', this.planes, SIDE, SIDE),
      layout('hidden_scale', 'f4', 4), layout('hidden_points', 'u2', COUNT, 2), layout('hidden_grid', 'u2', 2, LINES, SAMPLES, 2),
      layout('hidden_line', 'f4', 3),
    ];
    const staticLayout = kind !== 'sync' ? [] : [
      layout('inputs', 'f4', COUNT, 2), layout('targets', 'f4', COUNT), layout('is_test', 'u1', COUNT),
      layout('history_frame', 'u4', h), layout('history_epoch', 'f8', h), layout('history_train_loss', 'f8', h), layout('history_test_loss', 'f8', h),
    ];
    const losses = this.records.map(({ steps }) => this.loss(steps));
    const statics = {
      inputs: this.inputs, targets: this.targets, is_test: this.isTest,
      history_frame: this.records.map(({ frame }) => frame), history_epoch: this.records.map(({ steps }) => steps / STEPS_PER_EPOCH),
      history_train_loss: losses.map((pair) => pair[0]), history_test_loss: losses.map((pair) => pair[1]),
    };
    return encode(header, staticLayout, statics, frameLayout, frames.map((record) => this.draw(record)));
  }

  sync() {
    return this.message('sync', [this.records.at(-1)]);
  }

  changeSettings() {
    this.settings++;
    this.stopped = null;
    this.stopAt = null;
    this.deliver(this.message('frames', []));
  }

  changeRun(name) {
    this.case = CASES[name] ?? this.case;
    this.planes = this.case.task === 'multiclass' ? this.case.class_names.length : 1;
    this.view = { id: this.view.id + 1, layer: 0, projection: (this.case.layers[0] ?? 2) > 2 ? 'pca' : 'units', units: [0, 1] };
    this.makeSamples();
    this.restart();
    this.deliver(this.sync());
  }

  request(request) {
    this.requests.push(request);
    setTimeout(() => {
      if (request.id <= this.answered) return;
      this.answered = request.id;
      this.deliver(this.answer(request));
    }, this.delay);
  }

  answer(request) {
    if (request.kind === 'reset') this.restart();
    if (request.kind === 'sync' || request.kind === 'reset' || request.run !== this.run) return this.sync();
    if (request.kind === 'view') this.view = { id: this.view.id + 1, layer: request.layer, projection: request.projection, units: request.units, shows: request.shows ?? this.view.shows ?? [] };
    if (request.kind !== 'frames') return this.message('frames', [this.records[Math.min(request.frame, this.records.length - 1)]]);
    this.records.length = Math.min(this.records.length, request.from + 1);
    if (this.stopped && this.stopped.frame > request.from) this.stopped = null;
    const made = [];
    for (let k = 0; k < request.n && !this.stopped; k++) {
      const last = this.records.at(-1);
      const more = request.unit === 'step' ? request.amount : request.amount * STEPS_PER_EPOCH - (last.steps % STEPS_PER_EPOCH);
      made.push({ frame: last.frame + 1, steps: last.steps + more });
      this.records.push(made.at(-1));
      if (this.stopAt && made.at(-1).frame >= this.stopAt) {
        this.stopped = { frame: made.at(-1).frame, epoch: 5, message: 'The loss has become infinite at epoch 60.', advice: 'A smaller learning rate, such as 0.03, keeps it finite.' };
      }
    }
    return this.message('frames', made);
  }
}
