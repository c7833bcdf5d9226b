"""Messages that no browser of ours sends, over the socket itself: each is answered, and the log stays quiet."""

from __future__ import annotations

import json
import time
from random import Random
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.hostile import requests, values

#: Characters of a message beyond which the server ends the connection.
LARGEST = 8_000_000
MESSAGES = 40


class Visit:
    """A visitor who writes messages by hand.

    Attributes
    ----------
    pages : dict
        The hash of each page, by its path.
    components : dict
        The names of the components on the page, by their ids.
    exceptions : list
        What the page said of errors.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.pages: dict[str, str] = {}
        self.components: dict[str, str] = {}
        self.exceptions: list[str] = []

    def send(self, page: str = "", query: str = "", widget: str = "", trigger: bool = False, value: Any = None) -> None:
        message = BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_script_hash = query, page
        if widget:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = widget
            setattr(state, "json_trigger_value" if trigger else "json_value", json.dumps(value))
        self.socket.send(message.SerializeToString())

    def listen(self, seconds: float, until_done: bool = False) -> bool:
        """Take in what the server sends for so long; return whether it finished a run of the page."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                message = ForwardMsg.FromString(self.socket.recv(left))
            except TimeoutError:
                break
            self.pages |= {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            element = message.delta.new_element
            if element.WhichOneof("type") == "bidi_component":
                self.components[element.bidi_component.id] = element.bidi_component.component_name
            elif element.WhichOneof("type") == "exception":
                self.exceptions.append(element.exception.message)
            if until_done and message.WhichOneof("type") == "script_finished":
                return True
        return False


def test_forged_messages_are_answered(server: str) -> None:
    random = Random(0)
    address = server.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(address, origin=Origin(server), subprotocols=[Subprotocol("streamlit")], max_size=None) as socket:
        visit = Visit(socket)
        visit.send()
        assert visit.listen(60, until_done=True)
        stage = next(id_ for id_, name in visit.components.items() if name == "nnplay_stage_playground")
        # The stage of a page that this visitor never was on, and one that is nowhere.
        widgets = [stage, stage, *visit.components, stage.replace("-stage", "-digits.stage"), "$$ID-0-None"]
        for number in range(1, MESSAGES + 1):
            request = requests.request_of(random)
            if isinstance(request, dict):
                request = {"id": number, "run": "x", **request}
            value = random.choice((
                {"request": request, "proposal": {"id": number, "values": values.json_value(random)}},
                values.json_value(random),
                [{"event": "request", "value": request}, {"event": "proposal", "value": 3}],
            ))  # fmt: skip
            # Streamlit itself refuses these: it ends the connection, and logs where a text is no JSON.
            if len(json.dumps(value)) > LARGEST or isinstance(value, str):
                continue
            page = random.choice(("", "deadbeef", *visit.pages.values()))
            visit.send(
                page, random.choice(("", "dataset=digits")), random.choice(widgets), random.random() < 0.5, value
            )
            visit.listen(0.2)
        visit.send()
        assert visit.listen(60, until_done=True)
        assert visit.exceptions == []
