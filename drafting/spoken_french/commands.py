"""Spoken commands: punctuation, layout, case, titles, deletions.

One rule table (``commands.tsv``), each rule with a sentence where it applies and one where the same
words are text; ``command_guards.tsv`` says which neighbours keep them text. Deletions become empty
tokens carrying a :class:`Delete`, carried out by ``sentences`` when sentences are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dictation.transcript import Span
from drafting.spoken_french import numerals, punctuation
from drafting.spoken_french.command_rules import Rule, guards, kept_as_text, rules, titles
from drafting.spoken_french.phrases import fold_words, keys_of, word_set
from drafting.spoken_french.token import Kind, State, Token


@dataclass(frozen=True, slots=True)
class Delete:
    """A deletion to carry out: "word", "sentence" or "paragraph"."""

    what: str


#: « 2026.allaligne », as a recogniser writes « point à la ligne »
_STUCK = re.compile(r"^(.+)\.(?:allaligne|alaligne)$", re.IGNORECASE)
#: what stands before a year
_DATED = word_set(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre en depuis ete hiver printemps"
    " automne annee"
)


class _Writer:
    """Builds the new row of tokens; one per run."""

    def __init__(self, state: State) -> None:
        self.words = state.words
        self.tokens = state.tokens
        self.keys = keys_of(state.tokens)
        self.texts = [t.text for t in state.tokens]
        self.out: list[Token] = []
        self.dictated: set[int] = set()
        self.open_parenthesis = self.open_quote = self.never_closed = False
        self.capital_next = False
        self.listed = 0
        self.style: tuple[str, int] | None = None
        self.style_ends = self._positions_of_style_ends()

    def _positions_of_style_ends(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for i in range(len(self.tokens)):
            hit = rules().at(self.keys, i)
            if hit is not None and hit[0].kind == "style_end":
                found.setdefault(hit[0].effect, []).append(i)
        return found

    def put(self, text: str, span: Span, kind: Kind = Kind.PUNCT, **more: object) -> None:
        """Appends a dictated sign; a stop closes a parenthesis nobody closes later."""
        if self.never_closed and (kind is Kind.BREAK or text in (".", "?", "!")):
            self.never_closed = self.open_parenthesis = False
            self.out.append(Token(")", self.out[-1].span, Kind.PUNCT, origin="rule", glued=True))
        self.dictated.add(len(self.out))
        self.out.append(replace(Token(text, span, kind), **more))  # type: ignore[arg-type]

    def run(self) -> list[Token]:
        i = 0
        table = rules()
        while i < len(self.tokens):
            token = self.tokens[i]
            hit = table.at(self.keys, i) if token.kind in (Kind.WORD, Kind.NUMBER) else None
            taken = self._apply(hit[0], i, hit[1]) if hit is not None else 0
            if taken == 0 and hit is not None and hit[1] > 1:
                shorter = rules().at(self.keys[: i + 1], i)  # « point à la ligne » refused: « point » alone
                taken = self._apply(shorter[0], i, shorter[1]) if shorter is not None else 0
            if taken == 0:
                self._text(token)
                taken = 1
            i += taken
        if self.open_parenthesis:
            self._close_at_end(")")
        return punctuation.tidy(self.out, self.dictated)

    def _text(self, token: Token) -> None:
        stuck = _STUCK.match(token.text) if token.kind is Kind.WORD else None
        if stuck is not None:
            self.out.append(token.with_text(stuck.group(1)))
            self.put(".", token.span, glued=True)
            self.put("\n", token.span, Kind.BREAK)
            return
        if self.capital_next and token.kind is Kind.WORD:
            token = token.with_text(token.text[:1].upper() + token.text[1:])
            self.capital_next = False
        if self.style is not None and self.style[0] == "upper" and token.kind is Kind.WORD:
            token = token.with_text(token.text.upper())
        if self.style is not None and self.style[0] != "upper" and self.out[-1].text == self.style[0]:
            token = replace(token, glued=True)
        self.out.append(token)

    def _close_at_end(self, sign: str) -> None:
        last = self.out[-1]
        at = len(self.out) - 1 if last.kind is Kind.PUNCT else len(self.out)
        self.out.insert(at, Token(sign, last.span, Kind.PUNCT, origin="rule", glued=True))

    def _span(self, i: int, length: int) -> Span:
        return self.tokens[i].span.join(self.tokens[i + length - 1].span)

    def _apply(self, rule: Rule, i: int, length: int) -> int:
        """Carries out ``rule`` at token ``i``; 0 when the words are text after all."""
        if rule.effect == "," and rule.kind == "mark" and self._decimal(i):
            return 0
        if rule.guard == "title" and titles().before(self.keys, i) is None:
            return 0  # « de points », heard for « deux points » after a title
        if rule.guard == "apart" and rule.kind == "mark" and not self._set_apart(i, length):
            return 0
        if kept_as_text(rule, self.tokens, self.keys, i, length):
            return 0
        span = self._span(i, length)
        match rule.kind:
            case "mark":
                self.put(rule.effect, span, glued=rule.effect in ",.…")
            case "stop_break":
                cut = rule.effect.index("\n")
                self.put(rule.effect[:cut], Span(span.first, span.first + 1), glued=rule.effect[:cut] != ":")
                self.put(rule.effect[cut:], span, Kind.BREAK)
            case "break" | "bullet":
                if self.tokens[i].text.startswith("."):  # « .allaligne », as a recogniser writes it
                    self.put(".", span, glued=True)
                self.put(rule.effect, span, Kind.BREAK)
            case "number":
                return self._list_item(i)
            case "tab":
                self.put("\t", span)
            case "join":
                if not self.out or i + length >= len(self.tokens):
                    return 0
                self.put(rule.effect, span, glued=True)
            case "dash":
                return self._dash(i, length, span)
            case "open" | "close" | "toggle" | "wrap":
                return self._bracket(rule, i, length, span)
            case "delete":
                if rule.guard == "alone" and not self._alone(i, length):
                    return 0
                self.put("", span, value=Delete(rule.effect))
            case "case":
                return self._case(rule, i, length)
            case "style" | "style_end":
                return self._style(rule, i, length, span)
            case "heading":
                return self._heading(rule, i, length)
        return length

    def _decimal(self, i: int) -> bool:
        """True when the « virgule » at ``i`` is a decimal sign, which ``numbers`` will write."""
        if numerals.unit_comma(self.texts, i):
            return True
        if not numerals.decimal_comma(self.texts, i):
            return False
        year = numerals.cardinal(self.texts, start) if (start := self._number_start(i)) is not None else None
        dated = start is not None and start > 0 and bool(_DATED & set(self.keys[start - 1]))
        return not (year is not None and year[1] == i and 1900 <= year[0] <= 2099 and dated)

    def _number_start(self, end: int) -> int | None:
        """First word of the row of number words that ends right before ``end``."""
        start = end
        while start > 0 and end - start < 8 and numerals.cardinal(self.texts, start - 1) is not None:
            start -= 1
        return start if start < end else None

    def _set_apart(self, i: int, length: int) -> bool:
        """« virgules », « points »: heard for a sign only before a mark, a break or the end, and after no figure."""
        before = self.tokens[i - 1] if i else None
        if before is None or numerals.is_number_word(before.text) or before.text[-1:].isdigit():
            return False
        end = i + length
        return end >= len(self.tokens) or self.tokens[end].kind in (Kind.PUNCT, Kind.BREAK)

    def _alone(self, i: int, length: int) -> bool:
        """True when nothing but signs stands on one side: a one-word order is said by itself."""
        before = not self.out or self.out[-1].kind in (Kind.PUNCT, Kind.BREAK)
        end = i + length
        after = end >= len(self.tokens) or self.tokens[end].kind in (Kind.PUNCT, Kind.BREAK)
        if not after and (hit := rules().at(self.keys, end)) is not None:
            after = hit[0].kind in ("break", "stop_break", "mark")
        return before or after

    def _list_item(self, i: int) -> int:
        """« numéro un … numéro deux … » as a numbered list; the first needs a second and a mark before it."""
        found = numerals.cardinal(self.texts, i + 1)
        if found is None or found[0] > 30:
            return 0
        number, end = found
        if number == 1:
            rest = range(end, min(end + 300, len(self.tokens) - 1))
            second = any(self.keys[k] == ("numero",) and self.texts[k + 1].lower() in ("deux", "2") for k in rest)
            if not second or (self.out and self.out[-1].kind not in (Kind.PUNCT, Kind.BREAK)):
                return 0
        elif self.listed != number - 1:
            return 0
        self.listed = number
        self.put(f"\n{number}.", self._span(i, end - i), Kind.BREAK)
        return end - i

    def _dash(self, i: int, length: int, span: Span) -> int:
        if length == 2 and self.keys[i + length : i + length + 1] in ([("de",)], [("d",)]):
            length, span = 1, self._span(i, 1)  # « six tiret bas de contention »
        if (
            self.out
            and numerals.is_number_word(self.out[-1].text)
            and (len(self.out) == 1 or self.out[-2].kind is Kind.BREAK)
        ):
            self.out.pop()  # « deux tiret bisoprolol »: the number of a line, not of its drug
            if self.out:
                self.out.pop()
        near = (self.keys[i - 1] if i else ()) + (self.keys[i + length] if i + length < len(self.tokens) else ())
        if any(len(word) == 1 and word.isalpha() for word in near):
            return 0  # « L cinq tiret S un » belongs to anatomy
        if (
            not self.out
            or self.out[-1].kind is Kind.BREAK
            or (self.out[-1].text in (".", ":") and self.out[-1].kind is Kind.PUNCT)
        ):
            self.put("\n- ", span, Kind.BREAK)
        elif (
            i + length < len(self.tokens)
            and self.out[-1].kind is Kind.WORD
            and not any(
                numerals.is_number_word(t.text) or t.text[:1].isdigit() for t in (self.out[-1], self.tokens[i + length])
            )
            and len(self.keys[i + length]) > 0
        ):
            self.put("-", span, glued=True)
        else:
            self.put("–", span)
        return length

    def _bracket(self, rule: Rule, i: int, length: int, span: Span) -> int:
        quote = rule.effect[0] in "«»"
        is_open = self.open_quote if quote else self.open_parenthesis
        opening, closing = ("«", "»") if quote else ("(", ")")
        if rule.kind == "toggle":
            sign = closing if is_open else opening
        else:
            sign = closing if rule.kind == "close" else opening
        if sign == opening and (quote or rule.kind == "wrap") and not self._closed_later(closing, i + length):
            return 0  # « entre guillemets fatiguée »: a way of speaking, nothing closes it
        if sign == closing and not is_open:
            return 0
        if quote:
            self.open_quote = sign == opening
        else:
            self.open_parenthesis = sign == opening
            self.never_closed = self.open_parenthesis and not self._closed_later(closing, i + length, 200)
        self.put(sign, span, glued=sign == ")")
        return length

    def _closed_later(self, closing: str, start: int, within: int = 60) -> bool:
        for j in range(start, min(start + within, len(self.tokens))):
            hit = rules().at(self.keys, j)
            if hit is not None and hit[0].kind in ("close", "toggle") and hit[0].effect[-1] == closing:
                return True
        return False

    def _case(self, rule: Rule, i: int, length: int) -> int:
        if rule.effect == "roman":
            from drafting.spoken_french.roman import roman_of

            if not self.out or (written := roman_of(self.out[-1].text)) is None:
                return 0
            self.out[-1] = replace(self.out[-1], text=written, span=self.out[-1].span)
            return length
        after_name = rule.spoken.startswith("avec") or i + length >= len(self.tokens)
        previous = self.out[-1] if self.out else None
        if previous is not None and previous.kind is Kind.WORD and (after_name or len(previous.text) == 1):
            self.out[-1] = previous.with_text(previous.text[:1].upper() + previous.text[1:])
        else:
            self.capital_next = True
        return length

    def _style(self, rule: Rule, i: int, length: int, span: Span) -> int:
        if rule.kind == "style_end":
            if self.style is None or self.style[0] != rule.effect:
                return 0
            self.style = None
            if rule.effect != "upper":
                self.put(rule.effect, span, glued=True)
            return length
        if not any(i < end <= i + 400 for end in self.style_ends.get(rule.effect, ())) or self.style is not None:
            return 0
        self.style = (rule.effect, i)
        if rule.effect != "upper":
            self.put(rule.effect, span)
        return length

    def _heading(self, rule: Rule, i: int, length: int) -> int:
        if guards()["noun"]["before"].before(self.keys, i) is not None:
            return 0
        start = i + length
        while start < len(self.tokens) and self.tokens[start].kind is Kind.PUNCT:
            start += 1
        hit = titles().at(self.keys, start)
        end = start + hit[1] if hit is not None else self._title_until_colon(rule, start)
        if end <= start:
            return 0
        from drafting.spoken_french.layout import join

        text = join(self.tokens[start:end])
        if self.out and self.out[-1].kind is not Kind.BREAK:
            self.put("\n\n", self._span(i, length), Kind.BREAK)
        self.put(text[:1].upper() + text[1:], self._span(start, end - start), Kind.HEADING)
        self.put(":", self._span(i, length))
        return end - i

    def _title_until_colon(self, rule: Rule, start: int) -> int:
        """End of an unknown title: only « rubrique », at most five words, closed by a mark or a break."""
        if "rubrique" not in fold_words(rule.spoken):
            return 0
        for j in range(start, min(start + 6, len(self.tokens))):
            hit = rules().at(self.keys, j)
            if self.tokens[j].kind in (Kind.PUNCT, Kind.BREAK) or (
                hit is not None and hit[0].kind in ("mark", "break", "stop_break")
            ):
                return j
        return 0


def run(state: State) -> State:
    """Commands carried out; words that are not commands pass unchanged."""
    return state.with_tokens(_Writer(state).run())
