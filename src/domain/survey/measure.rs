//! CSAT, NPS, CES and the Wilson interval. Shares are fractions 0–1 inside [`wilson`]; a [`Measure`] is in the
//! measure's own unit: percent, points −100–100, or the scale's 1–7.

use serde::{Deserialize, Serialize};

/// The 97.5 % quantile of the normal distribution, to six decimals.
const Z: f64 = 1.959_964;

/// An interval, `low ≤ high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// How often each answer of one question was given: (answer, count).
pub type Tally = [(i64, i64)];

/// A measure with its 95 % interval; value and bounds are none without answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// The value in the measure's unit.
    pub value: Option<f64>,
    /// Answers it rests on.
    pub n: i64,
    /// Lower bound.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
}

impl Measure {
    const EMPTY: Self = Self { value: None, n: 0, low: None, high: None };

    fn of(value: f64, n: i64, interval: Interval) -> Self {
        Self { value: Some(value), n, low: Some(interval.low), high: Some(interval.high) }
    }

    /// "n quá nhỏ": fewer answers than the campaign's smallest sample.
    pub const fn is_small(&self, small_sample: i64) -> bool {
        self.n < small_sample
    }
}

/// The Wilson interval of `hits` out of `n`, as fractions; none for `n < 1`.
pub fn wilson(hits: i64, n: i64) -> Option<Interval> {
    (n > 0).then(|| wilson_share(hits as f64 / n as f64, n as f64))
}

/// The Wilson interval of a share `p` (0–1) over `n > 0` answers. For the mean of a bounded scale, mapped to 0–1,
/// it is the widest interval that any spread of answers calls for.
pub fn wilson_share(p: f64, n: f64) -> Interval {
    let z2 = Z * Z;
    let denominator = 1.0 + z2 / n;
    let centre = (p + z2 / (2.0 * n)) / denominator;
    let half = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / denominator;
    // Rounding may put the bound of 0 or 1 a hair beyond the value itself.
    Interval { low: (centre - half).clamp(0.0, p), high: (centre + half).clamp(p, 1.0) }
}

/// A score from −100 to 100 as people read it: `+47`, `−12`, `0`.
pub fn signed(value: f64) -> String {
    let rounded = value.round() as i64;
    match rounded {
        0 => "0".to_owned(),
        positive if positive > 0 => format!("+{positive}"),
        negative => format!("−{}", negative.unsigned_abs()),
    }
}

/// Share of 4 and 5 on the scale 1–5, in percent.
pub fn csat(tally: &Tally) -> Measure {
    let n = count(tally, i64::MIN);
    wilson(count(tally, 4), n).map_or(Measure::EMPTY, |interval| {
        let value = count(tally, 4) as f64 / n as f64;
        Measure::of(100.0 * value, n, Interval { low: 100.0 * interval.low, high: 100.0 * interval.high })
    })
}

/// Promoters (9–10) less detractors (0–6), in points. The interval joins the Wilson intervals of both shares,
/// with the correlation that two shares of the same answers have.
pub fn nps(tally: &Tally) -> Measure {
    let n = count(tally, i64::MIN);
    if n < 1 {
        return Measure::EMPTY;
    }
    let size = n as f64;
    let for_it = count(tally, 9) as f64 / size;
    let against = (n - count(tally, 7)) as f64 / size;
    let (f, a) = (wilson_share(for_it, size), wilson_share(against, size));
    let spread = (for_it * (1.0 - for_it) * against * (1.0 - against)).sqrt();
    let correlation = if spread > 0.0 { -for_it * against / spread } else { 0.0 };
    let reach = |x: f64, y: f64| (x * x + y * y - 2.0 * correlation * x * y).max(0.0).sqrt();
    let value = for_it - against;
    let low = (value - reach(for_it - f.low, a.high - against)).max(-1.0);
    let high = (value + reach(f.high - for_it, against - a.low)).min(1.0);
    Measure::of(100.0 * value, n, Interval { low: 100.0 * low, high: 100.0 * high })
}

