"""MLLP: HL7 v2 messages over TCP, each framed, each answered once it is safe, and never before.

    <VT> message <FS><CR>

What arrives is handed to a `Deliver`; what that returns is the answer (`hl7ack`). A frame that is broken, too large or
too slow ends its connection: the sender, having got no acknowledgement, sends again, and may, as storing the same
message twice changes nothing. HL7 v2.5.1, appendix C; MLLP release 1.
"""

from __future__ import annotations

import logging
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cart_fhir.mappers import hl7ack

START, END = b"\x0b", b"\x1c\r"
Deliver = Callable[[bytes], bytes]  # a message -> its answer, once what it says is stored

log = logging.getLogger("cart_fhir.mllp")


@dataclass(frozen=True)
class Limits:
    """Largest message in bytes, seconds a connection may be silent and a message may take, connections at once."""

    size: int = 8 << 20
    idle: float = 300.0
    message: float = 30.0
    connections: int = 32


class Broken(Exception):
    """The bytes are no frame; the sentence says why. `head` is what there is of the message, if it may be answered."""

    def __init__(self, text: str, head: bytes = b"") -> None:
        super().__init__(text)
        self.head = head


class Frames:
    """The messages that arrive on one connection."""

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._rest = b""

    def next(self) -> bytes | None:
        """The next message; None when the sender is done. Broken, or TimeoutError, when it isn't one."""
        self._connection.settimeout(self._limits.idle)
        self._rest = self._rest.lstrip(b"\r\n")
        while not self._rest:
            if not self._more():
                return None
            self._rest = self._rest.lstrip(b"\r\n")
        if not self._rest.startswith(START):
            raise Broken("Bytes came outside a frame.")
        return self._body(bytearray(self._rest[1:]))

    def _body(self, body: bytearray) -> bytes:
        """What stands up to the end of the frame; the end is looked for only in what is new."""
        ends = time.monotonic() + self._limits.message
        seen = 0
        while (end := body.find(END, seen)) < 0:
            if body.find(START, seen) >= 0:
                raise Broken("A frame began within a frame.")
            if len(body) > self._limits.size:
                raise Broken(f"The message is larger than {self._limits.size} bytes.", bytes(body[:4096]))
            seen = max(0, len(body) - 1)
            self._connection.settimeout(max(0.001, ends - time.monotonic()))
            self._rest = b""
            if not self._more():
                raise Broken("The connection ended within a message.")
            body += self._rest
        if end > self._limits.size:
            raise Broken(f"The message is larger than {self._limits.size} bytes.", bytes(body[:4096]))
        if START in body[:end]:
            raise Broken("A frame began within a frame.")
        self._rest = bytes(body[end + len(END) :])
        return bytes(body[:end])

    def _more(self) -> bool:
        block = self._connection.recv(65536)
        self._rest += block
        return bool(block)


class Listener(socketserver.ThreadingTCPServer):
    """Listens for senders, a thread for each; messages are delivered one at a time, in the order they came in."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], deliver: Deliver, limits: Limits | None = None) -> None:
        self.deliver = deliver
        self.limits = limits or Limits()
        self.turn = threading.Lock()
        self._places = threading.BoundedSemaphore(self.limits.connections)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Sender)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Serve a sender in a thread of its own, or turn it away when all places are taken."""
        if not self._places.acquire(blocking=False):
            log.warning("A connection was turned away: %d are open.", self.limits.connections)
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Serve it, then give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()


class _Sender(socketserver.BaseRequestHandler):
    server: Listener
    request: socket.socket

    def handle(self) -> None:
        frames = Frames(self.request, self.server.limits)
        try:
            while (message := frames.next()) is not None:
                with self.server.turn:
                    answer = self.server.deliver(message)
                self._answer(answer)
        except Broken as broken:
            log.warning("%s The connection is closed; nothing of that message is stored.", broken)
            if broken.head:
                self._answer(hl7ack.refused(broken.head, "AR", str(broken)))
        except TimeoutError:
            log.info("A connection was silent too long and is closed.")
        except OSError as problem:
            log.warning("A connection broke: %s.", problem.strerror)

    def _answer(self, answer: bytes) -> None:
        self.request.settimeout(self.server.limits.message)
        self.request.sendall(START + answer + END)
