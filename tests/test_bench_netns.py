"""Machines made of network namespaces: they reach each other, can be cut off, and are gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.netns import Network, lacking, spaces, sweep

LACKS = lacking()
pytestmark = pytest.mark.skipif(LACKS is not None, reason=str(LACKS))

SERVE = "import socket; s = socket.create_server(('', 8000)); print(flush=True)\nwhile True: s.accept()[0].close()"
ASK = "import socket, sys; socket.create_connection((sys.argv[1], 8000), 1)"

LEFT = "from bench.netns import Network\nNetwork(['left']).__enter__()\nprint(flush=True)\ninput()"


@pytest.fixture
def network() -> Iterator[Network]:
    """Two machines, of which the second answers on port 8000."""
    with Network(["one", "two"]) as made:
        made.serves("two")
        command = made.command("two", sys.executable, "-c", SERVE)
        with subprocess.Popen(command, stdout=subprocess.PIPE) as serving:
            assert serving.stdout is not None
            serving.stdout.readline()
            yield made
            serving.kill()


def reaches(network: Network, address: str) -> bool:
    """Whether the first machine gets an answer from an address."""
    asked = network.command("one", sys.executable, "-c", ASK, address)
    return subprocess.run(asked, check=False, stderr=subprocess.DEVNULL).returncode == 0


def test_a_machine_whose_cable_is_out_is_reached_by_nobody_until_it_is_in_again(network: Network) -> None:
    assert reaches(network, network.addresses["two"])
    assert reaches(network, "10.232.17.4")
    network.cut("two")
    assert not reaches(network, network.addresses["two"])
    network.mend("two")
    assert reaches(network, network.addresses["two"])


def test_machines_are_gone_when_they_are_needed_no_more() -> None:
    with Network(["one"]):
        assert len(spaces(os.getpid())) == 2
    assert spaces(os.getpid()) == []


def test_what_a_killed_run_left_is_taken_away() -> None:
    left = subprocess.Popen(
        [sys.executable, "-c", LEFT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    )
    assert left.stdout is not None
    left.stdout.readline()
    sweep()
    assert len(spaces(left.pid)) == 2
    left.kill()
    left.communicate()
    sweep()
    assert spaces(left.pid) == []
