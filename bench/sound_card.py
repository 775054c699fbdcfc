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
"""


@contextmanager
def null_sink(folder: Path) -> Iterator[dict[str, str]]:
    """Runs the server; gives the environment in which PortAudio's ``default`` records what is played to ``ci_mic``.

    PortAudio reads its environment when it is loaded: record in a process of its own.
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
