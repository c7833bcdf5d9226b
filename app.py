"""nnplay: see a neural network learn. ``streamlit run app.py``"""

from nnplay.ui import shell

shell.run()
