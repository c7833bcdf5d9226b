"""The page Compare: its tabs, the lanes that are raced, and the controls that change them."""
