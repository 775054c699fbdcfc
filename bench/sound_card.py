"""A sound card for tests and benches: PulseAudio with null sinks whose monitors are the microphones.

Needs Debian's pulseaudio, pulseaudio-utils, libportaudio2 and libasound2-plugins.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ALSA = """
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.micro_2 { type pulse device "ci_mic_2.monitor" hint { show on description "Micro 2" } }
"""


@contextmanager
def null_sink(folder: Path) -> Iterator[dict[str, str]]:
    """Runs the server; gives the environment in which PortAudio's ``default`` records what is played to ``ci_mic``.

    ``plug`` and ``unplug`` bring and take a second microphone, ``micro_2`` for PortAudio. PortAudio reads its environment when it is loaded: record in a process of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    socket = folder / "pulse.sock"
    config = folder / "asound.conf"
    shipped = Path("/usr/share/alsa/alsa.conf")
    config.write_text((f"<{shipped}>\n" if shipped.exists() else "") + ALSA)
    env = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(folder),
        "HOME": str(folder),
        "PULSE_SERVER": f"unix:{socket}",
        "ALSA_CONFIG_PATH": str(config),
    }
    server = subprocess.Popen(
        [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
            "-L",
            f"module-native-protocol-unix socket={socket} auth-anonymous=1",
            "-L",
            "module-null-sink sink_name=ci_mic rate=16000 channels=1 format=s16le",
        ],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 15
        while subprocess.run(["pactl", "info"], env=env, capture_output=True).returncode:
            if time.monotonic() > deadline or server.poll() is not None:
                raise RuntimeError("pulseaudio did not start")
            time.sleep(0.1)
        yield env
    finally:
        server.terminate()
        server.wait(10)


def plug(env: dict[str, str], sink: str) -> None:
    """Adds a microphone that records what is played to ``sink``."""
    what = [f"sink_name={sink}", "rate=16000", "channels=1", "format=s16le"]
    subprocess.run(["pactl", "load-module", "module-null-sink", *what], env=env, check=True, capture_output=True)


def unplug(env: dict[str, str], sink: str) -> None:
    """Takes that microphone away, whoever is recording."""
    listed = subprocess.run(["pactl", "list", "short", "modules"], env=env, check=True, capture_output=True, text=True)
    for line in listed.stdout.splitlines():
        if f"sink_name={sink} " in line:
            subprocess.run(["pactl", "unload-module", line.split()[0]], env=env, check=True)
