"""Carries the four ports of a link to another place on this host, byte by byte: `python -m bench.proxy FROM TO`."""

import asyncio
import contextlib
import sys

PORTS = 4
CHUNK = 65536


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _serve(port: int, to_port: int) -> None:
    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", to_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, onward_writer), _copy(onward_reader, writer))

    server = await asyncio.start_server(carry, "127.0.0.1", port)
    await server.serve_forever()


async def main(port: int, to_port: int) -> None:
    """Serve until killed."""
    await asyncio.gather(*(_serve(port + number, to_port + number) for number in range(PORTS)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
