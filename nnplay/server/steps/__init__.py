"""The page Step by step without Streamlit: trains to the step that is explained, and tells the browser its numbers."""
