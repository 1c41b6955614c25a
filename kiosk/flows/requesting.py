"""反映诉求: what it is about, where, what is the matter, a telephone if there is one, where a hall asks for it what to
call the resident, a look at all of it, filed.

Nothing of it has to be written: ready phrases, a clerk's help, and where a kiosk has a `Writer`, words of one's own.
It decides nothing that is the hall's to decide. What was chosen lives in its places alone and goes with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from kiosk.door import MOST_NAME, MOST_TEXT, Category, Grid, Name, Reason, Refusal, Request, RequestOrder
from kiosk.flows import following
from kiosk.flows.booking import refused
from kiosk.flows.finding import FindingPlace, Sought
from kiosk.flows.places import (
    Back,
    CallHelp,
    Command,
    Finish,
    Go,
    Move,
    Place,
    Prompt,
    Stay,
    World,
    Writer,
    refusal_of,
)
from kiosk.flows.steps import (
    CheckRequest,
    ChooseCategory,
    ChoosePhrases,
    ChoosePlace,
    FoundName,
    Pick,
    Press,
    Step,
    Trail,
)
from kiosk.flows.telephone import PhonePlace
from kiosk.flows.town import Town, ask_town
from kiosk.rules import masking
from kiosk.words import _
from kiosk.writing.search import Hit

_HERE = _("反映诉求")
_PAGES = ("category", "place", "text", "phone", "name", "check")
MOST_PHRASES = 2


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is known so far of what somebody has on the mind. `placed`: the place was asked, and may be none; `ticked`:
    ready phrases by number; `phone` and `name`: "" for none, None while it was not asked. `pen`: lets people write what
    to call them; None where that is not asked."""

    town: Town
    category: Category | None = None
    grid: Grid | None = None
    placed: bool = False
    ticked: tuple[int, ...] = ()
    own: str = field(default="", repr=False)
    phone: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    pen: Writer | None = field(default=None, repr=False)

    @property
    def pages(self) -> tuple[str, ...]:
        """The questions in their order, and the look at all of it."""
        return tuple(page for page in _PAGES if page != "name" or self.pen is not None)

    def wants(self) -> str:
        """The next question."""
        if self.category is None:
            return "category"
        if not self.placed:
            return "place"
        if not self.said:
            return "text"
        if self.phone is None:
            return "phone"
        return "name" if self.pen is not None and self.name is None else "check"

    @property
    def said(self) -> tuple[Name | str, ...]:
        """Phrases in the order they stand in, then own words."""
        phrases = self.category.phrases if self.category else ()
        return (*(phrases[at] for at in sorted(self.ticked)), *((self.own,) if self.own else ()))

    def trail(self, at: str = "") -> Trail:
        words = (_HERE, self.category.name) if self.category and at != "category" else (_HERE,)
        return Trail(words, self.pages.index(at) + 1 if at else 0, len(self.pages) if at else 0)

    def order(self) -> RequestOrder:
        """Phrases go as Chinese, whatever the reader's language: those who answer read Chinese."""
        assert self.category is not None
        text = "；".join(part.zh if isinstance(part, Name) else part for part in self.said)
        return RequestOrder(self.category.id, text, self.grid.id if self.grid else None, None, self.phone or None,
                            self.name or None)


def begin() -> Move:
    """The first question."""
    return ask_town(_opened)


def _opened(value: object, world: World) -> Move:
    if isinstance(value, Town):
        return _onward(Trouble(value, pen=world.writer if world.names else None))
    return refused(Refusal("missing", Reason("unknown-category")) if value == () else value, trail=Trail((_HERE,)))


def _onward(trouble: Trouble, to: str = "") -> Move:
    """To the question `to`, or to the next one that is open."""
    match to or trouble.wants():
        case "category":
            return Go(CategoryPlace(trouble))
        case "place":
            return Go(WherePlace(trouble))
        case "text":
            return Go(PhrasesPlace(trouble, trouble.ticked))
        case "phone":
            return _ask_phone(trouble)
        case "name" if trouble.pen is not None:
            return _ask_name(trouble, trouble.pen)
        case _:
            return Go(CheckPlace(trouble))


def _ask_phone(trouble: Trouble) -> Move:
    """A telephone to call back; without one the slip is the way to the answer."""
    return Go(PhonePlace(trouble.trail("phone"), "request", lambda page: _onward(replace(trouble, phone=page.typed)),
                         {"skip": _onward(replace(trouble, phone=""))}, trouble.phone or ""))


def _ask_name(trouble: Trouble, pen: Writer) -> Move:
    """What to call whoever asks; nobody has to say."""
    asked = Prompt(trouble.trail("name"), _("怎么称呼您？"), _("比如：王阿姨。不想说可以不写"))
    return Go(pen.place(trouble.name or "", MOST_NAME, lambda name: _onward(replace(trouble, name=name)), asked))


@dataclass(frozen=True, slots=True)
class CategoryPlace:
    trouble: Trouble
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return ChooseCategory(self.trouble.trail("category"), self.trouble.town.categories)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "unsure":
            return CallHelp("unsure")
        if answer.choice == "follow":
            return following.begin()
        if answer.choice == "search":
            return Go(_find_category(self.trouble))
        for category in self.trouble.town.categories:
            if category.id == answer.choice:
                return _about(self.trouble, (category, None))
        return None


_Topic = tuple[Category, int | None]
"""A category, or one of its phrases by number."""


