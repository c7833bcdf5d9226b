// What others put into the window.
interface Window {
  /** Plotly's basic bundle, static/vendor/plotly. */
  Plotly: any;
  /** The browser's own history.pushState (nnplay/ui/streamlit_internals/history_entries.py). */
  nnplayPush?: typeof history.pushState;
}
