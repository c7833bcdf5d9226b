// What others put into the window.
interface Window {
  /** Plotly's basic bundle, static/vendor/plotly. */
  Plotly: any;
  /** The browser's own history.pushState (nnplay/ui/streamlit_internals/history_entries.py). */
  nnplayPush?: typeof history.pushState;
  nnplayReplace?: typeof history.replaceState;
  nnplayQuery?: () => string;
  /** The page that the server runs, the query it was asked with in base64, and how many runs came by Back or Forward. */
  nnplayTold?: { page: string, query: string, times: number };
  /** To be called when the server has told of another run (static/messages/page_change.js). */
  nnplayHear?: () => void;
  /** Who hears first of Back and Forward (nnplay/ui/streamlit_internals/history_entries.py). */
  nnplayHistory?: { listener: ((event: PopStateEvent) => void) | null };
  /** Whether Back or Forward was pressed, and the server has not told of the page yet. */
  nnplayGoesBack?: () => boolean;
}
