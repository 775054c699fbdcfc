"""Run by ``test_capture.py`` in its own process: PortAudio reads its environment when it is loaded.

Arguments: the WAV to play, the file for the samples, and optionally the seconds after which the server dies.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

from dictation.errors import EngineError
from voice.devices import devices
from voice.microphone import MicrophoneSource

wav, raw, dies_after_s, server = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
found = devices()
sink = open(raw, "wb", buffering=0)  # noqa: SIM115 - lives as long as the process
source = MicrophoneSource("default", sink=sink.write)
errors: list[str] = []


def read() -> None:
    try:
        for _ in source.frames():
            pass
    except EngineError as error:
        errors.append(error.code)


source.open()
thread = threading.Thread(target=read)
thread.start()
player = subprocess.Popen(["paplay", "--device=ci_mic", wav])
if dies_after_s:
    time.sleep(dies_after_s)
    os.kill(server, signal.SIGKILL)
    thread.join(10)
    player.kill()
else:
    player.wait()
    time.sleep(1.0)
    source.close()
    thread.join(10)
player.wait()
print(
    json.dumps({"devices": len(found), "errors": errors, "overruns": source.overruns, "ended": not thread.is_alive()})
)
sys.stdout.flush()
os._exit(0)  # PortAudio may hang in its own clean-up once the server is dead
