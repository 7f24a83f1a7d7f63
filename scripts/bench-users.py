#!/usr/bin/env python3
"""Users who read a page, think, and ask for it again; prints how long they waited. For scripts/bench.

    scripts/bench-users.py URL COOKIES USERS THINK_SECONDS SECONDS
"""
import asyncio
import random
import sys
import time
from urllib.parse import urlsplit


async def user(target, request: bytes, think: float, until: float, waits: list[float], wrong: list[int]) -> None:
    await asyncio.sleep(random.random() * think)
    reader, writer = await asyncio.open_connection(target.hostname, target.port)
    while time.monotonic() < until:
        begun = time.monotonic()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        if b"content-length:" in lower:
            await reader.readexactly(int(lower.split(b"content-length:")[1].split(b"\r\n")[0]))
        else:
            while size := int((await reader.readline()).strip() or b"0", 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        waits.append(time.monotonic() - begun)
        if b" 200 " not in head.split(b"\r\n")[0]:
            wrong.append(1)
        await asyncio.sleep(think)
    writer.close()


async def main() -> None:
    target, cookies = urlsplit(sys.argv[1]), sys.argv[2]
    users, think, seconds = int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])
    path = target.path + (f"?{target.query}" if target.query else "")
    request = f"GET {path} HTTP/1.1\r\nhost: {target.netloc}\r\ncookie: {cookies}\r\n\r\n".encode()
    waits, wrong, until = [], [], time.monotonic() + seconds
    await asyncio.gather(*(user(target, request, think, until, waits, wrong) for _ in range(users)))
    waits.sort()
    at = lambda share: waits[min(len(waits) - 1, int(len(waits) * share))] * 1000
    bad = f", wrong answers {len(wrong)}" if wrong else ""
    print(f"p50 {at(0.5):.1f}ms, p99 {at(0.99):.1f}ms, {len(waits) / seconds:.0f}/s{bad}")


asyncio.run(main())
