"""A door that an audit must find fault with. Prints its port and stands open until standard input ends."""

import asyncio
import sys

import asyncssh


async def main():
    door = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[asyncssh.generate_private_key("ssh-rsa", key_size=1024)],
        kex_algs=["diffie-hellman-group1-sha1", "curve25519-sha256"],
        encryption_algs=["3des-cbc", "aes128-ctr"],
        mac_algs=["hmac-md5"],
    )
    print(door.get_port(), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    door.close()


asyncio.run(main())
