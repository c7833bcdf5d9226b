"""Why a run goes as it goes: what is behind a step, and behind a picture of the run."""
