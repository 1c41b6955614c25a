"""The words of Chinese in which a short line is not broken: those shipped for service halls, and a hall's own. Chinese
puts no space between its words, so that only a list can tell 路灯 from 路 and 灯. It is read while nobody waits for a
page, never on the way to the first one; until then nothing is known, and lines break between any two characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

SHIPPED = Path(__file__).resolve().parent.parent / "assets" / "words" / "hall.txt"
_LONGEST = 4  # characters: what is longer is made of words, and may be broken between them
_MORE = """
一下 一个 一看 一读 一改 一点 一样 一起 东侧 西侧 首字母 不知道 找不到 没人 没有 看不清 找谁 来不及 机器 屏幕 左边
右边 上面 下面 前面 后面 里面 旁边 现在 马上 请稍等 可以 不能 怎么 什么 哪里 哪个 多少 别人 自己 自己写的 身边 到场 凭条
打印 补打 扫码 扫码口 二维码 签到 改期 取号 叫号 号码 号码条 窗口 场地 名额 阅览室 健身房 多功能厅 设备 清屏 首页 返回
帮助 显示 大字 高对比 低位 保管 删除 查找 提交 打电话 电话 座机 手机号 区号 预约 时间 日子 地方 人数 提前 开始 结束
以后 以前 之前 之后 分钟 小时 上午 下午 今天 明天 后天 星期 稍后 重试 通知 记下 拍下 取走 办好 办结 答复 登记 受理
诉求 诉求单 处理 解决 满意 评价 态度 材料 说清楚 排队 等候 路灯 下水道 井盖 垃圾 噪声 污水 道路 楼道 楼道灯 电梯
停车 物业 绿化 邻里 纠纷 建议 表扬 其他 困难 老人 儿童 孩子 残疾人 工作人员 党员 人员 工作 最低 生活 远程 教育 矛盾
调解 意见 活动 安全 隐患 消防 电动车 飞线 充电 违建 占道 油烟 宠物 扰民
"""
"""Words of our own pages that the list does not have."""


class Lexicon:
    """Known words, none before `load`."""

    def __init__(self) -> None:
        self._words: frozenset[str] = frozenset()
        self._read = False

    def load(self, path: Path = SHIPPED) -> None:
        """Read the list, once. A list that cannot be read leaves our own words."""
        if self._read:
            return
        self._read = True
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            lines = []
        shipped = (line.partition("\t")[0] for line in lines)
        self.add((*shipped, *_MORE.split()))

    def add(self, words: Iterable[str]) -> None:
        """Know these as well, those of them that are short."""
        self._words |= frozenset(word for word in words if 1 < len(word) <= _LONGEST)

    def inside(self, text: str) -> frozenset[int]:
        """The places in `text` that lie within a word: `at` where text[at - 1] and text[at] belong together. From the
        left, the longest word that is known; kept nowhere, as it may be a resident's text."""
        found: set[int] = set()
        at = 0
        while at < len(text):
            word = next((size for size in range(min(_LONGEST, len(text) - at), 1, -1)
                         if text[at:at + size] in self._words), 1)
            half = at + word // 2
            two = word == _LONGEST and text[at:half] in self._words and text[half:at + word] in self._words
            found.update(place for place in range(at + 1, at + word) if place != half or not two)
            at += word
        return frozenset(found)
