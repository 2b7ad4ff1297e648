"""What attackers and clumsy clients do to the SSH door, with asyncssh and with bare sockets.

    python attack.py STORY PORT FOLDER

FOLDER holds the private key `lan` of somebody who works here and `nobody`, a key that is on no record. A story ends
with status 0 when the door behaved. Nothing here waits for time to pass: every wait is for something to arrive, up
to a deadline.
"""

import asyncio
import os
import re
import socket
import struct
import sys
import time

import asyncssh
from asyncssh.packet import Boolean, String, UInt32

HOST = "127.0.0.1"
PORT = int(sys.argv[2])
FOLDER = sys.argv[3]
# Longer than a busy machine needs.
PATIENCE = 60
# A refusal that takes longer than this is a hang.
AT_ONCE = 5
CTRL_Q = b"\x11"
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()][AB0]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)")


def within(seconds, waited):
    return asyncio.wait_for(waited, seconds)


def connect(key="lan", **more):
    keys = [os.path.join(FOLDER, key)] if key else None
    settings = dict(username="anybody", known_hosts=None, config=[], agent_path=None, client_keys=keys)
    return within(PATIENCE, asyncssh.connect(HOST, PORT, **{**settings, **more}))


class Seat(asyncssh.SSHClientSession):
    """A screen: all bytes that came, how it ended."""

    def __init__(self):
        self.all = b""
        self.news = asyncio.Event()
        self.over = False

    def data_received(self, data, datatype):
        self.all += data
        self.news.set()

    def connection_lost(self, exc):
        self.over = True
        self.news.set()

    async def until(self, what, fulfilled):
        async def wait():
            while not fulfilled():
                assert not self.over, f"over before {what}; the end: {self.all[-2000:]!r}"
                self.news.clear()
                await self.news.wait()

        try:
            await within(PATIENCE, wait())
        except asyncio.TimeoutError:
            raise AssertionError(f"never {what}; the end: {self.all[-2000:]!r}") from None

    async def sees(self, text, after=0):
        await self.until(f"sees {text}", lambda: text.encode() in ESCAPES.sub(b"", self.all[after:]))

    async def closed(self):
        async def wait():
            while not self.over:
                self.news.clear()
                await self.news.wait()

        await within(PATIENCE, wait())


async def sit(conn, **more):
    chan, seat = await within(
        PATIENCE,
        conn.create_session(Seat, term_type="xterm-256color", term_size=(100, 30), encoding=None, **more),
    )
    await seat.sees("Calling queue")
    return chan, seat


async def leave(chan, seat):
    """The session still draws, still listens, and ends well."""
    mark = len(seat.all)
    chan.change_terminal_size(120, 40)
    await seat.sees("Calling queue", mark)
    chan.write(CTRL_Q)
    await seat.closed()
    assert chan.get_exit_status() == 0, chan.get_exit_status()


async def works():
    """Somebody with a key comes in and leaves, soon."""
    start = time.monotonic()
    async with await connect() as conn:
        await leave(*await sit(conn))
    assert time.monotonic() - start < 30


async def refused(waited, *errors):
    """Whatever is asked ends with one of `errors`, at once."""
    try:
        await within(AT_ONCE, waited)
    except errors:
        return
    raise AssertionError("granted")


async def logins():
    await works()
    denied = asyncssh.PermissionDenied
    await refused(connect("nobody"), denied)
    await refused(connect(None, password="secret", preferred_auth="password,keyboard-interactive"), denied)
    await refused(connect(None, preferred_auth="none"), denied)
    # The third wrong key is the last, and the right one behind it comes too late.
    wrong = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(3)]
    keys = wrong + [asyncssh.read_private_key(os.path.join(FOLDER, "lan"))]
    await refused(connect(client_keys=keys), denied, asyncssh.DisconnectError, ConnectionError)
    await works()


