//! Which requests come, and when?

use std::f64::consts::TAU;
use std::fmt;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// How long is simulated, and when there is ten times as much to do, in seconds.
pub(crate) const SECONDS: u32 = 600;
const BUSY: std::ops::Range<f64> = 180.0..420.0;

/// Routes, and how many of a thousand requests each has.
pub(crate) const ROUTES: [(&str, u32); 6] = [
    ("/healthz", 400),
    ("/products/{id}", 350),
    ("/search", 180),
    ("/cart", 60),
    ("/checkout", 9),
    ("/admin/refund", 1),
];

/// What a service has to do.
pub(crate) struct Traffic {
    /// Requests a second, while it is not busy.
    pub(crate) per_second: f64,
    /// The share that fails.
    pub(crate) errors: f64,
    /// Of durations, which are log-normal with a deviation of one.
    pub(crate) median_ms: f64,
    pub(crate) arrivals: Arrivals,
}

/// When requests come.
#[derive(Clone, Copy)]
pub(crate) enum Arrivals {
    /// Each by itself.
    Poisson,
    /// As many, but all within the first fifth of each two seconds.
    Bursts,
}

/// One of them.
pub(crate) struct Request {
    /// Seconds since the beginning.
    pub(crate) at: f64,
    pub(crate) trace_id: u128,
    /// By its index.
    pub(crate) route: usize,
    pub(crate) fails: bool,
    pub(crate) milliseconds: f64,
}

impl Traffic {
    /// All requests in their order, the same each time.
    pub(crate) fn requests(&self) -> impl Iterator<Item = Request> {
        let mut random = SmallRng::seed_from_u64(20);
        let mut now = 0.0;
        std::iter::from_fn(move || {
            let busy = if BUSY.contains(&now) { 10.0 } else { 1.0 };
            now += -(1.0 - random.random::<f64>()).ln() / (self.per_second * busy);
            (now < f64::from(SECONDS)).then(|| self.request(now, &mut random))
        })
    }

    fn request(&self, now: f64, random: &mut SmallRng) -> Request {
        let mut place = random.random_range(0..1000);
        let route = ROUTES.iter().position(|(_, share)| {
            let is_here = place < *share;
            place = place.saturating_sub(*share);
            is_here
        });
        let (one, other): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
        let normal = (-2.0 * one.ln()).sqrt() * (TAU * other).cos();
        let at = match self.arrivals {
            Arrivals::Poisson => now,
            Arrivals::Bursts => (now / 2.0).floor() * 2.0 + (now % 2.0) / 5.0,
        };
        Request {
            at,
            trace_id: random.random::<u128>().max(1),
            route: route.unwrap_or_default(),
            fails: random.random_bool(self.errors),
            milliseconds: self.median_ms * normal.exp(),
        }
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Traffic { per_second, errors, median_ms, arrivals } = self;
        let arrivals = match arrivals {
            Arrivals::Poisson => "each by itself",
            Arrivals::Bursts => "in bursts",
        };
        write!(
            f,
            "{per_second} requests a second for three minutes, {} for four, {per_second} for three; they come \
             {arrivals}; {} % fail; the median takes {median_ms} ms",
            per_second * 10.0,
            errors * 100.0
        )
    }
}
