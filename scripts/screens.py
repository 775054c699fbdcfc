"""Pictures of every view, both themes, both sizes, into ``docs/screens/``: ``python scripts/screens.py [NAME…]``.

The practice is made up and its engines follow a script; the screens are the real ones, in a real Chromium.
With names, only the pictures whose name begins like one of them are kept; « clair-1366 » and its likes limit the
themes and sizes.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402

from dictation.consultation import Consultation, Patient, Recipient  # noqa: E402
from records import Actor, Place, Priority, Role, State  # noqa: E402
from tests.e2e.screen import Screen, chromium  # noqa: E402
from tests.ui import kit  # noqa: E402
from ui.components.settings import PAGES  # noqa: E402
from ui.server import Server, free_port  # noqa: E402

OUT = ROOT / "docs" / "screens"
SIZES = ((1366, 768), (1920, 1080))
#: nobody is real
PEOPLE = (
    ("Durand", "Paul", Priority.URGENT),
    ("Lefèvre", "Éléonore", Priority.NORMAL),
    ("Bœuf", "Gaël", Priority.NORMAL),
    ("N'Guyen", "Maï", Priority.NORMAL),
)
SPOKEN = """
compte rendu de consultation point à la ligne
motif deux points toux grasse depuis huit jours avec une fièvre à trente-huit deux les trois premiers jours point
à la ligne antécédents deux points hypertension artérielle traitée depuis deux mille dix-huit point appendicectomie
dans l'enfance point à la ligne allergies deux points pas d'allergie connue point à la ligne
traitement deux points bisoprolol cinq milligrammes le matin point à la ligne
histoire de la maladie deux points toux d'abord sèche puis productive virgule expectorations jaunâtres virgule pas de
douleur thoracique virgule pas d'essoufflement point à la ligne
examen clinique deux points tension artérielle cent trente-huit sur soixante-dix-neuf fréquence cardiaque
quatre-vingt-douze saturation quatre-vingt-seize pour cent poids soixante-quatorze kilos point ronchi de la base droite
qui disparaissent à la toux virgule pas de signe de détresse respiratoire point à la ligne
conclusion deux points bronchite aiguë sans signe de gravité point à la ligne
conduite à tenir deux points amoxicilline un gramme trois fois par jour pendant sept jours point contrôle le douze mars
deux mille vingt-six point
"""
WORDS = " ".join(SPOKEN.split())
BEFORE = {
    "motif": "Toux grasse depuis 8 jours, fièvre les premiers jours.",
    "conclusion": "Bronchite aiguë.",
}


def fill(office: Any) -> dict[str, str]:
    """A morning's work: what waits, what is late, what was asked, what is signed."""
    store = office.store
    by: Actor = store.accounts.login("jmartin", kit.PASSWORD)
    secretary: Actor = store.accounts.login("anais", kit.PASSWORD)
    made: list[str] = []
    for last, first, priority in PEOPLE:
        one = kit.drafted(office, by, words=WORDS, seconds=58)
        who = Consultation(patient=Patient(last, first), recipient=Recipient(name="Dr Claire Petit"))
        current = store.dictations.get(one, by=by)
        store.dictations.set_consultation(one, who, by=by, version=current.version)
        store.dictations.assign(one, by=by, priority=priority)
        made.append(one)
    other = kit.drafted(office, by, words=WORDS, seconds=58, otherwise=BEFORE)
    current = store.dictations.get(other, by=by)
    who = Consultation(patient=Patient("Martinez", "Inès"), recipient=Recipient(name="Dr Claire Petit"))
    store.dictations.set_consultation(other, who, by=by, version=current.version)
    sent = made[1]
    current = store.dictations.get(sent, by=by)
    store.dictations.transition(sent, State.TO_REVIEW, by=by, version=current.version, reviewer=Role.SECRETARY)
    current = store.dictations.get(sent, by=secretary)
    place = Place("words", WORDS.split().index("bisoprolol"), WORDS.split().index("bisoprolol") + 1)
    store.dictations.ask(sent, "La posologie n'a pas changé ?", by=secretary, version=current.version, place=place)
    settings = store.settings
    settings.set(
        "practice",
        {"address": "12, rue des Tilleuls\n44000 Nantes", "phone": "02 40 00 00 00", "place": "Nantes"},
        by=by,
        practice=True,
    )
    settings.set("profile", {"name": by.name, "specialty": "Médecine générale", "rpps": ""}, by=by)
    book = [
        {"name": "Dr Claire Petit", "specialty": "Cardiologie", "address": "3, place du Marché, 44000 Nantes"},
        {"name": "Dr Hugo Lambert", "specialty": "Pneumologie", "address": "CHU, service de pneumologie"},
    ]
    settings.set("recipients", book, by=by, practice=True)
    settings.set("snippets", {"surveillance": "Reconsulter en cas de fièvre au-delà de 72 heures."}, by=by)
    store.corrections.add("bisoprolole", "bisoprolol", by=by)
    store.corrections.add("ronquis", "ronchi", by=by)
    office.changed()
    return {"first": made[0], "sent": sent, "signed": made[2], "other": other}


