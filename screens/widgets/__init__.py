"""Every widget a page's .kv may name. Importing this package makes them known to Kivy's language."""

from screens.widgets.button import BigButton
from screens.widgets.card import Card, Item
from screens.widgets.cards import Cards
from screens.widgets.countdown import Countdown
from screens.widgets.emblem import Dial, Emblem
from screens.widgets.facts import Facts
from screens.widgets.frame import BottomBar, Header
from screens.widgets.keypad import Field, Keypad
from screens.widgets.notice import Notice
from screens.widgets.passage import Para, Passage
from screens.widgets.piece import Piece, Target
from screens.widgets.slip import QrCode, SlipPaper
from screens.widgets.stack import Answers, Duo, Tell
from screens.widgets.wording import Wording

__all__ = [
    "Answers", "BigButton", "BottomBar", "Card", "Cards", "Countdown", "Dial", "Duo", "Emblem", "Facts",
    "Field", "Header", "Item", "Keypad", "Notice",
    "Para", "Passage", "Piece", "QrCode", "SlipPaper", "Target", "Tell", "Wording",
]  # fmt: skip
