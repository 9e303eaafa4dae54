"""What really happened: stretches that people remember, with what they were about and how far they went.

Days are those of the daily bars (UTC for coins, sessions for shares). Tests hold what is told against recorded bars as far as these go.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from assay.core.market.preset import Market, Preset, PresetKind

_YARDSTICKS: Final[dict[Market, str]] = {"crypto": "BTC", "shares": "S&P 500"}


def _episode(market: Market, kind: PresetKind, days: str, change: float, title: str, name: str, description: str) -> Preset:
    """`days` are the first one and the one after the last, `2020-02-20 2020-03-17`; `title` is the id."""
    start, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days.split())
    return Preset(title, name, kind, description, start, end, market, _YARDSTICKS[market], change)


EPISODES: Final = (
    _episode(
        "crypto", "bull", "2017-10-01 2017-12-18", 3.31, "bitcoin-2017", "Bitcoin's first mania, 2017",
        "From 4,400 to almost 20,000 in eleven weeks, until futures on it were traded in Chicago.",
    ),
    _episode(
        "crypto", "crash", "2017-12-18 2018-02-06", -0.63, "bitcoin-winter-2018", "The mania's end, 2018",
        "Two thirds of the price in seven weeks, with rallies that did not last.",
    ),
    _episode(
        "crypto", "sideways", "2018-08-15 2018-11-14", 0.04, "bitcoin-quiet-2018", "The quiet before the fall, 2018",
        "Three months around 6,500 in which ever less moved; then it broke downwards.",
    ),
    _episode(
        "crypto", "crash", "2018-11-14 2018-12-16", -0.50, "bitcoin-capitulation-2018", "Capitulation, late 2018",
        "The floor of 6,000 gave way while Bitcoin Cash split in two; half of the price was gone in a month.",
    ),
    _episode(
        "crypto", "crash", "2020-02-20 2020-03-17", -0.48, "covid-crypto-2020", "Covid crash, March 2020",
        "Everything was sold for dollars; on March 12 alone bitcoin lost about 40%.",
    ),
    _episode(
        "crypto", "recovery", "2020-03-17 2020-06-01", 0.88, "covid-recovery-crypto-2020", "After the Covid crash, spring 2020",
        "Central banks flooded the markets, and within eleven weeks the loss was made good.",
    ),
    _episode(
        "crypto", "bull", "2020-10-08 2021-04-14", 4.96, "bitcoin-bull-2021", "The bull market of 2020 and 2021",
        "Companies and funds bought; from 10,700 to 63,600 on the eve of Coinbase's listing.",
    ),
    _episode(
        "crypto", "crash", "2021-05-09 2021-05-24", -0.41, "china-2021", "China's ban, May 2021",
        "China moved against mining and trading, and leveraged longs were liquidated in chains; 30,000 was touched on May 19.",
    ),
    _episode(
        "crypto", "recovery", "2021-07-21 2021-09-07", 0.77, "recovery-2021", "The second leg, summer 2021",
        "From below 30,000 to above 52,000, up to the day on which El Salvador made bitcoin legal tender.",
    ),
    _episode(
        "crypto", "crash", "2022-05-05 2022-05-13", -0.27, "luna-2022", "Terra and LUNA, May 2022",
        "The stablecoin UST lost its peg and took LUNA to nothing within days, and everything else along.",
    ),
    _episode(
        "crypto", "crash", "2022-06-10 2022-06-19", -0.37, "lenders-2022", "The lenders fall, June 2022",
        "Celsius stopped withdrawals and the fund Three Arrows failed its lenders; bitcoin fell below 18,000.",
    ),
    _episode(
        "crypto", "crash", "2022-11-06 2022-11-10", -0.25, "ftx-2022", "FTX, November 2022",
        "Doubts, a run, and no money: the exchange FTX fell in four days, and was bankrupt on the fifth.",
    ),
    _episode(
        "crypto", "recovery", "2023-01-01 2023-04-01", 0.72, "recovery-2023", "The first quarter of 2023",
        "From 16,500 to 28,500, through the failure of three American banks in March.",
    ),
    _episode(
        "crypto", "sideways", "2023-06-23 2023-08-17", -0.04, "summer-2023", "Sideways, summer 2023",
        "Eight weeks around 30,000, with the lowest volatility in years, until August 17 ended it.",
    ),
    _episode(
        "crypto", "bull", "2023-10-16 2024-01-01", 0.56, "etf-2023", "Waiting for the funds, late 2023",
        "From 27,000 to 42,000 on the expectation that American funds would be let hold bitcoin, as happened in January.",
    ),
    _episode(
        "crypto", "crash", "2024-07-29 2024-08-06", -0.21, "yen-2024", "The yen unwinds, August 2024",
        "Japan raised its rate, and what had been bought with borrowed yen was sold; Tokyo lost 12% on August 5, bitcoin touched 49,000.",
    ),
    _episode(
        "shares", "crash", "2008-09-02 2009-03-10", -0.47, "lehman-2008", "The financial crisis, 2008",
        "Lehman Brothers failed on September 15; half a year later American shares had lost almost half.",
    ),
    _episode(
        "shares", "recovery", "2009-03-10 2010-01-01", 0.64, "recovery-2009", "Out of the crisis, 2009",
        "From the bottom of March 9 upwards to the year's end, almost without a rest.",
    ),
    _episode(
        "shares", "sideways", "2015-01-02 2015-08-18", 0.02, "sideways-2015", "Sideways, 2015",
        "The narrowest range in decades, until China's devaluation reached New York in the last week of August.",
    ),
    _episode(
        "shares", "bull", "2017-01-03 2018-01-27", 0.28, "calm-2017", "The calm bull market, 2017",
        "A year without a loss of 3% from any peak, and a January that went up still faster.",
    ),
    _episode(
        "shares", "crash", "2020-02-20 2020-03-24", -0.34, "covid-2020", "Covid crash, 2020",
        "A third of the price in 23 sessions, faster than ever before from a record.",
    ),
    _episode(
        "shares", "recovery", "2020-03-24 2020-04-18", 0.23, "covid-recovery-2020", "After the Covid crash, 2020",
        "The central bank bought without limit, and almost a quarter was gained in four weeks.",
    ),
    _episode(
        "shares", "crash", "2022-01-04 2022-10-13", -0.26, "rates-2022", "Rates rise, 2022",
        "Inflation, war and the steepest rise of interest rates in forty years: a decline of nine months, with rallies.",
    ),
)  # fmt: skip
