"""The branches of a run: courses that share a past, and the memory for their frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from string import ascii_uppercase

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame_memory import FrameMemory
from nnplay.experiment.recording.tracks import Track
from nnplay.refusal import Refusal
from nnplay.validation import choice

MAX_BRANCHES = 6


class Branches:
    """The tracks of a run by name, one of them active.

    Attributes
    ----------
    active : Track
    have_forked : bool
        Whether there ever was more than one.
    memory : FrameMemory
        The budget for kept frames, which several runs may share.
    frames : RunFrames
        What of it is this run's.
    """

    def __init__(self, config: ExperimentConfig, memory: FrameMemory | None = None) -> None:
        self.memory = FrameMemory() if memory is None else memory
        self.frames = self.memory.new_run()
        self.active = Track.begin(config, self.frames)
        self._tracks = {self.active.name: self.active}
        self.have_forked = False

    def __iter__(self) -> Iterator[Track]:
        return iter(self._tracks.values())

    def __len__(self) -> int:
        return len(self._tracks)

    def __getitem__(self, name: str) -> Track:
        self.check_name(name)
        return self._tracks[name]

    def check_name(self, name: str) -> None:
        """Refuse a name that no track has.

        Raises
        ------
        ValueError
        """
        choice("branch", name, self._tracks)

    @property
    def are_full(self) -> bool:
        """Whether there may be no more."""
        return len(self) >= MAX_BRANCHES or not self.frames.has_room_for_branch

    def check_room(self) -> None:
        """Refuse another branch if there are as many as there may be.

        Raises
        ------
        ValueError
        """
        if self.are_full:
            why = "" if len(self) >= MAX_BRANCHES else " for a network this large, to fit in memory"
            raise Refusal("branches", f"must be at most {len(self)}{why}", finding="delete one first")

    def fork(self, number: int) -> Track:
        """Keep the active track as it is, and make active another one that shares its past up to frame `number`.

        Raises
        ------
        ValueError
            If there are too many, or the network is so large that there is no memory for another one.
        """
        self.check_room()
        name = next(letter for letter in ascii_uppercase if letter not in self._tracks)
        self._tracks[name] = self.active.fork(name, number)
        self.have_forked = True
        return self.activate(name)

    def fork_aside(self, name: str, number: int) -> Track:
        """Make a track of this name that shares the active one's past up to frame `number`, and return it."""
        track = self._tracks[name] = self.active.fork(name, number)
        track.kept.is_active = False
        return track

    def rename(self, name: str) -> None:
        """Give the only track another name."""
        self.active.name = name
        self._tracks = {name: self.active}

    def arrange(self, names: list[str], have_forked: bool) -> None:
        """Bring the tracks into this order."""
        self._tracks = {name: self._tracks[name] for name in names}
        self.have_forked = have_forked

    def activate(self, name: str) -> Track:
        """Make the track of this name the active one."""
        track = self[name]
        self.active.kept.is_active = False
        self.active = track
        track.kept.is_active = True
        self.memory.make_room()
        return track

    def copy(self) -> Branches:
        """Return the same run as it is now, set aside: whatever is done to this one, that one stays."""
        other = object.__new__(Branches)
        other.memory, other.frames = self.memory, self.memory.new_run_aside()
        other._tracks = {name: track.copy(other.frames) for name, track in self._tracks.items()}
        other.active, other.have_forked = other._tracks[self.active.name], self.have_forked
        self.memory.make_room()
        return other

    def set_aside(self) -> None:
        """Let another run have the memory; this one keeps what is left, and may come back."""
        self.memory.set_aside(self.frames)

    def move_to(self, memory: FrameMemory) -> None:
        """Live on another budget from now on, as its present run."""
        self.memory, self.frames = memory, memory.new_run()
        for track in self:
            old, track.kept = track.kept, self.frames.new_shelf()
            track.kept.is_active = track is self.active
            for number in old.numbers:
                track.kept.add(number, replace(old[number], holders=0))

    def bring_back(self) -> Track:
        """Make this the run that the memory is for, and return its active track.

        Raises
        ------
        LookupError
            If there was no room to keep it.
        """
        if self.frames.is_forgotten:
            raise LookupError("run is no longer kept: its memory was needed for others.")
        self.active.kept.is_active = True
        self.active.look_back_at(self.active.last_frame)
        self.memory.bring_back(self.frames)
        return self.active

    def delete(self, name: str) -> Track:
        """Forget a track and return the active one: if it was that one, the track that it forked from, or the first.

        Raises
        ------
        ValueError
            If it is the only one.
        """
        track = self[name]
        if len(self) == 1:
            raise Refusal("branches", "must be at least 2 to delete one")
        del self._tracks[name]
        self.frames.drop(track.kept)
        if track is self.active:
            self.active = self._tracks.get(track.parent) or next(iter(self))
            self.active.kept.is_active = True
        return self.active
