"""nnplay: see a neural network learn. ``streamlit run app.py``"""

import streamlit as st

from nnplay.ui import headers, shell
from nnplay.ui.way_in.warm_up import lifespan

if __name__ == "__main__":  # as the script that Streamlit runs for a visit
    shell.run()
else:  # as the module that has the server
    app = st.App(__file__, middleware=headers.MIDDLEWARE, lifespan=lifespan)
