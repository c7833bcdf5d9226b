"""What the bug lab is fed with: a case's run and its evidence, and what comes of an answer."""
