"""How an experiment of an article is described, run, kept and judged."""
