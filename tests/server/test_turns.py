"""Whose turn it is: with clocks that stand still unless they are told to go on, so that nothing here is timed."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training.breaks import aside, breaks, take_break
from nnplay.server.stage_feed import Feed
from nnplay.server.turns import COMING_BACK, DEAREST, HALF_LIFE, LEAD, OWN, SHORT, Account, Turns, own_time, price

PATIENCE = 30.0


class Clock:
    """Seconds, of which only what is spent goes by; each thread has spent its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self._mine = threading.local()

    def wall(self) -> float:
        return self.now

    def cpu(self) -> float:
        return getattr(self._mine, "seconds", 0.0)

    def spend(self, seconds: float) -> None:
        self.now += seconds
        self._mine.seconds = self.cpu() + seconds


class Scene:
    def __init__(self) -> None:
        self.clock = Clock()
        self.turns = Turns(self.clock.wall, self.clock.cpu)
        self.order: list[str] = []
        self.threads: list[threading.Thread] = []

    def start(self, work: Callable[[], None]) -> None:
        """Let another visitor ask for a turn, and wait until it stands in the queue."""
        n_waiting = len(self.turns._waiting)
        thread = threading.Thread(target=work, daemon=True)
        self.threads.append(thread)
        thread.start()
        deadline = time.monotonic() + PATIENCE
        while len(self.turns._waiting) <= n_waiting:
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def ask(self, name: str, account: Account, seconds: float = 0.001) -> None:
        def work() -> None:
            with self.turns.turn(account):
                self.order.append(name)
                self.clock.spend(seconds)

        self.start(work)

    def end(self) -> list[str]:
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        assert not self.turns.awaited
        return self.order


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_among_equals_turns_are_taken_in_the_order_of_asking(scene: Scene) -> None:
    with scene.turns.turn(Account()):
        for number in range(20):
            scene.ask(str(number), Account())
        assert scene.turns.awaited
        assert scene.order == []
    assert scene.end() == [str(number) for number in range(20)]


def test_who_took_least_is_next_however_late_it_asks(scene: Scene) -> None:
    accounts = {name: Account() for name in "abc"}
    for name, seconds in {"a": 3.0, "b": 1.0, "c": 2.0}.items():
        accounts[name].charge(seconds, 0.0)
    with scene.turns.turn(Account()):
        for name in "acb":
            scene.ask(name, accounts[name])
        scene.ask("new", Account())
    assert scene.end() == ["new", "b", "c", "a"]


def test_what_was_taken_is_forgotten(scene: Scene) -> None:
    account = Account()
    account.charge(2.0, 0.0)
    account.charge(1.0, HALF_LIFE)
    assert account.at(HALF_LIFE) == pytest.approx(2.0)
    assert account.at(3 * HALF_LIFE) == pytest.approx(0.5)


def test_a_turn_is_charged_by_the_cpu_time_it_took_not_by_what_others_took_meanwhile(scene: Scene) -> None:
    greedy, small = Account(), Account()
    with scene.turns.turn(greedy):
        scene.ask("small", small, 0.5)
        scene.clock.spend(1.0)
        take_break()  # here the small one has its turn
        assert scene.order == ["small"]
    scene.end()
    assert greedy.at(scene.clock.now) == pytest.approx(price(1.0) * 0.5 ** (0.5 / HALF_LIFE))
    assert small.at(scene.clock.now) == pytest.approx(price(0.5))


def test_who_comes_back_goes_before_those_who_play_though_it_takes_more(scene: Scene) -> None:
    back, playing = Account(), Account()
    back.comes_back = True
    for account, seconds in ((back, 0.15), (playing, 0.1)):
        with scene.turns.turn(account):
            scene.clock.spend(seconds)
    assert back.at(scene.clock.now) == pytest.approx(COMING_BACK * 0.15 * 0.5 ** (0.1 / HALF_LIFE))
    assert playing.at(scene.clock.now) == pytest.approx(price(0.1))
    with scene.turns.turn(Account()):
        scene.ask("playing", playing)
        scene.ask("back", back)
    assert scene.end() == ["back", "playing"]


