"""Why a run goes as it goes: what is behind a step, behind a picture of the run, and the landscape it walks on."""
