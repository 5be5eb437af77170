"""What a stranger may say at a TCP port of the patient's side: noise, and ZMTP that is damaged, cut short or a lie.

ZMTP 3.1 (RFC 37): a greeting of 64 bytes, then commands and messages, each with a flag and its length. CurveZMQ
(RFC 26): HELLO, WELCOME, INITIATE, READY; a stranger can make the first, and repeat what others once said.
"""

import random
import select
import socket
import struct
import time

import zmq

from protocol import curve

GREETING_BYTES = 64
LISTEN_S, SILENT_S = 5.0, 0.3
NOISE_MAX = 6000
MECHANISMS = (b"CURVE", b"NULL", b"PLAIN", b"GSSAPI", b"", b"CURVE\0\xff", b"\xff" * 20)
VERSIONS = ((3, 1), (3, 0), (2, 0), (1, 0), (0, 0), (255, 255))
LENGTHS = (0, 1, 199, 200, 255, 4096, 4097, 2**31, 2**63 - 1, 2**64 - 1)


def greeting(chance: random.Random) -> bytes:
    """A greeting; one in two is that of our own clients."""
    mechanism, version = (MECHANISMS[0], VERSIONS[0])
    if chance.random() < 0.5:
        mechanism, version = chance.choice(MECHANISMS), chance.choice(VERSIONS)
    server = bytes([chance.choice((0, 0, 0, 1, 255))])
    return b"\xff" + bytes(8) + b"\x7f" + bytes(version) + mechanism[:20].ljust(20, b"\0") + server + bytes(31)


def hello(chance: random.Random) -> bytes:
    """A HELLO of the right form, whose box nobody can open."""
    body = b"\x05HELLO\x01\x00" + bytes(72) + chance.randbytes(32 + 8 + 80)
    return b"\x04" + bytes([len(body)]) + body


def frame(chance: random.Random) -> bytes:
    """A command or message whose flag and length need not be true."""
    content = chance.randbytes(chance.choice((0, 1, 30, 200, 5000)))
    length = chance.choice((*LENGTHS, len(content)))
    name = chance.choice(
        (b"\x05HELLO", b"\x08INITIATE", b"\x05READY", b"\x07WELCOME", b"\x05ERROR", b"\x07MESSAGE", b"")
    )
    flags = chance.choice((0x00, 0x01, 0x02, 0x03, 0x04, 0x06, 0x07, 0xFF))
    size = struct.pack(">Q", length) if flags & 2 else bytes([length & 255])
    return bytes([flags]) + size + name + content


def damaged(chance: random.Random, said: bytes) -> bytes:
    """With some bytes changed, cut, or repeated."""
    content = bytearray(said)
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    cut = chance.choice((len(content), len(content), chance.randrange(len(content))))
    return bytes(content[:cut]) * chance.choice((1, 1, 1, 2))


def speech(chance: random.Random, overheard: tuple[tuple[bytes, ...], ...]) -> list[bytes]:
    """What to say on one connection, piece by piece. `overheard`: what others said."""
    kind = chance.randrange(9)
    if kind == 0:
        return [chance.randbytes(chance.randint(0, NOISE_MAX))]
    if kind == 1:
        return [greeting(chance)[: chance.randint(0, GREETING_BYTES)]]
    if kind == 2:
        return [damaged(chance, greeting(chance)), chance.randbytes(chance.randint(0, 300))]
    if kind == 3:
        return [greeting(chance), hello(chance), *(frame(chance) for _ in range(chance.randint(0, 3)))]
    if kind == 4:
        return [greeting(chance), damaged(chance, hello(chance))]
    if kind == 5:
        return [greeting(chance), *(frame(chance) for _ in range(chance.randint(1, 4)))]
    said = list(chance.choice(overheard))
    if kind == 6:
        return said[: chance.randint(1, len(said))]
    at = chance.randrange(len(said))
    return [*said[:at], damaged(chance, said[at]), *said[at + 1 :]]


def overhear(host: str, port: int, key: str, kind: int) -> tuple[bytes, ...]:
    """What one who knows the key says there at first, in pieces between the answers: a relay writes it down."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    client = context.socket(kind)
    client.setsockopt(zmq.LINGER, 0)
    curve.be_client(client, curve.new_pair(), key)
    said = [b""]
    with socket.create_server((host, 0)) as relay, socket.create_connection((host, port)) as server:
        client.connect(f"tcp://{host}:{relay.getsockname()[1]}")
        if kind == zmq.SUB:
            client.subscribe(b"")
        else:
            client.send(b"no message of ours")
        inner, _ = relay.accept()
        with inner:
            deadline_s = time.monotonic() + LISTEN_S
            while time.monotonic() < deadline_s:
                heard = select.select([inner, server], [], [], SILENT_S)[0]
                if not heard and len(said) > 1:
                    break
                for ready in heard:
                    content = ready.recv(65536)
                    if ready is inner:
                        server.sendall(content)
                        said[-1] += content
                    else:
                        inner.sendall(content)
                        said.append(b"")
    client.close()
    context.term()
    return tuple(filter(None, said))
