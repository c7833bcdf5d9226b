"""The frame that Streamlit draws around a page: its header, sidebar and margins, restyled by their names in its page.

Its margins are made for documents; the stage wants the whole window without scrolling. No setting of the theme reaches
them. On paper and on a projector the same names are in ``static/stage/page/print.css`` and
``static/stage/commands/presenter.css``.
"""

from __future__ import annotations

import streamlit as st

from nnplay.ui.streamlit_internals import phone_sheet

#: Rules for what a link hides, and for a page inside another page.
NO_SIDEBAR = '.stSidebar, [data-testid="stExpandSidebarButton"] { display: none; }'
#: For a page that has nothing in its sidebar: in a narrow window Streamlit puts the list of pages there.
ONLY_PAGES_IN_SIDEBAR = f"@media (min-width: 768px) {{ {NO_SIDEBAR} }}"
#: Tells rules that go by whether the sidebar is open that there is none.
NO_SIDEBAR_MARK = '<i class="nn-no-sidebar"></i>'
NO_HEADER = ".stAppHeader { display: none; }"
#: Inside another page nothing is in the header but what opens a sidebar that is closed: that has a line of its own, and
#: at a phone's foot it needs none.
_CLOSED = '[data-testid="stExpandSidebarButton"]'
_WITH_LINE = f"body:has({_CLOSED}):not(:has(.nn-no-sidebar))"
NARROW_MARGINS = f"""
.stMainBlockContainer {{ padding: 0.5rem; padding-top: 0.5rem !important; }}
.stAppHeader {{ visibility: hidden; }}
.stAppHeader {_CLOSED} {{ visibility: visible; }}
body .stAppHeader {_CLOSED}::after {{ content: "Settings" !important; }}
@media (min-width: 767.99px) {{ body .stAppHeader {_CLOSED}::after {{ content: none !important; }} }}
{_WITH_LINE} .stMainBlockContainer {{ padding-top: 2.9rem !important; }}
{_WITH_LINE} .nnplay-stage {{ --nn-line: 39px; }}
@media (max-width: 640px) {{
  body:has({phone_sheet.PAGES}) .stMainBlockContainer.stMainBlockContainer {{ padding-top: 0.5rem !important; }}
}}
"""

_CSS = """
<style>
.stAppHeader { height: 2.5rem; min-height: 2.5rem; }
.stMainBlockContainer { padding: 2.6rem 1.25rem 0.25rem; }
/* What is drawn after the stage takes no room, and must not have a gap either: the page would scroll by it. */
.stMainBlockContainer > .stVerticalBlock { gap: 0; }
/* Styles and scripts take no room. */
.stElementContainer:has(> .stHtml) { display: none; }
[data-testid="stSidebarHeader"] { height: 3rem; margin-bottom: 0.25rem; }
[data-testid="stSidebarUserContent"] { padding-bottom: 1.5rem; }
[data-testid="stSidebarUserContent"] .stVerticalBlock { gap: 0.75rem; }
/* In the header's free strip: they take no room from the stage. As high as the header, below the open sidebar. */
.st-key-header-buttons { position: fixed; top: 0.25rem; right: 3.5rem; z-index: 999990; width: auto; }
.st-key-header-buttons button { min-height: 2rem; }
/* A mouse pointer isn't a thumb. */
@media (pointer: coarse) {
  .stMainBlockContainer { padding-top: 2.9rem !important; }
  .st-key-header-buttons { top: 0; }
  .st-key-header-buttons button { min-width: 44px; min-height: 44px; }
  .stAppHeader [data-testid="stExpandSidebarButton"] { min-height: 44px !important; translate: 0 3px; }
}
/* Streamlit's grey for what is idle or beside the point is too faint to read. */
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.8; }
[data-testid="stWidgetLabel"][disabled] { color: inherit; opacity: 0.75; }
/* The values of a list: white on the dark theme's accent is too faint to read. */
[data-testid="stMultiSelect"] [data-tag] { background: rgb(128 128 128 / 22%) !important; }
[data-testid="stMultiSelect"] [data-tag], [data-testid="stMultiSelect"] [data-tag] * { color: inherit !important; }
/* Six controls side by side need room for their names; else they stand in two rows. */
.st-key-bar { container: bar / inline-size; }
@container bar (max-width: 799.98px) {
  .st-key-bar .stColumn { min-width: calc(25% - 1rem); }
}
/* What brings more controls into the bar keeps its name for those who can't see the picture. */
.st-key-bar .stColumn:has(.st-key-controls-switch) { container: switch / inline-size; align-self: center; }
@container bar (max-width: 799.98px) {
  .st-key-bar .stColumn:has(.st-key-controls-switch) { flex: 0 1 124px; min-width: 44px; }
}
@container switch (max-width: 119.98px) {
  .st-key-controls-switch p { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
}
/* Pages' names and buttons share the header's line: the pages give up their pictures first, then buttons their names;
   then some buttons wait behind one (static/share/share.css).
   The names stay for those who can't see the pictures. */
@media (max-width: 1459.98px) {
  .stAppHeader [data-testid="stTopNavLink"] > span:first-child { display: none; }
}
@media (max-width: 1339.98px) {
  .st-key-header-buttons :is(.stButton p, .nn-header-button span) {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }
}
@media (max-width: 1199.98px) {
  .stAppHeader [data-testid="stTopNavLink"] { padding-inline: 0.3rem; }
  .st-key-header-buttons { gap: 0; }
  .st-key-header-buttons { right: 0.5rem; }
}
@media (max-width: 939.98px) {
  .stAppHeader [data-testid="stTopNavLink"] { padding-inline: 0.15rem; font-size: 0.78rem; }
  .stAppHeader [data-testid="stTopNavLink"] p { font-size: inherit; }
}
/* In a narrow window the pages are in the sidebar, and what opens it says so. */
@media (max-width: 767.98px) {
  .stAppHeader [data-testid="stExpandSidebarButton"] {
    width: auto; min-width: 44px; min-height: 32px; padding: 0 0.6rem; border: 1px solid rgb(128 128 128 / 45%);
    border-radius: 8px; color: inherit;
  }
  .stAppHeader [data-testid="stExpandSidebarButton"] > span { display: none; }
  .stAppHeader [data-testid="stExpandSidebarButton"]::after { content: "Pages"; font-size: 0.9rem; }
}
/* On the narrowest phones it stands close to the name, so that all buttons fit beside it. */
@media (max-width: 379.98px) {
  .stAppHeader [data-testid="stExpandSidebarButton"] { padding: 0 0.3rem; translate: -14px 3px; }
}
@media (max-width: 879.98px) {
  .stAppHeader [data-testid="stTopNavLink"] { padding-inline: 0.05rem; }
  .stAppHeader [data-testid="stTopNavLink"] > span[label],
  .stAppHeader [data-testid="stTopNavLink"] [data-testid="stMarkdownContainer"] { font-size: 0.73rem !important; }
}
/* There, beside an open sidebar, buttons for fingers take as much as the names. */
@media (max-width: 799.98px) and (pointer: coarse) {
  .stAppHeader [data-testid="stTopNavLink"] > span[label],
  .stAppHeader [data-testid="stTopNavLink"] [data-testid="stMarkdownContainer"] { font-size: 0.67rem !important; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 2.6rem 0.6rem 0.5rem; }
}
</style>
"""


def draw() -> None:
    """Restyle the frame of the page that runs."""
    st.html(_CSS + phone_sheet.CSS)
