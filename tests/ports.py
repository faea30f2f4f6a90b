"""Ports for servers that tests start as processes of their own."""

import random
import socket

# Below those that the kernel gives to outgoing connections, of which browsers open many before the server starts.
CHOICE = range(10_000, 32_000)


def free_port() -> int:
    """A port that nobody listens on."""
    while True:
        port = random.SystemRandom().choice(CHOICE)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
