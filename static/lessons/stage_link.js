/** Lets the guide of a lesson speak to a stage, and hear what it shows. */

/** @param {import('./guide.js').Guide} guide */
export class StageLink {
  #unlisten;
  #root;
  /** The step whose axis was set. */
  #axisOf = '';

  /**
   * @param {import('./guide.js').Guide} guide
   * @param {{player: any, transport: {suggestSpeed(epochs: number): void}, root: HTMLElement, now: () => number, setLog?: (log: boolean) => void}} stage
   *   `setLog`: whether losses are on a logarithmic axis, as long as the visitor doesn't choose
   */
  constructor(guide, { player, transport, root, now, setLog = () => {} }) {
    this.guide = guide;
    this.setLog = setLog;
    this.#root = root;
    player.mayTrain = () => guide.mayTrain();
    this.stage = {
      play: () => player.play(now()),
      pause: () => player.pause(now()),
      reset: () => player.reset(now()),
      setPace: (/** @type {import('./guide.js').Pace} */ pace) => {
        player.pace = pace;
        transport.suggestSpeed(pace.epochs);
      },
      get run() {
        return player.state.id;
      },
      get playing() {
        return player.playing;
      },
      root,
    };
    this.take();
    this.#unlisten = guide.listen(() => this.#show());
    this.#show();
  }

  /** The stage has its place on the page, again perhaps. */
  take() {
    this.guide.take(this.stage);
  }

  /** @param {number} epoch on screen @param {any} player */
  see(epoch, player) {
    if (this.guide.stage !== this.stage) return; // off the page, and about to go
    const { stopped, id } = player.state;
    // A run that diverged is back on its last good frame: that may be its very first.
    const ended = player.stopSeen && player.timeline.shown >= (stopped?.good ?? stopped?.frame);
    this.guide.see({ run: id, epoch, playing: player.playing, ended, message: ended && stopped && !player.state.stopIsCalm ? stopped.message : '' });
  }

  /** The step whose run was seen to its end here, as the page around is told of it; null as long as there is none. */
  get goal() {
    const { step, phase, isRevisited } = this.guide;
    return step && phase === 'done' && !isRevisited ? { of: 'lesson', title: step.title, epoch: step.epochs } : null;
  }

  destroy() {
    this.#unlisten();
    if (this.guide.stage === this.stage) this.guide.take(null);
  }

  /** For the styles: what can be changed, and whether Play waits for an answer. */
  #show() {
    const { step, phase, isUntried } = this.guide;
    // What is tried has no question of its own on the page: its step's phase says nothing of it.
    this.#root.dataset.lesson = !step ? '' : step.free ? 'done' : phase;
    this.#root.dataset.untried = String(isUntried);
    this.#root.dataset.controls = step ? step.controls.join(' ') : '';
    const axisOf = step ? `${step.lesson} ${step.index}` : '';
    if (axisOf === this.#axisOf) return;
    this.#axisOf = axisOf;
    if (step) this.setLog(step.logScale === true);
  }
}
