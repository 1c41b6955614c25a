"""The pages to write on in every state, as the flow would give them. `test_write_page` measures them."""

from __future__ import annotations

from kiosk.flows.steps import Trail, Write

HERE = Trail(("反映诉求", "环境卫生"), 3, 5)
WAYS = ("hand", "pinyin", "signs")
# 大, as a finger writes it: x to the right, y down
BIG = (
    ((0.15, 0.40), (0.85, 0.38)),
    ((0.50, 0.10), (0.48, 0.45), (0.30, 0.70), (0.12, 0.90)),
    ((0.50, 0.45), (0.65, 0.70), (0.90, 0.90)),
)
LIKE = tuple("大太犬天夫木丈人入火")
LONG = "楼道里的灯坏了三个星期，晚上回家看不见台阶，" * 9
HEARD = ("楼道灯坏了", "楼道等坏了", "楼到灯坏了", "漏到等坏了", "楼道灯怀了", "楼道", *"漏楼搂娄露陋喽篓")


def write(**more: object) -> Write:
    given = dict(trail=HERE, question="是什么事？", hint="写给工作人员看，一两句就够", text="", room=500, way="hand",  # noqa: C408
                 ways=WAYS, choose=True, read=True)
    return Write(**{**given, **more})  # type: ignore[arg-type]


ONE = tuple((0, stroke) for stroke in BIG)
WRITE_STEPS = dict(  # noqa: C408
    hand=write(),
    hand1=write(text="楼道的灯坏了，", strokes=ONE, box=0, offered=LIKE, pending=True),
    hand2=write(text=LONG, room=3, strokes=(*ONE, *((1, stroke) for stroke in BIG)), box=0, at=1, offered=LIKE,
                pending=True, overlong=True),
    hand3=write(text="楼道的", offered=("灯", "灯坏了", "灯不亮", "声控灯", "杂物", "卫生"), ready=True, choose=False),
    hand4=write(strokes=((1, BIG[0]),), box=1, at=1, missed=True, pending=True, read=False),
    pinyin=write(way="pinyin", text="三号楼", ready=True),
    pinyin0=write(way="pinyin"),
    pinyin1=write(way="pinyin", spelt=("lou", "dao", "deng", "huai", "le"), offered=HEARD, pending=True),
    pinyin2=write(way="pinyin", text=LONG, spelt=("zhuang",) * 6, offered=("中" * 16, *HEARD), pending=True),
    signs=write(way="signs", text="三", ready=True),
    full=write(way="signs", text=LONG, room=0, ready=True, ways=("pinyin", "signs")),
)
