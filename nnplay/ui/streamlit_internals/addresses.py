"""Where Streamlit's own server answers, besides the pages.

One of its addresses tells strangers how busy the server is, and with what; no setting closes it.
``nnplay/ui/headers.py`` does.
"""

METRICS = "/_stcore/metrics"
#: The line to a visitor's browser, and where files are uploaded.
STREAM, UPLOADS = "/_stcore/stream", "/_stcore/upload_file/"
#: Whether the server takes visitors.
HEALTH = "/_stcore/health"