def _about(trouble: Trouble, topic: _Topic) -> Move:
    """It is about this; a phrase says at once what is the matter."""
    category, phrase = topic
    same = category == trouble.category
    ticked = (phrase,) if phrase is not None else trouble.ticked if same else ()
    return _onward(replace(trouble, category=category, ticked=ticked))


def _find_category(trouble: Trouble) -> FindingPlace[_Topic]:
    """Every category by its names and what belongs to it, and every ready phrase."""
    index = trouble.town.topics()
    sought = Sought("category", trouble.trail(), index, _topic_card, partial(_about, trouble),
                    {"unsure": CallHelp("unsure")})
    return FindingPlace(sought, True)


def _topic_card(hit: Hit[_Topic]) -> FoundName:
    category, phrase = hit.thing
    if phrase is not None:
        return FoundName(category.phrases[phrase], category.name)
    called = category.also[hit.name - 1] if 0 < hit.name <= len(category.also) else ""
    return FoundName(category.name, category.hint, called)


@dataclass(frozen=True, slots=True)
class WherePlace:
    """`within`: inside which place the answers lie; None at first."""

    trouble: Trouble
    within: Grid | None = None
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        town = self.trouble.town
        here = town.here if self.within is None else None
        return ChoosePlace(self.trouble.trail("place"), town.inside(self.within), self.within, here)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        town = self.trouble.town
        special = {"all": self.within} if self.within else {"here": town.here, "none": None}
        if answer.choice in special:
            return _placed(self.trouble, special[answer.choice])
        if answer.choice == "search" and self.within is None:
            return Go(_find_place(self.trouble))
        return next((_into(self.trouble, grid) for grid in town.inside(self.within) if grid.id == answer.choice), None)


def _into(trouble: Trouble, grid: Grid) -> Move:
    """Where within it, or on if it is small."""
    return Go(WherePlace(trouble, grid)) if grid.id in trouble.town.wider else _placed(trouble, grid)


def _placed(trouble: Trouble, grid: Grid | None) -> Move:
    return _onward(replace(trouble, grid=grid, placed=True))


def _find_place(trouble: Trouble) -> FindingPlace[Grid]:
    """Every place of the neighbourhood by its names, each with what lies around it."""
    town = trouble.town

    def card(hit: Hit[Grid]) -> FoundName:
        around, also = town.around(hit.thing), hit.thing.also
        called = also[hit.name - 1] if 0 < hit.name <= len(also) else ""
        return FoundName(hit.thing.name, around.name if around else None, called)

    sought = Sought("place", trouble.trail(), town.index(), card, partial(_into, trouble),
                    {"none": _placed(trouble, None)})
    return FindingPlace(sought)


@dataclass(frozen=True, slots=True)
class PhrasesPlace:
    """What is the matter, in ready phrases; a clerk writes for whoever finds none. Writing is another door to the same
    question, so its place stands where this one stood. `draft`: that place, as it was left."""

    trouble: Trouble
    ticked: tuple[int, ...] = ()
    draft: Place | None = field(default=None, repr=False)
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        assert self.trouble.category is not None
        return ChoosePhrases(self.trouble.trail("text"), self.trouble.category, self.ticked, MOST_PHRASES,
                             self.trouble.own, world.writer.ways if world.writer is not None else ())

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        assert self.trouble.category is not None
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "clerk":
            return CallHelp("write")
        if world.writer is not None and answer.choice in world.writer.ways:
            asked = Prompt(self.trouble.trail("text"), _("是什么事？"), _("写给工作人员看，一两句就够"),
                           answer.choice, self._left, self.draft)
            return Stay(world.writer.place(self.trouble.own, MOST_TEXT, self._written, asked))
        if answer.choice == "ok":
            said = replace(self.trouble, ticked=self.ticked)
            return _onward(said) if said.said else None
        if not answer.choice.isdecimal() or int(answer.choice) >= len(self.trouble.category.phrases):
            return None
        at = int(answer.choice)
        if at in self.ticked:
            return Stay(replace(self, ticked=tuple(other for other in self.ticked if other != at)))
        return Stay(replace(self, ticked=(*self.ticked, at))) if len(self.ticked) < MOST_PHRASES else None

    def _written(self, text: str) -> Move:
        trouble = replace(self.trouble, own=text, ticked=self.ticked)
        return _onward(trouble) if trouble.said else Stay(replace(self, trouble=trouble, draft=None))

    def _left(self, draft: Place, text: str) -> Move:
        return Stay(replace(self, trouble=replace(self.trouble, own=text), draft=draft))


@dataclass(frozen=True, slots=True)
class CheckPlace:
    """Everything that will be filed. 改一改 leads to one of the questions, and back here with all else kept."""

    trouble: Trouble
    changing: bool = False
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        it = self.trouble
        assert it.category is not None
        phone = masking.phone(it.phone) if it.phone else None
        return CheckRequest(it.trail("check"), it.category, it.grid.name if it.grid else None, it.said, phone,
                            self.changing, None if it.pen is None else it.name or "")

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if not self.changing:
            if answer.choice == "yes":
                return Command("file_request", (self.trouble.order(),), partial(_filed, self.trouble))
            return Go(replace(self, changing=True)) if answer.choice == "change" else None
        if answer.choice == "keep":
            return Back()
        return _onward(self.trouble, answer.choice) if answer.choice in self.trouble.pages[:-1] else None


def _filed(trouble: Trouble, value: object, world: World) -> Move:
    del world
    if isinstance(value, Request):
        return Finish("filed", slip="new", request=value)
    return refused(refusal_of(value), trail=trouble.trail())
