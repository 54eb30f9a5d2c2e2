"""A seeded market simulator: option quotes with market features, and the hedge that was right.

Each sample is one European call at one moment: sixty days of history (a stochastic-volatility path
whose shocks correlate with the returns), a quote with a smile and a term structure, an order book;
then two more hours, in every minute of which the option is quoted again. The label is the hedge
ratio that would have been best over those two hours: the slope of the option's moves on the spot's
moves (the minimum-variance hedge of Hull and White, "Optimal delta hedging for options", 2017),
clipped to [0, 1]. It is known only afterwards and carries the noise of one short window, which no
model can predict.

Everything is drawn from one generator: a seed gives the same samples.
"""

import math

import numpy as np

# name, lowest, highest, decimals. Values outside are set to the bound, as a market data feed's
# filters do; every column is in the raw unit that its name says.
COLUMNS = [
    ("log_moneyness", -0.4, 0.4, 4),  # ln(strike / spot)
    ("days_to_expiry", 2, 180, 1),
    ("implied_vol_pct", 5, 100, 2),  # of this option, annual
    ("iv_skew_pct", -7.5, 2, 2),  # slope of the smile, vol points per unit of standard moneyness
    ("iv_term_slope_pct", -15, 15, 2),  # six months less one month, at the money, vol points
    ("iv_change_1d_pct", -7.5, 7.5, 2),
    ("realised_vol_5d_pct", 2, 120, 2),
    ("realised_vol_10d_pct", 2, 120, 2),
    ("realised_vol_20d_pct", 2, 120, 2),
    ("realised_vol_60d_pct", 2, 120, 2),
    ("intraday_vol_1h_pct", 2, 120, 2),
    ("vol_of_vol_pct", 20, 250, 1),
    ("return_1d_pct", -6, 6, 3),
    ("return_5d_pct", -14, 14, 3),
    ("return_20d_pct", -28, 28, 3),
    ("return_30m_bp", -120, 120, 1),
    ("spot_vol_correlation", -1, 1, 3),  # of the daily changes, sixty days
    ("risk_free_rate_pct", 0, 6, 3),
    ("dividend_yield_pct", 0, 4, 3),
    ("spot_spread_bp", 0.5, 15, 2),
    ("option_spread_pct", 0.3, 15, 2),  # of the option's mid price
    ("book_imbalance_l1", -1, 1, 3),  # (bids - asks) / (bids + asks), best level
    ("book_imbalance_l5", -1, 1, 3),  # the same over five levels
    ("volume_ratio", 0.2, 3.9, 3),  # today's volume over its 20-day mean
    ("open_interest_thousands", 0.1, 60, 2),
]
FEATURES = [c[0] for c in COLUMNS]
TARGET = "hedge_ratio"
TARGET_DECIMALS = 5

YEAR = 252  # trading days
HISTORY = 60  # days
MINUTES = 390  # of a trading day
AHEAD = 120  # minutes over which the hedge is judged, the option quoted every minute
MEAN_REVERSION = 3.0  # of the log volatility, a year

erf = np.frompyfunc(math.erf, 1, 1)


def normal_cdf(x):
    return 0.5 + 0.5 * erf(x / math.sqrt(2)).astype(np.float64)


def call_price(spot, strike, years, vol, rate, dividend):
    """Black, Scholes and Merton, with a continuous dividend yield."""
    d1 = (np.log(spot / strike) + (rate - dividend + vol * vol / 2) * years) / (
        vol * np.sqrt(years)
    )
    d2 = d1 - vol * np.sqrt(years)
    return spot * np.exp(-dividend * years) * normal_cdf(d1) - strike * np.exp(
        -rate * years
    ) * normal_cdf(d2)


def term_weight(years):
    """How much of a change of the spot volatility reaches the implied volatility of this expiry."""
    return (1 - np.exp(-MEAN_REVERSION * years)) / (MEAN_REVERSION * years)


