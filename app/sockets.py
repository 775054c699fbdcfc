"""Sockets held by this installation's processes, from ``/proc`` (Linux). No connection is made."""

from __future__ import annotations

import ipaddress
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LISTEN = "0A"


@dataclass(frozen=True, slots=True)
class Held:
    """One TCP or UDP socket."""

    local: str
    remote: str
    listening: bool
    local_loopback: bool
    remote_loopback: bool


def sockets(proc: Path = Path("/proc")) -> tuple[Held, ...] | None:
    """Of this process, its parents' group and every ``calame`` process of this user; ``None`` elsewhere than Linux."""
    if not (proc / "net" / "tcp").exists():
        return None
    inodes = {inode for pid in _ours(proc) for inode in _inodes(proc / pid)}
    return tuple(h for inode, h in _table(proc) if inode in inodes)


def _ours(proc: Path) -> Iterator[str]:
    for entry in proc.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if entry.stat().st_uid != os.getuid():
                continue
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        words = [w.rsplit(b"/", 1)[-1] for w in command[:4]]
        if entry.name == str(os.getpid()) or b"calame" in words or b"app.cli" in command:
            yield entry.name


def _inodes(process: Path) -> Iterator[str]:
    try:
        for fd in (process / "fd").iterdir():
            try:
                target = os.readlink(fd)
            except OSError:
                continue
            if target.startswith("socket:["):
                yield target[8:-1]
    except OSError:
        return


def _table(proc: Path) -> Iterator[tuple[str, Held]]:
    for name in ("tcp", "tcp6", "udp", "udp6"):
        try:
            rows = (proc / "net" / name).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            cells = row.split()
            local, remote = _address(cells[1]), _address(cells[2])
            listening = cells[3] == _LISTEN or (name.startswith("udp") and cells[2].endswith(":0000"))
            yield (
                cells[9],
                Held(
                    _show(local),
                    _show(remote),
                    listening,
                    local[0].is_loopback,
                    remote[0].is_loopback or remote[1] == 0,
                ),
            )


_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


def _address(text: str) -> tuple[_Ip, int]:
    host, _, port = text.partition(":")
    raw = bytes.fromhex(host)
    packed = b"".join(struct.pack(">I", n) for n in struct.unpack(f"={len(raw) // 4}I", raw))
    ip = ipaddress.ip_address(packed)
    mapped = getattr(ip, "ipv4_mapped", None)
    return mapped or ip, int(port, 16)


def _show(address: tuple[_Ip, int]) -> str:
    ip, port = address
    return f"[{ip}]:{port}" if ip.version == 6 else f"{ip}:{port}"
