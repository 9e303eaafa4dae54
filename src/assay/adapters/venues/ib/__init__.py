"""Interactive Brokers, through TWS or the IB Gateway of whoever trades there, by ib-async.

`ib:AAPL` is a share in US dollars at SMART, `ib:BRK.B` one with a class, `ib:EUR/USD` a currency pair at IDEALPRO, and `ib:ES-202612@CME` a
future of that month. Bars within the day lie on the hours of the clock: the one in which the bell rings is shorter. Daily bars are stamped
00:00 UTC of their session's date.
"""
