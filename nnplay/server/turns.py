"""One session computes at a time; the next is the one that used the least processor time lately.

Threads of Python that train side by side only get into each other's way. ``threading.Lock`` lets anyone in who comes at
the right moment, so that with many visitors some would wait forever; in the order of asking, one whose requests take
long gets most of the time. So each visitor has an account of the CPU time taken, which is forgotten little by little:
the one with the smallest is next. Time taken in one long piece costs more than in short ones, for others had to wait
for the whole of it: who plays a small network keeps most of its frames beside many with large ones. Who is in the
middle of something long gives way at a break (:mod:`nnplay.experiment.training.breaks`), so that nobody waits for more
than an answer of a small network, or a step or the drawing of a layer of a large one.

Who has lost a run with another server, and waits until it is trained again, goes before those who play: that time is
charged by half. They play more slowly for a while, and all are back soon.

Whoever runs the server may also limit what a visitor, or all of them together, take of a core (:mod:`nnplay.limits`):
who took more waits before the next turn until enough of it is forgotten.
"""

from __future__ import annotations

import gc
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nnplay import limits
from nnplay.experiment.training.breaks import breaks
from nnplay.server.operating.meters import WAITS

#: After so many seconds half of the time taken is forgotten.
HALF_LIFE = 4.0
#: Seconds that one may be ahead of another who waits before giving way: each change costs a little, too.
LEAD = 0.01
#: Whoever has got the turn may take so many seconds of CPU time before giving way. An answer to the visitor of a small
#: network fits in: were many of them given in pieces, all would be ready at the very end, not one after another.
OWN = 0.04
#: A piece of work of so many seconds costs twice its time; the longest pieces cost so many times theirs.
SHORT, DEAREST = 0.004, 12.0
#: Of the time in which a lost run is trained again, so much is charged, and no price.
COMING_BACK = 0.5
#: Who takes such a share of a core all the time has so many times that share on the account that is never priced.
_STEADY = HALF_LIFE / math.log(2)
#: Nobody waits for so few seconds.
_NO_TIME = 0.001
#: Whoever waits longer for a share is told why.
_NOTICED = 0.1

_mine = threading.local()


def _note_collection(phase: str, _: object) -> None:
    if phase == "start":
        _mine.collecting_since = time.thread_time()
    else:
        _mine.collected = getattr(_mine, "collected", 0.0) + time.thread_time() - _mine.collecting_since


gc.callbacks.append(_note_collection)


def own_time() -> float:
    """Return the CPU time of this thread, without that of Python's collector.

    It looks through what all visitors hold, in the thread of whoever happens to be there. With many of them that takes
    a fifth of a second, and whoever had to pay for it would wait for long.
    """
    return time.thread_time() - getattr(_mine, "collected", 0.0)


def price(seconds: float) -> float:
    """Return what is charged for CPU time that was taken in one piece, during which all others had to wait.

    Many short pieces hold nobody up, one long piece does: so it costs more than they do together.
    """
    return seconds * min(DEAREST, 1 + seconds / SHORT)


