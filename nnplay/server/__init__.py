"""How requests of many visitors are answered fairly on one machine; without Streamlit."""
