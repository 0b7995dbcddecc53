"""A file of media leads as the portals send them, for the tests and for the bench."""

import random

CHANNELS = ("汽车之家", "懂车帝", "抖音", "易车", "autohome")
CARS = ("Lark", "Golden Lark", "Lark 1.5T Comfort", "某车型", "")
CITIES = ("南京", "苏州", "上海", "杭州")
HEADER = ["线索编号", "姓名", "手机号", "来源", "意向车型", "城市", "留资时间", "留言", "活动"]


def make_leads(count, seed=4, duplicates=0.12, broken=0.03):
    """A file of media leads with planted duplicates and broken rows.

    :return: (rows, numbers of people, of duplicates, of broken rows)
    """
    rng = random.Random(seed)
    rows, phones, counts = [], [], {"people": 0, "duplicates": 0, "broken": 0}
    for index in range(count):
        roll = rng.random()
        moment = (
            f"2026-03-{rng.randint(1, 28):02d} {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"
        )
        phone = f"139{seed:02d}{index:06d}"
        if roll < broken:
            counts["broken"] += 1
            kind = rng.randrange(3)
            if kind == 2:
                moment = "昨天"
            else:
                phone = ("", "12345")[kind]
        elif roll < broken + duplicates and phones:
            counts["duplicates"] += 1
            phone = rng.choice(phones)
            if rng.random() < 0.5:
                phone = f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}"
        else:
            counts["people"] += 1
            phones.append(phone)
        rows.append(
            [
                f"M{seed}-{index:06d}",
                f"客户{index}",
                phone,
                rng.choice(CHANNELS),
                rng.choice(CARS),
                rng.choice(CITIES),
                moment,
                "请尽快联系" if rng.random() < 0.3 else "",
                "三月团购" if rng.random() < 0.2 else "",
            ]
        )
    return rows, counts