class Lately:
    """Seconds that were taken lately: they are forgotten little by little."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._as_of = 0.0

    def charge(self, seconds: float, now: float) -> None:
        """Add so many seconds to it."""
        self._seconds = self.at(now) + seconds
        self._as_of = now

    def at(self, now: float) -> float:
        """Return how much is not forgotten by now."""
        return float(self._seconds * 0.5 ** ((now - self._as_of) / HALF_LIFE)) if self._seconds else 0.0

    def until(self, seconds: float, now: float) -> float:
        """Return how long it takes until no more than so many are left."""
        present = self.at(now)
        return HALF_LIFE * math.log2(present / seconds) if present > seconds else 0.0


class Account(Lately):
    """The CPU time that a visitor took lately, at its price.

    Attributes
    ----------
    plain : Lately
        The same without a price.
    held_back : {"", "visitor", "server"}
        Whose share was used up, so that the last turn came noticeably later.
    comes_back : bool
        Whether what is taken now trains a run again that was lost with another server.
    """

    def __init__(self) -> None:
        super().__init__()
        self.plain = Lately()
        self.held_back = ""
        self.comes_back = False


class _Turn:
    """One who has the turn, or waits for it."""

    def __init__(self, account: Account, of_all: Lately, cpu_clock: Callable[[], float]) -> None:
        self.account, self._all = account, of_all
        self.began = threading.Event()
        self._cpu_clock = cpu_clock
        self._charged_until = self._began_at = cpu_clock()

    def charge(self, now: float, *, held_others: bool = True) -> None:
        """Put what was taken since the last time, in one piece, on the account."""
        cpu = self._cpu_clock()
        seconds = cpu - self._charged_until
        priced = price(seconds) if held_others else seconds
        self.account.charge(COMING_BACK * seconds if self.account.comes_back else priced, now)
        self.account.plain.charge(seconds, now)
        self._all.charge(seconds, now)
        self._charged_until = cpu

    @property
    def taken(self) -> float:
        """CPU time taken since it got the turn."""
        return self._charged_until - self._began_at

    def begin_anew(self) -> None:
        """Note that it has got the turn once more."""
        self._began_at = self._charged_until


class Turns:
    """A lock that is handed on to whoever took least lately, and among equals to whoever has waited longest.

    Parameters
    ----------
    clock, cpu_clock : callable
        Seconds: of the wall, and of CPU time that the calling thread took for itself.
    share_each, share_all : float
        Of a core, what one, and all together, may take over some seconds; 0 for any.
    sleep : callable
        Waits for so many seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        cpu_clock: Callable[[], float] = own_time,
        share_each: float = 0.0,
        share_all: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._cpu_clock, self._sleep = clock, cpu_clock, sleep
        self._shares = share_each, share_all
        self._all = Lately()
        self._mutex = threading.Lock()
        self._taken = False
        self._waiting: list[_Turn] = []
        self._mine = threading.local()

    @property
    def awaited(self) -> bool:
        """Whether anyone waits for a turn now."""
        return bool(self._waiting)

    @property
    def n_waiting(self) -> int:
        """How many wait for a turn now."""
        return len(self._waiting)

    @classmethod
    def of_this_server(cls) -> Turns:
        """Return those with the shares that the operator has set."""
        each, together = limits.value("visitor_cpu_percent") / 100, limits.value("server_cpu_percent") / 100
        return cls(share_each=each, share_all=together)

    @contextmanager
    def turn(self, account: Account) -> Iterator[None]:
        """Wait for a turn and have it; within one's own turn, this changes nothing."""
        if getattr(self._mine, "turn", None) is not None:
            yield
            return
        self._keep_to_shares(account)
        mine = _Turn(account, self._all, self._cpu_clock)
        self._begin(mine)
        self._mine.turn = mine
        try:
            with breaks(self.give_way, self._aside):
                yield
        finally:
            self._mine.turn = None
            self._end(mine)

    def give_way(self) -> None:
        """In the middle of one's turn: let those go first who took less, and wait to go on."""
        mine: _Turn | None = getattr(self._mine, "turn", None)
        if mine is None:
            return
        now = self._clock()
        mine.charge(now)
        if not self._waiting or mine.taken < OWN:
            return
        with self._mutex:
            following = self._next(now)
            if following is None or following.account.at(now) + LEAD > mine.account.at(now):
                return
            self._waiting.remove(following)
            self._waiting.append(mine)
            mine.began.clear()
            following.began.set()
        mine.began.wait()
        mine.begin_anew()

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """In the middle of one's turn: let the others go on side by side with this, and then wait for one's turn again.

        What it takes is charged, too.
        """
        mine: _Turn = self._mine.turn
        self._mine.turn = None  # a break within it is nothing
        self._end(mine)
        try:
            yield
        finally:
            mine.charge(self._clock(), held_others=False)
            mine.began.clear()
            self._begin(mine)
            mine.begin_anew()
            self._mine.turn = mine

    def _keep_to_shares(self, account: Account) -> None:
        """Wait until what was taken lately leaves room for more."""
        held_back = ""
        for share, taken, whose in zip(self._shares, (account.plain, self._all), ("visitor", "server"), strict=True):
            since = self._clock()
            while share and (seconds := taken.until(share * _STEADY, self._clock())) > _NO_TIME:
                self._sleep(seconds)
            if self._clock() - since > _NOTICED:
                held_back = whose
        account.held_back = held_back

    def _begin(self, mine: _Turn) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                WAITS.add(0.0)
                return
            self._waiting.append(mine)
        since = self._clock()
        mine.began.wait()
        WAITS.add(self._clock() - since)

    def _end(self, mine: _Turn) -> None:
        with self._mutex:
            now = self._clock()
            mine.charge(now)
            following = self._next(now)
            if following is None:
                self._taken = False
            else:
                self._waiting.remove(following)
                following.began.set()  # the lock stays taken and changes hands

    def _next(self, now: float) -> _Turn | None:
        return min(self._waiting, key=lambda turn: turn.account.at(now), default=None)
