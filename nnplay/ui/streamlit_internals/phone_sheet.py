"""On a phone, what one changes comes from below: Play and the picture stay on screen beside it.

Streamlit's own sidebar covers a phone's whole height, and no setting changes that. Here it is a sheet over the lower
half, and while it is there the page shows Play and its first panel above it. The settings of training, which one moves
while watching, stand at the screen's foot in a row that can be pushed sideways.
"""

from __future__ import annotations

#: Pages that have it.
PAGES = ".nnplay-stage:is([data-page=playground], [data-page=digits], [data-page=tabular])"
_CLOSED = '[data-testid="stExpandSidebarButton"]'
_OPEN = f"body:has({PAGES}):not(:has({_CLOSED}), :has(.nn-no-sidebar))"

CSS = f"""
<style>
@media (max-width: 640px) {{
  body:has({PAGES}) {{ --nn-sheet: 54dvh; --nn-foot: 5.6rem; }}
  /* The row at the foot, and beside it what opens the sheet. */
  body:has({PAGES}) .stMainBlockContainer {{ padding-bottom: calc(var(--nn-foot) + 0.5rem); }}
  body:has({PAGES}) .st-key-bar {{
    position: fixed; inset: auto 0 0; z-index: 999980; height: var(--nn-foot); padding: 0.2rem 0.5rem 0 5.2rem;
    border-top: 1px solid rgb(128 128 128 / 30%); background: inherit;
  }}
  body:has({PAGES}) .stApp :has(.st-key-bar) {{ background: inherit; }}
  .st-key-bar .stHorizontalBlock {{ flex-wrap: nowrap; gap: 0.75rem; overflow-x: auto; scrollbar-width: none; }}
  .st-key-bar .stHorizontalBlock > .stColumn {{ flex: 1 0 100px; min-width: 100px; }}
  .st-key-bar .stHorizontalBlock:has(> .stColumn:nth-child(5)) > .stColumn {{ flex: 1 0 128px; min-width: 128px; }}
  .st-key-bar .stHorizontalBlock > .stColumn.stColumn:has(.st-key-controls-switch) {{
    flex: 0 0 44px; min-width: 44px;
  }}
  body:has({PAGES}) {_CLOSED} {{
    position: fixed; left: 0.6rem; bottom: 1.1rem; z-index: 999981; width: 4.2rem; height: 3rem; border-radius: 8px;
    border: 1px solid rgb(128 128 128 / 45%); color: inherit;
  }}
  body:has({PAGES}) {_CLOSED} > span {{ display: none; }}
  body:has({PAGES}) .stAppHeader {_CLOSED}::after {{
    content: "Data,\\A pages"; font-size: 0.8rem; line-height: 1.15; text-align: center; white-space: pre;
  }}
  /* Play and the whole picture above that row, on a low screen, too. */
  body:has({PAGES}) .nnplay-stage .nn-panel-boundary .nn-plot {{ max-height: max(230px, calc(100dvh - 25.5rem)); }}
  /* The sheet. */
  body:has({PAGES}) .stSidebar {{
    position: fixed !important; inset: auto 0 0 !important; width: 100% !important; min-width: 100% !important;
    max-width: none !important; height: var(--nn-sheet) !important; transform: none !important;
    border-radius: 14px 14px 0 0; box-shadow: 0 -4px 24px rgb(0 0 0 / 22%);
  }}
  body:has({PAGES}):has({_CLOSED}) .stSidebar {{ transform: translateY(110%) !important; visibility: hidden; }}
  body:has({PAGES}) [data-testid="stSidebarContent"] {{ display: flex; flex-direction: column; height: 100%; }}
  body:has({PAGES}) [data-testid="stSidebarHeader"] {{
    position: sticky; top: 0; z-index: 2; flex: none; height: 2.75rem; margin: 0; padding-block: 0;
    background: inherit;
  }}
  body:has({PAGES}) [data-testid="stSidebarHeader"] img {{ visibility: hidden; }}
  body:has({PAGES}) [data-testid="stSidebarCollapseButton"] {{ visibility: visible; }}
  body:has({PAGES}) [data-testid="stSidebarCollapseButton"] [data-testid="stIconMaterial"] {{ rotate: -90deg; }}
  /* The pages in a row, in the sheet's head. */
  body:has({PAGES}) [data-testid="stSidebarNavSeparator"] {{ display: none; }}
  body:has({PAGES}) [data-testid="stSidebarNav"] {{
    position: sticky; top: 0; z-index: 3; flex: none; height: 2.75rem; margin: -2.75rem 3.4rem 0 0;
    padding: 0 0 0 0.75rem; overflow: auto hidden; scrollbar-width: none;
  }}
  body:has({PAGES}) [data-testid="stSidebarNavItems"] {{ display: flex; height: 100%; padding: 0; }}
  body:has({PAGES}) [data-testid="stSidebarNavItems"] li {{ flex: none; }}
  body:has({PAGES}) [data-testid="stSidebarNavLink"] {{ height: 2.75rem; margin: 0; padding: 0 0.6rem; }}
  body:has({PAGES}) [data-testid="stSidebarNavLink"] > span:first-child {{ display: none; }}
  body:has({PAGES}) [data-testid="stSidebarUserContent"] {{ padding-block: 0 1rem; }}
  /* Above it: Play, and the picture. */
  {_OPEN} .stAppHeader, {_OPEN} .st-key-header-buttons {{ display: none; }}
  {_OPEN} .stMain {{ height: calc(100dvh - var(--nn-sheet)); overflow: clip; }}
  {_OPEN} .stMainBlockContainer {{ padding-top: 0.4rem !important; }}
  {_OPEN} .nnplay-stage :is(.nn-coach, .nn-alerts, .nn-readouts, .nn-timeline-box, .nn-buttons .nn-select) {{
    display: none;
  }}
  {_OPEN} .nnplay-stage .nn-panel-boundary :is(.nn-head, .nn-side) {{ display: none; }}
  {_OPEN} .nnplay-stage .nn-panel-boundary .nn-plot {{
    flex: none; height: calc(100dvh - var(--nn-sheet) - 5rem); max-height: none; aspect-ratio: auto;
  }}
}}
</style>
"""
