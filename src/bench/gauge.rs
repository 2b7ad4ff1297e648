//! Figures, and how they are computed from samples.

use serde::Serialize;
use std::time::{Duration, Instant};

/// The limit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Smaller is better.
    AtMost(f64),
    /// Larger is better.
    AtLeast(f64),
    /// Reported without a limit.
    None,
}

/// One measured figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Which benchmark.
    pub bench: &'static str,
    /// What was measured.
    pub what: String,
    /// The value in `unit`.
    pub value: f64,
    /// Unit, last.
    pub unit: &'static str,
    /// Its limit.
    pub bound: Bound,
}

impl Figure {
    /// A figure with its bound.
    pub fn new(
        bench: &'static str,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        bound: Bound,
    ) -> Self {
        Self { bench, what: what.into(), value, unit, bound }
    }

    /// Whether the limit holds; none when there is no limit.
    pub fn holds(&self) -> Option<bool> {
        match self.bound {
            Bound::AtMost(limit) => Some(self.value <= limit),
            Bound::AtLeast(limit) => Some(self.value >= limit),
            Bound::None => None,
        }
    }

    /// One line: benchmark, what, value, bound.
    pub fn line(&self) -> String {
        let bound = match self.bound {
            Bound::AtMost(limit) => format!("≤ {limit} {}", self.unit),
            Bound::AtLeast(limit) => format!("≥ {limit} {}", self.unit),
            Bound::None => String::new(),
        };
        let mark = match self.holds() {
            Some(true) => "✓",
            Some(false) => "✗",
            None => " ",
        };
        format!("{mark} {:<14} {:<52} {:>12.2} {:<5} {bound}", self.bench, self.what, self.value, self.unit)
    }
}

/// Latencies of single actions.
#[derive(Debug, Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    /// Adds the samples of another.
    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// Adds one sample.
    pub fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Runs `action` and adds how long it took.
    pub fn time<T>(&mut self, action: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let value = action();
        self.0.push(started.elapsed());
        value
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The latency, in milliseconds, that `share` of the samples do not pass.
    pub fn at(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let index = ((self.0.len() as f64 * share).ceil() as usize).saturating_sub(1);
        self.0.get(index).map_or(0.0, |sample| sample.as_secs_f64() * 1000.0)
    }

    /// The longest, in milliseconds.
    pub fn longest(&self) -> f64 {
        self.0.iter().max().map_or(0.0, |sample| sample.as_secs_f64() * 1000.0)
    }
}

/// Resident memory of a process (`self`, or its number) in megabytes, where the system reports it.
pub fn resident_mb(process: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ninety_ninth_of_a_hundred_is_the_last_but_one() {
        let mut samples = Samples((1..=100).map(Duration::from_millis).collect());
        assert!((samples.at(0.99) - 99.0).abs() < 1e-9);
        assert!((samples.longest() - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_bound_is_held_from_its_own_side() {
        let at_most = Figure::new("x", "y", 2.0, "ms", Bound::AtMost(1.0));
        let at_least = Figure::new("x", "y", 2.0, "/s", Bound::AtLeast(1.0));
        assert_eq!((at_most.holds(), at_least.holds()), (Some(false), Some(true)));
    }
}
