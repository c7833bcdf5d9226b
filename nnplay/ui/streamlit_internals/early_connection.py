"""The browser connects to the server while it still loads Streamlit's page, and not only after that.

Streamlit's page first runs its own files, then asks whether the server is well, and then connects: four or five times
there and back, one after another. All of that may happen at once. So the head of a page asks for the server's health in
advance, and opens the connection; Streamlit gets both when it asks for them. Nothing else changes: the server says
nothing until Streamlit does. If the connection fails before, or leads elsewhere, Streamlit opens its own.
"""

from __future__ import annotations

#: For the head of every page. ``nnplayConnects`` is kept when Streamlit has asked for its connection: from then on it
#: only waits for the server.
HEAD = """<script>{
  // By a script: links are fetched while an earlier script still finds that the page can't go on (way_in/head.py).
  for (const name of ["health", "host-config"]) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: `./_stcore/${name}` });
    document.head.append(link);
  }
  const Own = WebSocket;
  const address = new URL("./_stcore/stream", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = address.hash = "";
  const token = document.cookie.match(/\\b_streamlit_xsrf=([^;]*)\\b/)?.[1] ?? "PLACEHOLDER_AUTH_TOKEN";
  let early = null;
  try {
    early = new Own(address, ["streamlit", token]);
  } catch {}  // a page that may not connect: Streamlit says so
  let connects;
  window.nnplayConnects = new Promise((resolve) => { connects = resolve; });
  const connect = (url, protocols) => {
    const socket = early;
    early = null;
    window.WebSocket = Own;
    // A third protocol would name a connection that was there before. The token belongs to a login; there is none.
    const fits = socket?.url === String(url) && socket.readyState <= Own.OPEN && protocols?.length === 2;
    if (!fits) socket?.close();
    else if (socket.readyState === Own.OPEN) queueMicrotask(() => socket.dispatchEvent(new Event("open")));
    queueMicrotask(connects);
    return fits ? socket : new Own(url, protocols);
  };
  window.WebSocket = new Proxy(Own, { construct: (_, [url, protocols]) => connect(url, protocols) });
}</script>"""