def test_only_what_trains_a_lost_run_again_is_charged_less(monkeypatch: pytest.MonkeyPatch) -> None:
    account, seen = Account(), []
    feed = Feed(ExperimentConfig(n_samples=20, hidden_sizes=(2,)), account=account)
    monkeypatch.setattr(feed, "_dispatch", lambda request: seen.append((request["kind"], account.comes_back)))
    for number, kind in enumerate(("recover", "frames", "recover", "sync"), start=1):
        feed.answer({"id": number, "kind": kind})
        assert not account.comes_back
    assert seen == [("recover", True), ("frames", False), ("recover", True), ("sync", False)]


def test_one_in_the_middle_of_something_long_gives_way_to_who_took_less_and_to_nobody_else(scene: Scene) -> None:
    greedy, small, greedier = Account(), Account(), Account()
    greedier.charge(99.0, 0.0)
    with scene.turns.turn(greedy):
        scene.clock.spend(LEAD / 20)
        scene.ask("small", small)
        take_break()
        assert scene.order == []  # not far enough ahead to be worth a change
        scene.ask("greedier", greedier)
        scene.clock.spend(1.0)
        take_break()
        assert scene.order == ["small"]
        take_break()
        assert scene.order == ["small"]
    assert scene.end() == ["small", "greedier"]


def test_answers_that_take_little_are_given_one_after_another_and_not_in_pieces(scene: Scene) -> None:
    def answer(name: str) -> None:
        with scene.turns.turn(Account()):
            for _ in range(10):
                scene.clock.spend(OWN / 11)
                take_break()
            scene.order.append(name)

    with scene.turns.turn(Account()):
        for name in "abc":
            scene.start(partial(answer, name))
            scene.ask(f"after {name}", Account())
    assert scene.end() == ["a", "after a", "b", "after b", "c", "after c"]


def test_a_small_visitor_beside_greedy_ones_waits_for_one_slice_only(scene: Scene) -> None:
    small, greedy = Account(), Account()
    greedy.charge(1.0, 0.0)
    with scene.turns.turn(greedy):
        for number in range(8):
            others = Account()
            others.charge(2.0 + number, 0.0)
            scene.ask("greedy", others)
        for number in range(1, 30):
            scene.ask("small", small, 0.002)
            scene.clock.spend(0.05)  # a slice
            take_break()
            assert scene.order[:number] == ["small"] * number
            scene.order = ["small"] * number
    scene.end()


def test_one_long_piece_of_work_costs_more_than_many_short_ones(scene: Scene) -> None:
    assert price(SHORT) == pytest.approx(2 * SHORT)
    assert price(100 * SHORT) == pytest.approx(DEAREST * 100 * SHORT)
    in_pieces, in_one = Account(), Account()
    with scene.turns.turn(in_pieces):
        for _ in range(50):
            scene.clock.spend(SHORT / 4)
            take_break()  # nobody waits yet: who offers breaks doesn't pay for what nobody missed
    with scene.turns.turn(in_one):
        scene.clock.spend(50 * SHORT / 4)
    assert in_one.at(scene.clock.now) > 5 * in_pieces.at(scene.clock.now)


def test_a_small_visitor_has_half_of_the_processor_beside_eight_greedy_ones() -> None:
    # What Turns does, without its threads: all ask again at once, and who has the least on its account is next.
    accounts, taken, now = [Account() for _ in range(9)], [0.0] * 9, 0.0
    for _ in range(30_000):
        one = min(range(9), key=lambda k: accounts[k].at(now))
        seconds = 0.001 if one == 8 else 0.06
        now += seconds
        taken[one] += seconds
        accounts[one].charge(price(seconds), now)
    assert taken[8] > 0.5 * now
    assert min(taken[:8]) > 0.02 * now


