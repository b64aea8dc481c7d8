"""MLLP: HL7 v2 messages over TCP, each framed, each answered once it is safe, and never before.

    <VT> message <FS><CR>

Plain, or in TLS where a context is given (IHE ATNA's way: certificates on both sides). What arrives is handed to a
`Deliver`; what that returns are the answers (`hl7ack`). A frame that is broken, too large or too slow ends its
connection: the sender, having got no acknowledgement, sends again, and may, as storing the same message twice changes
nothing. HL7 v2.5.1, appendix C; MLLP release 1.
"""

from __future__ import annotations

import logging
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cart_fhir.errors import fault
from cart_fhir.mappers import hl7ack

START, END = b"\x0b", b"\x1c\r"
Deliver = Callable[[bytes], Sequence[bytes]]  # a message -> its answers, once what it says is stored

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

    def __init__(
        self,
        address: tuple[str, int],
        deliver: Deliver,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.deliver = deliver
        self.tls = tls
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

    def handle_error(self, request: object, client_address: object) -> None:
        """Say what went wrong and where in the program, not with what values."""
        log.error("A connection ended: %s.", fault(sys.exc_info()[1]))


def secured(certificate: str, key: str, clients: str = "") -> ssl.SSLContext:
    """A context for TLS 1.2 and later; with `clients` (a CA's certificate) senders must show one that it signed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=clients or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key or None)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


class _Sender(socketserver.BaseRequestHandler):
    server: Listener
    request: socket.socket

    def handle(self) -> None:
        try:
            self._shake_hands()
            frames = Frames(self.request, self.server.limits)
            while (message := frames.next()) is not None:
                with self.server.turn:
                    answers = self.server.deliver(message)
                self._answer(answers)
        except Broken as broken:
            log.warning("%s The connection is closed; nothing of that message is stored.", broken)
            if broken.head:
                self._answer(hl7ack.refused(broken.head, "AR", str(broken)))
        except TimeoutError:
            log.info("A connection was silent too long and is closed.")
        except OSError as problem:
            log.warning("A connection broke: %s.", problem.strerror or type(problem).__name__)

    def _shake_hands(self) -> None:
        """Go over to TLS, where it is wanted; a slow or strange sender holds up nobody but itself."""
        if self.server.tls is not None:
            self.request.settimeout(self.server.limits.message)
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)

    def finish(self) -> None:
        """Close the TLS socket; the plain one below it is the server's to close."""
        if self.server.tls is not None:
            self.request.close()

    def _answer(self, answers: Sequence[bytes]) -> None:
        self.request.settimeout(self.server.limits.message)
        for answer in answers:
            self.request.sendall(START + answer + END)
