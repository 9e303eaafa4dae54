"""Small payloads of every kind, written after the venues' documentation: what each says, and what is refused for which reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.adapters.venues.wire.decode import READERS, decode
from assay.adapters.venues.wire.messages import (
    Acknowledged,
    DayTicker,
    DepthSnapshot,
    DepthUpdate,
    Kline,
    Listing,
    Message,
    NotReadError,
    Quote,
    ServerTime,
    Trade,
)
from assay.core.domain.errors import EmptyAnswerError, MalformedAnswerError, RefusedError, VenueError

AT = datetime(2024, 8, 9, tzinfo=UTC)
MS = 1_723_161_600_000
D = Decimal

KLINE = (
    f'{{"e":"kline","E":{MS + 30_000},"s":"BTCUSDT","k":{{"t":{MS},"T":{MS + 59_999},"s":"BTCUSDT","i":"1m","f":1,"L":2,'
    '"o":"60000.10","c":"60010.00","h":"60020.5","l":"59990","v":"1.25","n":2,"x":false,"q":"1","V":"1","Q":"1","B":"0"}}'
)
DEPTH = f'{{"e":"depthUpdate","E":{MS},"T":{MS},"s":"BTCUSDT","U":11,"u":15,"pu":9,"b":[["60000.1","0"]],"a":[["60001","2.5"]]}}'
READ: list[tuple[str, str, Message]] = [
    (
        "binance", KLINE,
        Kline(symbol="BTCUSDT", timeframe="1m", opened_at=AT, open=D("60000.10"), high=D("60020.5"), low=D("59990"), close=D("60010.00"),
              volume=D("1.25"), closed=False, stamped_at=AT.replace(second=30)),
    ),
    (
        "binance", f'[[{MS},"1.0","2","0.5","1.5","7",{MS + 3_599_999},"9",3,"1","1","0"]]',
        Kline(symbol=None, timeframe="1h", opened_at=AT, open=D("1.0"), high=D(2), low=D("0.5"), close=D("1.5"), volume=D(7), closed=None),
    ),
    (
        "binance", f'{{"stream":"btcusdt@trade","data":{{"e":"trade","E":{MS},"s":"BTCUSDT","t":5,"p":"60000","q":"0.02",'
        f'"T":{MS},"m":true}}}}',
        Trade(symbol="BTCUSDT", id="5", price=D(60000), quantity=D("0.02"), at=AT, sold=True),
    ),
    (
        "binance", f'{{"a":26129,"p":"0.01633102","q":"4.7","f":1,"l":1,"T":{MS},"m":false,"M":true}}',
        Trade(symbol=None, id="26129", price=D("0.01633102"), quantity=D("4.7"), at=AT, sold=False),
    ),
    (
        "binance", f'[{{"id":28457,"price":"4.0","qty":"12","quoteQty":"48","time":{MS},"isBuyerMaker":true,"isBestMatch":true}}]',
        Trade(symbol=None, id="28457", price=D("4.0"), quantity=D(12), at=AT, sold=True),
    ),
    (
        "binance", '{"u":400900217,"s":"BNBUSDT","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}',
        Quote(symbol="BNBUSDT", id=400900217, bid=D("25.35"), bid_quantity=D("31.21"), ask=D("25.36"), ask_quantity=D("40.66")),
    ),
    (
        "binance", '{"symbol":"LTCBTC","bidPrice":"4","bidQty":"431","askPrice":"4.1","askQty":"9"}',
        Quote(symbol="LTCBTC", id=None, bid=D(4), bid_quantity=D(431), ask=D("4.1"), ask_quantity=D(9)),
    ),
    (
        "binance", f'{{"e":"24hrMiniTicker","E":{MS},"s":"BNBBTC","c":"0.0025","o":"0.0010","h":"0.0026","l":"0.0009",'
        f'"v":"10000","q":"18"}}',
        DayTicker(symbol="BNBBTC", open=D("0.0010"), high=D("0.0026"), low=D("0.0009"), last=D("0.0025"), volume=D(10000)),
    ),
    (
        "binance", DEPTH,
        DepthUpdate(symbol="BTCUSDT", first_id=11, last_id=15, previous_id=9, bids=((D("60000.1"), D(0)),), asks=((D(60001), D("2.5")),),
                    stamped_at=AT),
    ),
    (
        "binance", '{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[]}',
        DepthSnapshot(symbol=None, last_id=160, bids=((D("0.0024"), D(10)),), asks=()),
    ),
    (
        "binance",
        '{"timezone":"UTC","symbols":[{"symbol":"ETHBTC","status":"BREAK","baseAsset":"ETH","quoteAsset":"BTC","filters":['
        '{"filterType":"PRICE_FILTER","tickSize":"0.00001000"},{"filterType":"LOT_SIZE","stepSize":"0.0001"},'
        '{"filterType":"NOTIONAL","minNotional":"0.0001"}]}]}',
        Listing(symbol="ETHBTC", base="ETH", quote="BTC", tick=D("0.00001000"), lot=D("0.0001"),
              minimum_notional=D("0.0001"), trading=False),
    ),
    ("binance", f'{{"serverTime":{MS}}}', ServerTime(AT)),
    ("binance", f'{{"id":"x","status":200,"result":{{"serverTime":{MS}}},"rateLimits":[]}}', ServerTime(AT)),
    ("binance", '{"result":null,"id":312}', Acknowledged("312", accepted=True)),
    (
        "bybit",
        f'{{"topic":"kline.5.BTCUSDT","data":[{{"start":{MS},"end":{MS + 299_999},"interval":"5","open":"16649.5","close":"16677",'
        f'"high":"16680","low":"16608","volume":"2.081","turnover":"3","confirm":true,"timestamp":{MS}}}],"ts":{MS},"type":"snapshot"}}',
        Kline(symbol="BTCUSDT", timeframe="5m", opened_at=AT, open=D("16649.5"), high=D(16680), low=D(16608), close=D(16677),
              volume=D("2.081"), closed=True, stamped_at=AT),
    ),
    (
        "bybit", f'{{"retCode":0,"retMsg":"OK","result":{{"symbol":"BTCUSD","category":"inverse","list":[["{MS}","1","2",'
        f'"0.5","1.5","7","9"]]}}}}',
        Kline(symbol="BTCUSD", timeframe=None, opened_at=AT, open=D(1), high=D(2), low=D("0.5"), close=D("1.5"), volume=D(7), closed=None),
    ),
    (
        "bybit", f'{{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":{MS},"data":[{{"T":{MS},"s":"BTCUSDT","S":"Sell",'
        f'"v":"1","p":"2","i":"a"}}]}}',
        Trade(symbol="BTCUSDT", id="a", price=D(2), quantity=D(1), at=AT, sold=True),
    ),
    (
        "bybit",
        f'{{"retCode":0,"result":{{"category":"spot","list":[{{"execId":"9","symbol":"BTCUSDT","price":"2","size":"1","side":"Buy",'
        f'"time":"{MS}","isBlockTrade":false}}]}}}}',
        Trade(symbol="BTCUSDT", id="9", price=D(2), quantity=D(1), at=AT, sold=False),
    ),
    (
        "bybit", f'{{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":{MS},"data":{{"s":"BTCUSDT","b":[["1","2"]],'
        f'"a":[],"u":7,"seq":9}}}}',
        DepthSnapshot(symbol="BTCUSDT", last_id=7, bids=((D(1), D(2)),), asks=()),
    ),
    (
        "bybit", f'{{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":{MS},"data":{{"s":"BTCUSDT","b":[],"a":[["3","0"]],'
        f'"u":8,"seq":10}}}}',
        DepthUpdate(symbol="BTCUSDT", first_id=8, last_id=8, previous_id=None, bids=(), asks=((D(3), D(0)),), stamped_at=AT),
    ),
    (
        "bybit", '{"retCode":0,"result":{"s":"BTCUSDT","a":[["65557.7","16.6"]],"b":[],"ts":1,"u":230704,"seq":1}}',
        DepthSnapshot(symbol="BTCUSDT", last_id=230704, bids=(), asks=((D("65557.7"), D("16.6")),)),
    ),
    (
        "bybit", '{"topic":"tickers.BTCUSDT","type":"delta","ts":1,"data":{"symbol":"BTCUSDT","lastPrice":"21109.77"}}',
        DayTicker(symbol="BTCUSDT", open=None, high=None, low=None, last=D("21109.77"), volume=None),
    ),
    (
        "bybit",
        '{"retCode":0,"result":{"category":"linear","list":[{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","status":"Trading",'
        '"lotSizeFilter":{"qtyStep":"0.001","minNotionalValue":"5"},"priceFilter":{"tickSize":"0.10"}}]}}',
        Listing(symbol="BTCUSDT", base="BTC", quote="USDT", tick=D("0.10"), lot=D("0.001"), minimum_notional=D(5), trading=True),
    ),
    ("bybit", f'{{"retCode":0,"result":{{"timeSecond":"{MS // 1000}","timeNano":"{MS}000000"}}}}', ServerTime(AT)),
    ("bybit", '{"success":true,"ret_msg":"","conn_id":"x","req_id":"10","op":"subscribe"}', Acknowledged("10", accepted=True)),
    ("bybit", '{"success":false,"ret_msg":"error:handler not found","op":"subscribe"}', Acknowledged("", accepted=False)),
    ("bybit", '{"req_id":"test","op":"pong","args":["1"],"conn_id":"x"}', Acknowledged("test", accepted=True)),
    (
        "ibkr", '[{"date":"2024-08-09T02:00:00+02:00","open":219.0,"high":220.5,"low":218,"close":219,"volume":12.0,'
        '"average":219,"barCount":2}]',
        Kline(symbol=None, timeframe=None, opened_at=AT, open=D("219.0"), high=D("220.5"), low=D(218), close=D(219),
              volume=D("12.0"), closed=None),
    ),
    (
        "ibkr", '[{"time":"2024-08-09T00:00:00+00:00","priceBid":0.99,"priceAsk":15.3,"sizeBid":1.0,"sizeAsk":2.0}]',
        Quote(symbol=None, id=None, bid=D("0.99"), bid_quantity=D("1.0"), ask=D("15.3"), ask_quantity=D("2.0")),
    ),
    (
        "ibkr", '[{"time":"2024-08-09T00:00:00+00:00","price":6.2,"size":30.0,"exchange":""}]',
        Trade(symbol=None, id="0", price=D("6.2"), quantity=D("30.0"), at=AT, sold=None),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("venue", "text", "message"), READ)
def test_each_kind_says_what_it_says(venue: str, text: str, message: Message) -> None:
    assert decode(venue, json.loads(text)) == (message,)


@pytest.mark.parametrize(
    ("venue", "text", "kind"),
    [
        ("binance", '{"e":"executionReport","E":1,"s":"BTCUSDT"}', "executionReport"),
        ("binance", '{"subscriptionId":0,"event":{"e":"balanceUpdate","E":1}}', "balanceUpdate"),
        ("binance", '{"e":"ORDER_TRADE_UPDATE","E":1,"o":{}}', "ORDER_TRADE_UPDATE"),
        ("binance", '{"symbol":"BTCUSDT","orderId":28,"price":"1"}', "order"),
        ("binance", '[{"asset":"BTC","positionAmt":"1"}]', "position"),
        ("binance", '{"method":"SUBSCRIBE","params":[],"id":1}', "request"),
        ("bybit", '{"topic":"order","id":"1","data":[]}', "order"),
        ("bybit", '{"topic":"orderbook.rpi.BTCUSDT","type":"delta","data":{}}', "orderbook.rpi"),
        ("bybit", '{"op":"subscribe","args":["order"]}', "request subscribe"),
        ("bybit", '{"retCode":0,"result":{"orderId":"1"}}', "something about an account"),
        ("ibkr", '[{"account":"DU1","tag":"NetLiquidation","value":"1"}]', "account value"),
    ],
)
def test_what_is_not_read_is_named(venue: str, text: str, kind: str) -> None:
    with pytest.raises(NotReadError) as refused:
        decode(venue, json.loads(text))
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    ("venue", "text", "error"),
    [
        ("binance", '{"code":-1121,"msg":"Invalid symbol."}', RefusedError),
        ("binance", '{"id":"x","status":400,"error":{"code":-1100,"msg":"no"}}', RefusedError),
        ("bybit", '{"retCode":10001,"retMsg":"params error","result":{}}', RefusedError),
        ("binance", "[]", EmptyAnswerError),
        ("binance", "{}", EmptyAnswerError),
        ("bybit", '{"retCode":0,"result":{"category":"spot","list":[]}}', EmptyAnswerError),
        ("ibkr", "[]", EmptyAnswerError),
        ("binance", KLINE.replace('"60000.10"', '"zero"'), MalformedAnswerError),
        ("binance", KLINE.replace('"60000.10"', '"0"'), MalformedAnswerError),
        ("binance", KLINE.replace('"60000.10"', '"NaN"'), MalformedAnswerError),
        ("binance", KLINE.replace('"60000.10"', '"1e999"'), MalformedAnswerError),
        ("binance", KLINE.replace('"x":false', '"x":"no"'), MalformedAnswerError),
        ("binance", KLINE.replace('"1.25"', '"-1"'), MalformedAnswerError),
        ("binance", KLINE.replace('"v":"1.25",', ""), MalformedAnswerError),
        ("binance", KLINE.replace(f'"t":{MS}', f'"t":{MS}000'), MalformedAnswerError),
        ("binance", DEPTH.replace('"u":15', '"u":10'), MalformedAnswerError),
        ("binance", DEPTH.replace('[["60001","2.5"]]', '[["60001"]]'), MalformedAnswerError),
        ("binance", '"hello"', MalformedAnswerError),
        ("binance", '{"data":' * 900 + "{}" + "}" * 900, MalformedAnswerError),
        ("bybit", '{"topic":"kline.5.BTCUSDT","data":[{"interval":"7"}],"ts":1}', MalformedAnswerError),
        ("bybit", "7", MalformedAnswerError),
        ("ibkr", '[{"date":"2021-01-05T09:28:00","open":1,"high":1,"low":1,"close":1,"volume":1,"barCount":1}]', MalformedAnswerError),
    ],
)
def test_what_is_wrong_is_refused_for_its_reason(venue: str, text: str, error: type[VenueError]) -> None:
    with pytest.raises(error):
        decode(venue, json.loads(text))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100)
@given(st.sampled_from(sorted(READERS)), ANYTHING)
def test_nothing_but_a_typed_error_comes_of_anything(venue: str, payload: object) -> None:
    answer_of(venue, payload)


@settings(max_examples=200)
@given(st.sampled_from(READ), st.data())
def test_nothing_but_a_typed_error_comes_of_a_payload_with_one_field_spoiled(case: tuple[str, str, Message], data: st.DataObject) -> None:
    venue, text, _ = case
    payload = json.loads(text)
    answer_of(venue, spoiled(payload, data))


def answer_of(venue: str, payload: object) -> object:
    """What is read, or the typed refusal; anything else is raised."""
    try:
        return decode(venue, payload)
    except VenueError as error:
        return error


def spoiled(payload: object, data: st.DataObject) -> object:
    """The same with something else in one place, found by walking down at random."""
    if isinstance(payload, dict) and payload and data.draw(st.booleans() | st.just(True)):
        key = data.draw(st.sampled_from(sorted(payload)))
        return {**payload, key: spoiled(payload[key], data)}
    if isinstance(payload, list) and payload:
        place = data.draw(st.integers(0, len(payload) - 1))
        return [*payload[:place], spoiled(payload[place], data), *payload[place + 1 :]]
    return data.draw(ANYTHING)
