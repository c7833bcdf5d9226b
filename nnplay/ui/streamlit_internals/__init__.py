"""What nnplay uses of Streamlit that Streamlit doesn't promise to keep: a module for each use, and the reason for it.

``tests/ui/test_streamlit_internals.py`` fails where an upgrade breaks one, and where other code reaches for one.
"""
