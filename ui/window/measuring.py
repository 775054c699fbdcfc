"""Measuring the models of this machine, in the engine process, with progress and a way to stop."""

from __future__ import annotations

from app.commands import EngineFailed
from app.engine_seam import Measured, MeasureRequest, Progress, Report
from ui import preferences
from ui.window.core import Core


class Measuring(Core):
    """« Mesurer » in the settings."""

    def measure(self, name: str, task: str) -> None:
        """Half a minute of work; refused while somebody speaks, the figure would mean nothing."""
        if self.measuring.name is not None:
            return
        if self.office.speaking:
            self.shell.notice("check", self.t("speed.busy"))
            return
        preferences.assign(self.measuring, name=name, progress=None)
        self._measure_job = f"mesure:{self.office.parts.ports.new_id()}"
        self.office.own(self._measure_job, lambda job, report: self._later(self._measured, job, report))
        self.office.engine.measure(self._measure_job, MeasureRequest(name, task))

    def stop_measuring(self) -> None:
        """« Arrêter la mesure »."""
        if self.measuring.name is not None:
            self.office.engine.stop_measuring(self._measure_job)

    def _measured(self, job: str, report: Report) -> None:
        if job != self._measure_job:
            return
        match report:
            case Progress(done, _):
                self.measuring.progress = done
                return
            case Measured(name, factor):
                key = "speed.cancelled" if factor is None else "speed.done"
                self.shell.notice("done", self.t(key, name=name))
            case EngineFailed(_, message):
                self.shell.notice("check", message)
            case _:
                return
        self.office.disown(job)
        preferences.assign(self.measuring, name=None, progress=None, version=self.measuring.version + 1)
