"""A watched folder offers each recording once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dictation.errors import InputError
from voice.watch import FolderWatch


def names(watch: FolderWatch) -> list[str]:
    return [f.path.name for f in watch.poll()]


def test_a_file_is_offered_once_it_is_whole_and_only_once(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path, set())
    recording = tmp_path / "REC001.WAV"
    recording.write_bytes(b"RIFF" + bytes(100))
    assert names(watch) == []  # may still be growing
    recording.write_bytes(b"RIFF" + bytes(200))
    assert names(watch) == []  # it was
    assert names(watch) == ["REC001.WAV"]
    assert names(watch) == []


def test_copies_renames_and_what_was_seen_before_do_not_come_again(tmp_path: Path) -> None:
    seen: set[str] = set()
    watch = FolderWatch(tmp_path, seen)
    (tmp_path / "a.m4a").write_bytes(b"one")
    watch.poll()
    (found,) = watch.poll()
    seen.add(found.sha256)
    (tmp_path / "a.m4a").rename(tmp_path / "b.m4a")
    (tmp_path / "copy.m4a").write_bytes(b"one")
    assert [names(watch) for _ in range(3)] == [[], [], []]
    again = FolderWatch(tmp_path, seen)
    assert [names(again) for _ in range(3)] == [[], [], []]


def test_an_import_that_crashed_is_offered_again(tmp_path: Path) -> None:
    seen: set[str] = set()
    (tmp_path / "a.mp3").write_bytes(b"one")
    for _ in range(2):
        watch = FolderWatch(tmp_path, seen)  # a new start of the program; nothing was added to seen
        watch.poll()
        assert names(watch) == ["a.mp3"]


def test_a_recorder_that_uses_the_same_name_again(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path, set())
    for content in (b"monday", b"tuesday!"):
        (tmp_path / "DICT.ogg").write_bytes(content)
        watch.poll()
        assert names(watch) == ["DICT.ogg"]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / ".hidden.wav").write_bytes(b"x")
    (tmp_path / "empty.wav").touch()
    watch = FolderWatch(tmp_path, set())
    watch.poll()
    assert names(watch) == []


def test_a_folder_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        FolderWatch(tmp_path / "clé", set()).poll()
    assert caught.value.code == "watch.folder"