/// Mean on the scale 1–7.
pub fn ces(tally: &Tally) -> Measure {
    let n = count(tally, i64::MIN);
    if n < 1 {
        return Measure::EMPTY;
    }
    let sum: i64 = tally.iter().map(|(answer, count)| answer * count).sum();
    let mean = sum as f64 / n as f64;
    let interval = wilson_share(((mean - 1.0) / 6.0).clamp(0.0, 1.0), n as f64);
    Measure::of(mean, n, Interval { low: 1.0 + 6.0 * interval.low, high: 1.0 + 6.0 * interval.high })
}

/// Sheets answered out of customers asked, in percent; none when no customer was asked.
pub fn response_rate(answered: i64, asked: i64) -> Option<f64> {
    (asked > 0).then(|| 100.0 * answered as f64 / asked as f64)
}

/// How many answers are at least `from`.
fn count(tally: &Tally, from: i64) -> i64 {
    tally.iter().filter(|(answer, _)| *answer >= from).map(|(_, count)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 10, 0.0, 27.75)]
    #[case(1, 1, 20.65, 100.0)]
    #[case(45, 50, 78.64, 95.65)]
    #[case(430, 500, 82.68, 88.77)]
    fn wilson_agrees_with_the_published_checks(
        #[case] hits: i64,
        #[case] n: i64,
        #[case] low: f64,
        #[case] high: f64,
    ) {
        let interval = wilson(hits, n).unwrap();
        assert!((100.0 * interval.low - low).abs() < 0.005, "{interval:?}");
        assert!((100.0 * interval.high - high).abs() < 0.005, "{interval:?}");
    }

    #[test]
    fn csat_counts_fours_and_fives() {
        let measure = csat(&[(1, 2), (3, 3), (4, 20), (5, 25)]);
        assert_eq!((measure.value, measure.n), (Some(90.0), 50));
        assert!((measure.low.unwrap() - 78.64).abs() < 0.005);
        assert!(!measure.is_small(30) && csat(&[(5, 29)]).is_small(30));
    }

    #[test]
    fn nps_counts_sevens_and_eights_only_below_the_line() {
        assert_eq!(
            (signed(46.6), signed(-12.0), signed(0.4)),
            ("+47".to_owned(), "−12".to_owned(), "0".to_owned())
        );
        let measure = nps(&[(0, 10), (6, 10), (7, 10), (8, 10), (9, 30), (10, 30)]);
        assert_eq!((measure.value, measure.n), (Some(40.0), 100));
        assert_eq!(nps(&[(10, 3)]).value, Some(100.0));
        assert_eq!(nps(&[(3, 3)]).value, Some(-100.0));
    }

    #[test]
    fn ces_is_a_mean() {
        assert_eq!(ces(&[(7, 1), (4, 1)]).value, Some(5.5));
        assert_eq!(ces(&[(7, 4)]).high, Some(7.0));
    }

    #[test]
    fn nobody_asked_gives_no_value_at_all() {
        for measure in [csat(&[]), nps(&[]), ces(&[])] {
            assert_eq!(measure, Measure::EMPTY);
        }
        assert_eq!(wilson(0, 0), None);
        assert_eq!(response_rate(0, 0), None);
        assert_eq!(response_rate(39, 50), Some(78.0));
    }

    proptest! {
        #[test]
        fn every_interval_contains_its_value_and_stays_on_the_scale(
            counts in prop::collection::vec(0_i64..300, 11),
        ) {
            let scale = |low: i64, high: i64| (low..=high).zip(counts.iter().copied()).collect::<Vec<_>>();
            for (measure, low, high) in [
                (csat(&scale(1, 5)), 0.0, 100.0),
                (nps(&scale(0, 10)), -100.0, 100.0),
                (ces(&scale(1, 7)), 1.0, 7.0),
            ] {
                if let Measure { value: Some(value), low: Some(l), high: Some(h), .. } = measure {
                    prop_assert!(low <= l + 1e-9 && l <= value + 1e-9 && value <= h + 1e-9 && h <= high + 1e-9);
                }
            }
        }

        #[test]
        fn more_answers_of_the_same_share_narrow_the_interval(hits in 0_i64..50, n in 1_i64..50) {
            prop_assume!(hits <= n);
            let width = |k: i64| wilson(hits * k, n * k).map(|i| i.high - i.low);
            prop_assert!(width(4) < width(1));
        }
    }
}
