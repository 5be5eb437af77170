"""Somebody on the path between surgeon and patient: `python -m tests.attacks.on_path FROM TO` carries the four ports.

He cuts what the surgeon sends on the port of commands into frames of ZMTP, and does with them what a line of his input
says: `replay` the next frame on its own connection, `swap` the next frames of two connections, `bend` a bit of the next
one, `hold` all that goes either way and `release` it, or `reopen`: say all that one connection has said so far on
another one of his own, beginning with its greeting. When it is done he says `done`.
"""

import asyncio
import contextlib
import os
import socket
import sys

PORTS = 4
COMMANDS = 1
CHUNK = 65536
GREETING_BYTES = 64
LONG = 2
KEPT_BYTES = 65536
STEP_S = 0.05
PRIORITY = 51
"""Between the pilot's and the gateway's."""
HANDSHAKE = 3
"""Pieces of it: a greeting, a hello, and who it is."""
REPEATED = 30
ADDRESS = "127.0.0.3"
Writer = asyncio.StreamWriter


class OnPath:
    """What he is asked for, and what he has heard."""

    def __init__(self) -> None:
        self.ask = ""
        self.open = asyncio.Event()
        self.open.set()
        self._waiting: tuple[Writer, bytes] | None = None
        self._heard: dict[Writer, list[bytes]] = {}

    def hear_greeting(self, writer: Writer, greeting: bytes) -> None:
        """A connection of the surgeon's begins."""
        self._heard[writer] = [greeting]

    def hear(self, writer: Writer, piece: bytes) -> None:
        """A frame of the surgeon's, on one of his connections; pass it on, or do something else."""
        heard = self._heard[writer]
        if sum(map(len, heard)) < KEPT_BYTES:
            heard.append(piece)
        ask = self.ask if len(heard) > HANDSHAKE else ""
        if ask == "replay":
            writer.write(piece)
            self._done()
        elif ask == "bend":
            piece = piece[:-1] + bytes((piece[-1] ^ 1,))
            self._done()
        elif ask == "swap" and self._waiting is None:
            self._waiting = writer, piece
            return
        elif ask == "swap" and self._waiting is not None and self._waiting[0] is not writer:
            other, others = self._waiting
            self._waiting = None
            other.write(piece)
            piece = others
            self._done()
        writer.write(piece)

    def forget(self, writer: Writer) -> None:
        """A connection is over."""
        self._heard.pop(writer, None)

    async def reopen(self, port: int) -> None:
        """What one connection said, from its greeting on, on another one."""
        said = next(pieces for pieces in self._heard.values() if len(pieces) > 10)
        peer = socket.create_connection(("127.0.0.1", port), 5.0, (ADDRESS, 0))
        _, writer = await asyncio.open_connection(sock=peer)
        for number, piece in enumerate(said[:REPEATED]):
            writer.write(piece)
            if number < HANDSHAKE:
                # The patient's side answers each, and would find the next one too early.
                await asyncio.sleep(STEP_S)
        await asyncio.sleep(STEP_S)
        writer.close()
        self._done()

    def _done(self) -> None:
        self.ask = ""
        print("done", flush=True)


async def _frames(reader: asyncio.StreamReader, writer: Writer, on_path: OnPath) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        greeting = b""
        while len(greeting) < GREETING_BYTES:
            # The two sides greet each other by turns, a few bytes at a time.
            part = await reader.read(GREETING_BYTES - len(greeting))
            if not part:
                raise asyncio.IncompleteReadError(greeting, GREETING_BYTES)
            await on_path.open.wait()
            writer.write(part)
            greeting += part
        on_path.hear_greeting(writer, greeting)
        while True:
            piece = await reader.readexactly(1)
            piece += await reader.readexactly(8 if piece[0] & LONG else 1)
            piece += await reader.readexactly(int.from_bytes(piece[1:], "big"))
            await on_path.open.wait()
            on_path.hear(writer, piece)
            await writer.drain()
    on_path.forget(writer)
    writer.close()


async def _bytes(reader: asyncio.StreamReader, writer: Writer, on_path: OnPath) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            await on_path.open.wait()
            writer.write(data)
            await writer.drain()
    writer.close()


async def _serve(port: int, to_port: int, on_path: OnPath, *, by_frames: bool) -> None:
    carry_out = _frames if by_frames else _bytes

    async def carry(reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", to_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(carry_out(reader, onward_writer, on_path), _bytes(onward_reader, writer, on_path))

    server = await asyncio.start_server(carry, "127.0.0.1", port)
    await server.serve_forever()


async def _obey(to_port: int, on_path: OnPath) -> None:
    asked = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asked), sys.stdin)
    while line := await asked.readline():
        ask = line.decode().strip()
        if ask == "hold":
            on_path.open.clear()
            print("done", flush=True)
        elif ask == "release":
            on_path.open.set()
            print("done", flush=True)
        elif ask == "reopen":
            await on_path.reopen(to_port + COMMANDS)
        else:
            on_path.ask = ask


async def main(port: int, to_port: int) -> None:
    """Serve until killed: promptly, where this host lets us, for a network does not wait for other programs."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    on_path = OnPath()
    ports = [_serve(port + n, to_port + n, on_path, by_frames=n == COMMANDS) for n in range(PORTS)]
    await asyncio.gather(_obey(to_port, on_path), *ports)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