async def asks():
    no = (asyncssh.ChannelOpenError, asyncssh.ChannelListenError, asyncssh.ConnectionLost)
    async with await connect() as conn:
        chan, seat = await sit(conn)
        await refused(conn.create_session(Seat, term_type="xterm"), asyncssh.ChannelOpenError)
        await refused(conn.run("id"), asyncssh.ChannelOpenError)
        await refused(conn.open_connection(HOST, PORT), *no)
        await refused(conn.open_unix_connection("/run/systemd/private"), *no)
        await refused(conn.forward_remote_port("", 0, HOST, PORT), *no)
        await refused(conn.forward_remote_path("/tmp/never", "/tmp/never"), *no)
        await leave(chan, seat)
    async with await connect() as conn:
        ran = await within(AT_ONCE, conn.run("cat /etc/passwd"))
        assert (ran.exit_status, ran.stdout) == (2, "") and "runs no commands" in ran.stderr, ran
    async with await connect() as conn:
        await refused(conn.start_sftp_client(), asyncssh.Error)
    async with await connect() as conn:
        await refused(asyncssh.scp((conn, "/etc/passwd"), FOLDER), asyncssh.Error, OSError)
    assert not os.path.exists(os.path.join(FOLDER, "passwd"))


async def stall():
    async with await connect() as conn:
        chan, seat = await sit(conn, window=32 * 1024, max_pktsize=8 * 1024)
        chan.pause_reading()
        had = len(seat.all)
        for turn in range(2000):
            chan.change_terminal_size(100 + turn % 2, 30)
        chan.write("\x1b2".encode())
        await works()
        chan.resume_reading()
        await seat.sees("Find a customer")
        # A window, and what was on its way: not two thousand frames.
        await seat.until("came", lambda: len(seat.all) > had)
        assert len(seat.all) - had < 1_000_000, len(seat.all) - had
        chan.write("\x1b1".encode())
        await leave(chan, seat)
    # One that leaves and never takes the last frame.
    conn = await connect()
    chan, _ = await sit(conn, window=4 * 1024)
    chan.pause_reading()
    for turn in range(100):
        chan.change_terminal_size(100 + turn % 2, 30)
    chan.write(CTRL_Q)
    await works()
    conn.abort()


async def halves():
    # In all more than one key may have at once: each is really over before the next.
    for _ in range(3):
        conn = await connect()
        chan, seat = await sit(conn)
        chan.write_eof()
        await seat.closed()
        conn.abort()
    for _ in range(3):
        conn = await connect()
        _, seat = await sit(conn)
        # The socket says that nothing more comes, and stays open to listen.
        conn._transport.write_eof()
        await seat.closed()
        conn.abort()
    await works()


