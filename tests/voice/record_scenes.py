"""Run by ``test_capture.py`` in its own process: PortAudio reads its environment when it is loaded.

Arguments: the scene, the WAV to play, the file for the samples. Prints what happened as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time

from bench.sound_card import plug, unplug
from dictation.errors import EngineError
from voice.microphone import MicrophoneSource
from voice.seams import Level

scene, wav, raw = sys.argv[1:4]
env = dict(os.environ)
sink = open(raw, "wb", buffering=0)  # noqa: SIM115 - lives as long as the process
told: dict[str, object] = {}


def play(where: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["paplay", f"--device={where}", wav])


def read(source: MicrophoneSource) -> str:
    """Frames to their end; the code of what ended them."""
    try:
        for _ in source.frames():
            pass
    except EngineError as error:
        return error.code
    return ""


def listening(source: MicrophoneSource, name: str) -> threading.Thread:
    """Reads on a thread; ``told[name]`` is what ended it."""
    told[name] = "hangs"
    thread = threading.Thread(target=lambda: told.update({name: read(source)}))
    thread.start()
    return thread


def unplugged() -> None:
    first = MicrophoneSource("default", sink=sink.write)
    first.open()
    player = play("ci_mic")
    gone = [0.0]

    def pull() -> None:
        gone[0] = time.monotonic()
        unplug(env, "ci_mic")

    timer = threading.Timer(4.0, pull)
    timer.start()
    told["first"] = read(first)
    told["noticed_s"] = time.monotonic() - gone[0]
    told["samples_before"] = os.path.getsize(raw) // 2
    timer.join()
    player.kill()
    plug(env, "ci_mic_2")
    second = MicrophoneSource("micro_2", sink=sink.write, start_s=first.now_s)
    second.open()
    thread = listening(second, "second")
    play("ci_mic_2").wait()
    time.sleep(1.0)
    second.close()
    thread.join(10)
    told["now_s"] = second.now_s


def key_late() -> None:
    """The key is pressed half a second after the first word began."""
    spoken = threading.Event()

    def level(heard: Level) -> None:
        if heard.rms_db > -50:
            spoken.set()

    source = MicrophoneSource("default", sink=sink.write, armed=True, on_level=level)
    source.open()
    thread = listening(source, "source")
    player = play("ci_mic")
    told["heard"] = spoken.wait(20)
    time.sleep(0.5)
    told["samples_before_the_key"] = os.path.getsize(raw) // 2
    source.start()
    player.wait()
    time.sleep(1.0)
    source.close()
    thread.join(10)


{"unplugged": unplugged, "key_late": key_late}[scene]()
print(json.dumps(told))
sys.stdout.flush()
os._exit(0)  # PortAudio may hang in its own clean-up once a device is gone
