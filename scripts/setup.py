#!/usr/bin/env python3
"""Everything a fresh machine needs, in order, each step skipped when already done.

    python3 scripts/setup.py [--tests]

Standard library only: this runs before anything is installed. Steps: system libraries (as root with
apt, else one line saying the command), virtual environment, locked packages, llama-cpp-python built
for this processor and kept in a wheel cache, models assembled and verified.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("CALAME_VENV") or ROOT / ".venv")
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
CACHE = Path(
    os.environ.get("CALAME_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "calame"
)
UV = "uv==0.13.9"
START = time.monotonic()

#: what the program itself uses, and what only the tests and the PDF export use (Debian names)
LIBRARIES = {"libportaudio2": lambda: bool(ctypes.util.find_library("portaudio"))}
TEST_TOOLS = {
    "chromium": lambda: bool(shutil.which("chromium")),
    "libreoffice-writer": lambda: bool(shutil.which("soffice")),
    "poppler-utils": lambda: bool(shutil.which("pdftoppm")),
    "pulseaudio": lambda: bool(shutil.which("pulseaudio")),
    "pulseaudio-utils": lambda: bool(shutil.which("paplay")),
    "libasound2-plugins": lambda: any(Path("/usr/lib").rglob("libasound_module_pcm_pulse.so")),
    "ffmpeg": lambda: bool(shutil.which("ffmpeg")),
    "fonts-dejavu-core": lambda: Path("/usr/share/fonts/truetype/dejavu").is_dir(),
    "fonts-liberation2": lambda: any(Path("/usr/share/fonts").rglob("LiberationSans-Regular.ttf")),
}


def say(text: str) -> None:
    print(f"[{time.monotonic() - START:6.1f} s] {text}", flush=True)


def stop(text: str) -> None:
    print(f"\n[installation] {text}", file=sys.stderr, flush=True)
    raise SystemExit(4)


def run(command: list[str], failure: str, **extra: object) -> None:
    """Runs a step; on failure says what is missing and how to get it."""
    for attempt in (1, 2):
        result = subprocess.run(command, check=False, **extra)  # type: ignore[call-overload]
        if result.returncode == 0:
            return
        if attempt == 1:
            say("  échec, second essai…")
    stop(failure)


def system_packages(wanted: dict[str, object]) -> None:
    missing = [name for name, present in wanted.items() if not present()]  # type: ignore[operator]
    if not missing:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say(f"Bibliothèques du système : {', '.join(missing)}")
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        if subprocess.run(line.split(), check=False, **quiet).returncode == 0:  # type: ignore[call-overload]
            return
    say(f"À installer par l'administrateur de la machine : sudo {line}")


def environment() -> None:
    if sys.version_info < (3, 11):
        stop(
            "Python 3.11 ou plus récent est nécessaire (python3 --version). Sous Debian : apt-get install python3 python3-venv"
        )
    if not PYTHON.exists():
        say("Environnement Python")
        run(
            [sys.executable, "-m", "venv", str(VENV)],
            "L'environnement Python n'a pas pu être créé. Sous Debian : apt-get install python3-venv",
        )


def locked_packages(stamp: Path) -> None:
    say("Paquets du fichier de verrouillage (requirements.lock)")
    run(
        [str(PYTHON), "-m", "pip", "install", "--quiet", UV],
        "pip n'a pas pu installer uv : vérifiez l'accès à l'index Python.",
    )
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", LOCK.read_text(encoding="utf-8"))
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as handle:
        handle.write("\n".join(b for b in blocks if not b.startswith("llama-cpp-python")))
    try:
        run(
            [
                str(VENV / "bin" / "uv"),
                "pip",
                "install",
                "--python",
                str(PYTHON),
                "--no-deps",
                "--require-hashes",
                "-r",
                handle.name,
            ],
            "Un paquet verrouillé n'a pas pu être installé : vérifiez l'accès à l'index Python, puis relancez la même commande.",
        )
    finally:
        os.unlink(handle.name)
    run(
        [
            str(VENV / "bin" / "uv"),
            "pip",
            "install",
            "--quiet",
            "--python",
            str(PYTHON),
            "--no-deps",
            "--no-build-isolation",
            "-e",
            str(ROOT),
        ],
        "Calame n'a pas pu être installé dans son environnement.",
    )
    stamp.write_text(fingerprint(), encoding="utf-8")


def fingerprint() -> str:
    return hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


# --- llama-cpp-python -----------------------------------------------------------------------------


def llama_version() -> str:
    return re.search(r"^llama-cpp-python==(\S+)", LOCK.read_text(encoding="utf-8"), re.M)[1]  # type: ignore[index]


def processor_key() -> str:
    """The wheel is built for this kind of processor only (GGML_NATIVE): key the cache by it."""
    flags = ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", info.read_text(), re.M)
        flags = " ".join(sorted(found[1].split())) if found else ""
    tag = f"py{sys.version_info[0]}{sys.version_info[1]}"
    return f"{platform.machine()}-{tag}-{hashlib.sha256((flags + BUILD_FLAGS).encode()).hexdigest()[:12]}"


#: AMX crashes in some virtual machines that announce it (decision 002): never built
AMX = "-mno-amx-int8 -mno-amx-tile -mno-amx-bf16"
BUILD_FLAGS = "-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_CURL=OFF"


def llama() -> None:
    version = llama_version()
    probe = f"import llama_cpp, sys; sys.exit(llama_cpp.__version__ != {version!r})"
    if subprocess.run([str(PYTHON), "-c", probe], check=False, capture_output=True).returncode == 0:
        return
    store = CACHE / "wheels" / processor_key()
    wheels = sorted(store.glob(f"llama_cpp_python-{version}-*.whl"))
    if not wheels:
        wheels = [build_llama(version, store)]
    say(f"llama-cpp-python {version} : {wheels[0].name}")
    run(
        [
            str(VENV / "bin" / "uv"),
            "pip",
            "install",
            "--quiet",
            "--python",
            str(PYTHON),
            "--no-deps",
            "--reinstall",
            str(wheels[0]),
        ],
        "La roue llama-cpp-python n'a pas pu être installée.",
    )


def build_llama(version: str, store: Path) -> Path:
    if not shutil.which("gcc") or not shutil.which("g++"):
        stop("Il manque un compilateur C et C++. Sous Debian : apt-get install gcc g++ make")
    cores = os.cpu_count() or 2
    say(f"Construction de llama-cpp-python {version} pour ce processeur (2 à 5 minutes sur {cores} cœurs)")
    with tempfile.TemporaryDirectory(prefix="calame-llama-") as work:
        run(
            [
                str(PYTHON),
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--no-binary=:all:",
                "--dest",
                work,
                f"llama-cpp-python=={version}",
            ],
            "La source de llama-cpp-python n'a pas pu être téléchargée : vérifiez l'accès à l'index Python.",
        )
        archive = next(Path(work).glob("llama_cpp_python-*.tar.gz"))
        if hashlib.sha256(archive.read_bytes()).hexdigest() not in LOCK.read_text(encoding="utf-8"):
            stop(
                "La source de llama-cpp-python n'a pas l'empreinte du fichier de verrouillage : rien n'a été construit."
            )
        with tarfile.open(archive) as tar:
            tar.extractall(work, filter="data")
        source = Path(work) / f"llama_cpp_python-{version}"
        cmake = source / "CMakeLists.txt"
        text = cmake.read_text(encoding="utf-8")
        cmake.write_text(
            text.replace("set(LLAMA_BUILD_COMMON ON CACHE", "set(LLAMA_BUILD_COMMON OFF CACHE"), encoding="utf-8"
        )
        env = {**os.environ, "CMAKE_ARGS": BUILD_FLAGS, "CMAKE_BUILD_PARALLEL_LEVEL": str(cores)}
        if platform.machine() in ("x86_64", "AMD64"):
            env |= {"CFLAGS": AMX, "CXXFLAGS": AMX}
        out = Path(work) / "out"
        with progress_line():
            run(
                [str(PYTHON), "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(source)],
                "llama-cpp-python ne s'est pas construit. Il faut gcc, g++ et make, et l'accès à l'index Python pour cmake.",
                env=env,
            )
        store.mkdir(parents=True, exist_ok=True)
        wheel = next(out.glob("*.whl"))
        return Path(shutil.copy(wheel, store / wheel.name))


class progress_line:
    """Says every twenty seconds that a long step is still going on."""

    def __enter__(self) -> None:
        import threading

        self.over = threading.Event()

        def tick() -> None:
            while not self.over.wait(20):
                say("  … en cours")

        threading.Thread(target=tick, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.over.set()


def models() -> None:
    code = "from app.cli import main; raise SystemExit(main(['models', 'pull', '--default']))"
    if subprocess.run([str(PYTHON), "-c", code], check=False, cwd=ROOT).returncode:
        raise SystemExit(4)


def main() -> None:
    environment()
    stamp = VENV / ".calame"
    system_packages({**LIBRARIES, **(TEST_TOOLS if "--tests" in sys.argv else {})})
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != fingerprint():
        locked_packages(stamp)
    llama()
    models()
    say("Installation prête.")


if __name__ == "__main__":
    main()