async def pastes():
    async with await connect() as conn:
        chan, seat = await sit(conn)
        chan.write(b"\x1b2")
        await seat.sees("Find a customer")
        chan.write(b"\x1b[200~" + b"0904 " * (1024 * 1024 // 5) + b"\x1b[201~")
        await seat.sees("longer than 256 KB")
        chan.write(b"\x1b1")
        await leave(chan, seat)


async def bytes_of_no_text():
    strange = [
        b"\x00" * 10_000,
        b"\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80" * 1000,
        bytes(range(0x80, 0x100)) * 100,
        b"\x1b[" + b"9;" * 20_000 + b"m",
        b"\x1b[99999999999999999999A",
        b"\x1b]52;c;" + b"QUJD" * 5000 + b"\x07",
        b"\x1bP" + b"q" * 10_000 + b"\x1b\\",
        b"\x1b[<0;99999;99999M" * 1000,
        b"\x1b[200~never ends \x00\xff" * 10 + b"\x1b[201~",
        "\u202e\u200b\u0301\u0301\ufeff\U0010ffff".encode() * 1000,
    ]
    for piece in strange:
        async with await connect() as conn:
            chan, seat = await sit(conn)
            chan.write(b"\x1b2")
            await seat.sees("Find a customer")
            chan.write(piece)
            chan.write(b"\x1b\x1b1")
            await leave(chan, seat)


async def sizes():
    async with await connect() as conn:
        chan, seat = await sit(conn)
        for turn in range(5000):
            chan.change_terminal_size(turn * 7919 % 500, turn * 104729 % 200, turn, turn)
        for size in [(0, 0), (1, 1), (2**32 - 1, 2**32 - 1), (2**32 - 1, 0), (0, 2**31)]:
            chan.change_terminal_size(*size)
        await leave(chan, seat)


async def packets():
    """Somebody with a key who breaks the protocol: at most their own connection ends."""

    def data(chan, body):
        return lambda conn: conn.send_packet(94, UInt32(chan), String(body))

    def many(times, kind, *parts):
        def send(conn):
            for _ in range(times):
                conn.send_packet(kind, *parts)

        return send

    request = UInt32(0) + String("window-change") + Boolean(False)
    abuse = {
        "oversized": data(0, b"x" * 300_000),
        "huge": data(0, b"x" * 3_000_000),
        "channel unknown": data(4_000_000_000, b"x"),
        "window overrun": many(200, 94, UInt32(0), String(b"x" * 8000)),
        "window overflow": many(10, 93, UInt32(0), UInt32(2**32 - 1)),
        "short request": many(10, 98, request, b"\x00\x00"),
        "text longer than said": many(10, 98, UInt32(0), UInt32(2**32 - 1), b"pty-req"),
        "global requests": many(2000, 80, String("hostkeys-prove-00@openssh.com"), Boolean(True)),
        "keepalives": many(2000, 80, String("keepalive@openssh.com"), Boolean(True)),
        "channels": many(500, 90, String("session"), UInt32(7), UInt32(1), UInt32(1)),
        "strange channels": many(500, 90, String("tun@openssh.com"), UInt32(7), UInt32(1), UInt32(1)),
        "ignored": many(20, 2, String(b"x" * 30_000)),
        "unknown": many(100, 191, b"what"),
        "another login": many(10, 50, String("root"), String("ssh-connection"), String("none")),
        "service again": many(10, 5, String("ssh-userauth")),
        "keys out of turn": many(3, 21),
        "a bad exchange": many(3, 20, b"\xff" * 40),
        "closed twice": many(3, 97, UInt32(0)),
    }
    for send in abuse.values():
        conn = await connect()
        await sit(conn)
        send(conn)
        # Whatever becomes of this one, the next comes in.
        await works()
        conn.abort()


def bare(*pieces):
    stream = socket.create_connection((HOST, PORT), PATIENCE)
    try:
        for piece in pieces:
            stream.sendall(piece)
    except ConnectionError:
        pass  # It may be gone before all is said.
    return stream


def gone(stream):
    try:
        while stream.recv(4096):
            pass
    except ConnectionError:
        pass
    stream.close()


async def crowd():
    silent = [bare() for _ in range(200)]
    await works()
    mute = [bare(b"SSH-2.0-mute\r\n") for _ in range(50)]
    await works()
    for stream in silent + mute:
        stream.close()
    hello = b"SSH-2.0-rough\r\n"
    malformed = [
        [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
        [b"SSH-1.5-old\r\n"],
        [b"SSH-2.0-" + b"x" * 100_000],
        [b"\x00" * 100_000],
        [b"\x16\x03\x01\x02\x00\x01\x00" + b"\x01" * 600],
        [hello, struct.pack(">I", 2**32 - 1) * 5000],
        [hello, struct.pack(">IB", 300_000, 4) + b"\x14" * 300_000],
        [hello, struct.pack(">IB", 1, 255) + b"\x00" * 300_000],
        [hello, struct.pack(">IBB", 1_000, 4, 20) + b"\xff" * 2_000],
    ]
    start = time.monotonic()
    for pieces in malformed * 5:
        gone(bare(*pieces))
    assert time.monotonic() - start < 15, "what is no SSH waits for its login time"
    await works()


STORIES = [logins, asks, stall, halves, pastes, bytes_of_no_text, sizes, packets, crowd]

if __name__ == "__main__":
    asyncio.run({story.__name__: story for story in STORIES}[sys.argv[1]]())