def test_what_is_done_aside_holds_nobody_up_and_is_charged_by_its_time_alone(scene: Scene) -> None:
    greedy, small = Account(), Account()
    with scene.turns.turn(greedy):
        scene.ask("small", small)
        with aside():
            for thread in scene.threads:
                thread.join(PATIENCE)
            assert scene.order == ["small"]  # in the midst of it
            scene.clock.spend(1.0)
        scene.ask("after", Account())
        scene.order.append("greedy")
    assert scene.end() == ["small", "greedy", "after"]
    assert greedy.at(scene.clock.now) == pytest.approx(1.0, rel=1e-3)


def test_an_error_aside_keeps_the_turn_until_it_is_out(scene: Scene) -> None:
    with pytest.raises(ValueError, match="on purpose"), scene.turns.turn(Account()), aside():
        raise ValueError("on purpose")
    with scene.turns.turn(Account()):
        scene.ask("next", Account())
    assert scene.end() == ["next"]
    with aside():
        pass  # of no effect outside


def test_a_turn_within_ones_own_is_the_same_turn_and_an_error_ends_it(scene: Scene) -> None:
    with pytest.raises(ValueError, match="on purpose"), scene.turns.turn(Account()), scene.turns.turn(Account()):
        raise ValueError("on purpose")
    scene.ask("next", Account()) if scene.turns.awaited else scene.order.append("free")
    with scene.turns.turn(Account()):
        pass
    take_break()  # of no effect outside


def test_nobody_pays_for_python_s_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.disable()  # once is enough
    try:
        ticks = count()
        monkeypatch.setattr(time, "thread_time", lambda: next(ticks))
        before = own_time()
        gc.collect()
        assert own_time() - before == 2.0  # a look at the clock is a tick; of three, one was the collector's
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("fields", "least"),
    [
        ({"dataset": "digits", "hidden_sizes": (16,), "batch_size": 32}, 8),
        ({"dataset": "california", "hidden_sizes": (16,), "batch_size": 512}, 8),
        ({"hidden_sizes": (8,)}, 8),
    ],
)
def test_training_and_drawing_offer_breaks(fields: dict, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if fields.get("dataset") == "california":
        pytest.importorskip("sklearn")
        from nnplay.datasets.stored.files import path_of

        if path_of("california") is None:
            pytest.skip("no California housing at hand")
    offers: list[int] = []
    with breaks(lambda: offers.append(1)):
        recording = Recording(ExperimentConfig(**fields))
        assert len(offers) >= 3
        offers.clear()
        recording.advance(0, "epoch", 1, 2, 9.0)
    assert len(offers) >= least


def test_a_large_network_offers_a_break_after_its_first_step() -> None:
    recording = Recording(ExperimentConfig(hidden_sizes=(400, 400), batch_size=300, n_samples=400))
    taken: list[int] = []
    with breaks(lambda: taken.append(recording.session.n_steps)):
        recording.advance(0, "step", 50, 1, 9.0)
    assert next(n for n in taken if n) == 1


@pytest.mark.parametrize(("each", "together"), [(0.25, 0.0), (0.0, 0.25), (0.25, 0.5)])
def test_who_may_have_a_share_of_a_core_gets_no_more_than_that(each: float, together: float) -> None:
    clock = Clock()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.now += seconds

    turns = Turns(clock.wall, clock.cpu, each, together, sleep)
    account = Account()

    def busy(since: float, until: float) -> float:
        before = clock.cpu()
        while clock.now < until:
            with turns.turn(account):
                clock.spend(0.03)
        return (clock.cpu() - before) / (clock.now - since)

    busy(0.0, 40.0)
    assert busy(clock.now, 80.0) == pytest.approx(0.25, rel=0.02)
    assert 0 < max(slept[-50:]) < 0.2  # in small pieces: the picture goes on
    assert account.held_back == ""  # nor does anybody notice
    for _ in range(3):
        with turns.turn(account):
            clock.spend(0.2)
    assert account.held_back == ("visitor" if each else "server")


def test_who_is_idle_may_begin_at_once_with_a_share() -> None:
    clock = Clock()

    def sleep(seconds: float) -> None:
        raise AssertionError(seconds)

    turns = Turns(clock.wall, clock.cpu, 0.25, 0.25, sleep)
    for _ in range(100):
        with turns.turn(Account()):
            clock.spend(0.01)
        clock.now += 1.0
