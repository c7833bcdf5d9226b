"""Why a run goes as it goes: what is behind a step, behind a picture, the landscape it walks on, and what is wrong."""