class Tour:
    """One theme, one size."""

    def __init__(self, browser: Any, server: Server, size: tuple[int, int], dark: bool, only: tuple[str, ...]) -> None:
        self.browser, self.url, self.size, self.only = browser, server.url, size, only
        self.options = {
            "viewport": {"width": size[0], "height": size[1]},
            "color_scheme": "dark" if dark else "light",
        }
        self.name = named(size, dark)
        self.screen = Screen(browser, self.url, **self.options)

    def shot(self, view: str, wait_ms: int = 600) -> None:
        """Keeps a picture, in 256 colours."""
        if self.only and not view.startswith(self.only):
            return
        self.screen.page.wait_for_timeout(wait_ms)
        taken = Image.open(io.BytesIO(self.screen.page.screenshot())).convert("RGB")
        taken.quantize(256, dither=Image.Dither.NONE).save(OUT / f"{view}-{self.name}.png", optimize=True)

    def anew(self) -> Screen:
        """A browser nobody has signed in with."""
        self.screen.context.close()
        self.screen = Screen(self.browser, self.url, **self.options)
        return self.screen

    def first_run(self, url: str) -> None:
        """The steps of the first run, on a practice of their own."""
        screen = Screen(self.browser, url, **self.options)
        kept, self.screen = self.screen, screen
        page = screen.page
        page.goto(url)
        page.wait_for_url("**/bienvenue")
        page.fill("#name", "Dr Paul Durand")
        page.fill("#login", "pdurand")
        self.shot("bienvenue-1-compte")
        for name in ("#password", "#again", "#passphrase"):
            page.fill(name, kit.PASSPHRASE)
        page.click("button")
        page.locator("#code").wait_for()
        self.shot("bienvenue-2-code")
        page.check("input[type=checkbox]")
        page.click("button")
        screen.ready()
        screen.part("welcome").wait_for()
        self.shot("bienvenue-3-micro", 2500)
        screen.context.close()
        self.screen = kept

    def doctor(self, made: dict[str, str]) -> None:
        """Sign in, dictate, review, sign, set."""
        screen = self.screen
        screen.page.goto(self.url + "/connexion")
        self.shot("connexion", 200)
        screen.sign_in("jmartin")
        screen.part("big-record").wait_for()
        self.shot("accueil", 1500)
        screen.press("F2")
        screen.says("toux", "live-text")
        self.shot("dictee", 5000)
        screen.press("Escape")
        screen.part("dialog").wait_for()
        self.shot("abandon")
        screen.button("Abandonner").click()
        screen.part("big-record").wait_for()
        screen.open(made["first"])
        screen.box("motif").click()
        self.shot("relecture", 1200)
        at = screen.part("transcript").bounding_box()
        screen.page.mouse.click(at["x"] + 60, at["y"] + 84)
        screen.part("chosen-word").wait_for()
        self.shot("mot")
        screen.press("F8")
        self.shot("verification", 900)
        screen.button(re.compile("Corriger bisoprolol")).click()
        self.shot("valeur", 900)
        screen.press("Control+Enter")
        screen.part("blockers").wait_for()
        self.shot("blocages")
        screen.press("F1")
        screen.part("dialog").wait_for()
        self.shot("raccourcis")
        screen.press("Escape")
        screen.to_list()
        screen.open(made["other"])
        screen.press("F4")
        screen.part("redrawn").wait_for()
        self.shot("differences")
        screen.to_list()
        screen.open(made["signed"])
        if not screen.part("signed-bar").count():
            screen.confirm_all()
            screen.press("Control+Enter")
            screen.part("signed-bar").wait_for()
        screen.says("Page 1", "pages")
        self.shot("signe", 1500)
        screen.to_list()
        screen.button("Réglages").click()
        for n, tab in enumerate(PAGES, 1):
            screen.page.get_by_role("button", name=_tab(tab), exact=True).first.click()
            self.shot(f"reglages-{n}-{tab}")
        for view, caption in (("transparence", "Transparence"), ("qualite", "Qualité")):
            screen.button(caption).click()
            self.shot(view, 900)

    def secretary(self, made: dict[str, str]) -> None:
        """Her queue, a document with her question."""
        screen = self.anew()
        screen.sign_in("anais")
        self.shot("secretaire-liste", 1500)
        screen.open(made["sent"])
        self.shot("secretaire", 1200)
        screen.button("Identité").click()
        screen.part("dialog").wait_for()
        self.shot("identite")
        screen.context.close()


def named(size: tuple[int, int], dark: bool) -> str:
    """« clair-1366 »."""
    return f"{'sombre' if dark else 'clair'}-{size[0]}"


def _tab(name: str) -> str:
    from ui.texts import Texts

    return Texts()(f"settings.{name}")


def main(only: tuple[str, ...] = ()) -> None:
    """All pictures."""
    faces = {name for name in only if name.startswith(("clair-", "sombre-"))}
    only = tuple(name for name in only if name not in faces)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        office = kit.office(Path(folder) / "a", words=WORDS, word_s="0.15")
        office.parts = with_catalogue(office.parts)
        for login in ("jmartin", "anais"):
            by = office.store.accounts.login(login, kit.PASSWORD)
            office.store.settings.set("ui", {"welcomed": True, "recent": [kit.FORM]}, by=by)
        server = Server(office, free_port())
        running = [(server, server.start())]
        try:
            made = fill(office)
            for number, size in enumerate(SIZES):
                for dark in (False, True):
                    if faces and named(size, dark) not in faces:
                        continue
                    tour = Tour(browser, server, size, dark, only)
                    tour.doctor(made)
                    tour.secretary(made)
                    fresh = Server(office_of(Path(folder) / f"new-{number}-{dark}"), free_port())
                    running.append((fresh, fresh.start()))
                    tour.first_run(fresh.url)
        finally:
            for one, its_thread in running:  # one that stops takes Flet's shared parts with it: all at the end
                one.stop(its_thread)


def office_of(folder: Path) -> Any:
    """A practice before its first run."""
    from app.office import Office

    return Office(with_catalogue(kit.parts(folder)))


def with_catalogue(parts: Any) -> Any:
    """The models and figures of this machine, as the tabs show them."""
    from app.wiring import choice
    from app.wiring import parts as real

    mine = real(choice(no_model=True))
    return replace(parts, models=mine.models, figures=mine.figures, sample=mine.sample)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
