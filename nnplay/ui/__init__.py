"""The user interface: the only part of nnplay, besides ``app.py`` and ``pages/``, that knows Streamlit."""