def implied_vol(log_moneyness, years, spot_vol, long_vol, skew, curvature):
    """A smile, quadratic in standard moneyness, on a term structure that reverts to long_vol."""
    w = term_weight(years)
    level = np.sqrt(w * spot_vol**2 + (1 - w) * long_vol**2)
    m = np.clip(log_moneyness / (level * np.sqrt(years)), -3, 3)
    return np.maximum(level * (1 + skew * m + curvature * m * m), 0.03)


class Market:
    """n independent samples; all members are arrays of length n, or n x time."""

    def __init__(self, n, seed):
        self.n = n
        self.rng = np.random.default_rng(seed)
        self.draw_regime()
        self.walk_history()
        self.quote_option()

    def uniform(self, low, high):
        return self.rng.uniform(low, high, self.n)

    def draw_regime(self):
        self.long_vol = np.exp(self.uniform(math.log(0.12), math.log(0.5)))
        self.vol_of_vol = self.uniform(0.4, 1.2)
        self.correlation = self.uniform(-0.85, 0.0)
        self.skew = self.uniform(-0.14, 0.0)
        self.curvature = self.uniform(0.0, 0.03)
        self.rate = self.uniform(0.0, 0.055)
        self.dividend = self.uniform(0.0, 0.035)
        self.flow = self.rng.normal(
            size=self.n
        )  # pressure of the order flow, seen in book and drift

    def step(self, log_vol, days, drift=0.0):
        """One step; returns the spot's log return and the new log volatility."""
        dt = days / YEAR
        z, w = self.rng.normal(size=(2, self.n))
        vol = np.exp(log_vol)
        move = drift * dt - vol**2 * dt / 2 + vol * math.sqrt(dt) * z
        shock = self.correlation * z + np.sqrt(1 - self.correlation**2) * w
        pull = MEAN_REVERSION * (np.log(self.long_vol) - log_vol) * dt
        return move, log_vol + pull + self.vol_of_vol * math.sqrt(dt) * shock

    def walk_history(self):
        log_vol = np.log(self.long_vol) + 0.3 * self.rng.normal(size=self.n)
        moves, vols = [], [log_vol]
        for _ in range(HISTORY):
            move, log_vol = self.step(log_vol, 1)
            moves.append(move)
            vols.append(log_vol)
        self.daily, self.daily_log_vol = np.stack(moves, 1), np.stack(vols, 1)
        self.last_hour = np.stack(
            [self.step(log_vol, 5 / MINUTES, 2.0 * self.flow)[0] for _ in range(12)], 1
        )
        self.log_vol = log_vol

    def quote_option(self):
        self.days = np.exp(self.uniform(math.log(7), math.log(180)))
        years = self.days / YEAR
        self.log_moneyness = np.clip(
            0.9 * self.rng.normal(size=self.n) * self.long_vol * np.sqrt(years), -0.4, 0.4
        )
        self.iv = self.iv_at(0.0, self.log_vol, self.log_moneyness, years)

    def iv_at(self, elapsed_years, log_vol, log_moneyness, years):
        return implied_vol(
            log_moneyness,
            years - elapsed_years,
            np.exp(log_vol),
            self.long_vol,
            self.skew,
            self.curvature,
        )

    def best_hedge(self):
        """The option's moves on the spot's over the two hours ahead, and the fills' noise."""
        years = self.days / YEAR
        strike, spot, log_vol = np.exp(self.log_moneyness), np.ones(self.n), self.log_vol
        moves, changes, last = [], [], None
        for i in range(AHEAD + 1):
            left = years - i / MINUTES / YEAR
            vol = implied_vol(
                np.log(strike / spot),
                left,
                np.exp(log_vol),
                self.long_vol,
                self.skew,
                self.curvature,
            )
            price = call_price(spot, strike, left, vol, self.rate, self.dividend)
            if last is not None:
                moves.append(spot - last[0])
                changes.append(price - last[1])
            last = (spot, price)
            move, log_vol = self.step(log_vol, 1 / MINUTES, self.flow)
            spot = spot * np.exp(move)
        x, y = np.stack(moves, 1), np.stack(changes, 1)
        x, y = x - x.mean(1, keepdims=True), y - y.mean(1, keepdims=True)
        slope = (x * y).sum(1) / (x * x).sum(1)
        return np.clip(slope + 0.005 * self.rng.normal(size=self.n), 0, 1)

    def realised(self, days):
        return 100 * np.sqrt(YEAR * np.mean(self.daily[:, -days:] ** 2, 1))

    def correlate(self):
        a, b = self.daily, np.diff(self.daily_log_vol, axis=1)
        a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)
        return (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))

    def features(self):
        rng, n = self.rng, self.n
        years, now, before = self.days / YEAR, self.daily_log_vol[:, -1], self.daily_log_vol[:, -2]
        at_money = [
            self.iv_at(0.0, v, 0.0, t)
            for v, t in ((now, 0.5), (now, 1 / 12), (now, years), (before, years))
        ]
        busy = np.exp(0.45 * rng.normal(size=n))
        changes = np.diff(self.daily_log_vol, axis=1)
        values = {
            "log_moneyness": self.log_moneyness,
            "days_to_expiry": self.days,
            "implied_vol_pct": 100 * self.iv,
            "iv_skew_pct": 100 * self.skew * at_money[2] / 0.9 + 0.3 * rng.normal(size=n),
            "iv_term_slope_pct": 100 * (at_money[0] - at_money[1]),
            "iv_change_1d_pct": 100 * (at_money[2] - at_money[3]),
            "realised_vol_5d_pct": self.realised(5),
            "realised_vol_10d_pct": self.realised(10),
            "realised_vol_20d_pct": self.realised(20),
            "realised_vol_60d_pct": self.realised(60),
            "intraday_vol_1h_pct": 100
            * np.sqrt(YEAR * MINUTES / 5 * np.mean(self.last_hour**2, 1)),
            "vol_of_vol_pct": 100 * np.sqrt(YEAR * np.mean(changes**2, 1)),
            "return_1d_pct": 100 * self.daily[:, -1],
            "return_5d_pct": 100 * self.daily[:, -5:].sum(1),
            "return_20d_pct": 100 * self.daily[:, -20:].sum(1),
            "return_30m_bp": 1e4 * self.last_hour[:, -6:].sum(1),
            "spot_vol_correlation": self.correlate(),
            "risk_free_rate_pct": 100 * self.rate,
            "dividend_yield_pct": 100 * self.dividend,
            "spot_spread_bp": 6
            * np.exp(now)
            / 0.25
            / np.sqrt(busy)
            * np.exp(0.3 * rng.normal(size=n)),
            "option_spread_pct": 2.5
            * np.exp(0.8 * np.abs(self.log_moneyness) / (self.iv * np.sqrt(years)))
            * np.exp(0.4 * rng.normal(size=n)),
            "book_imbalance_l1": np.tanh(0.5 * self.flow + 0.6 * rng.normal(size=n)),
            "book_imbalance_l5": np.tanh(0.4 * self.flow + 0.3 * rng.normal(size=n)),
            "volume_ratio": busy,
            "open_interest_thousands": 8
            * np.exp(0.9 * rng.normal(size=n) - 4 * np.abs(self.log_moneyness)),
        }
        columns = [
            np.round(np.clip(values[name], low, high), decimals)
            for name, low, high, decimals in COLUMNS
        ]
        return np.stack(columns, 1)


def simulate(n, seed):
    """Features (n x 25, rounded as a file holds them) and best hedge ratios (n)."""
    market = Market(n, seed)
    features = market.features()
    return features, np.round(market.best_hedge(), TARGET_DECIMALS)
