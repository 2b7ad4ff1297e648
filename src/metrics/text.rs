//! Writes the text format of Prometheus, version 0.0.4: families with their help, samples with their labels.

use crate::store::tally::Spread;
use std::fmt::Write;

/// What a family is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only rises.
    Counter,
    /// Rises and falls.
    Gauge,
}

/// A page of families.
#[derive(Debug, Default)]
pub struct Text(String);

impl Text {
    /// A family with one sample without labels.
    pub fn single(&mut self, kind: Kind, name: &str, help: &str, value: u64) {
        self.family(kind, name, help, [(Vec::new(), value)]);
    }

    /// A family with its samples; each has its labels and its value.
    pub fn family<'l>(
        &mut self,
        kind: Kind,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = (Vec<(&'l str, &'l str)>, u64)>,
    ) {
        self.head(name, help, if kind == Kind::Counter { "counter" } else { "gauge" });
        for (labels, value) in samples {
            self.sample(name, &labels, &value.to_string());
        }
    }

    /// A histogram whose values are divided by `unit`, such as microseconds by a million.
    pub fn histogram(&mut self, name: &str, help: &str, spread: &Spread, unit: f64) {
        self.head(name, help, "histogram");
        let bucket = format!("{name}_bucket");
        for (upper, count) in &spread.steps {
            let upper = (*upper as f64 / unit).to_string();
            self.sample(&bucket, &[("le", &upper)], &count.to_string());
        }
        self.sample(&bucket, &[("le", "+Inf")], &spread.count.to_string());
        self.sample(&format!("{name}_sum"), &[], &(spread.sum as f64 / unit).to_string());
        self.sample(&format!("{name}_count"), &[], &spread.count.to_string());
    }

    /// The page.
    pub fn finish(self) -> String {
        self.0
    }

    fn head(&mut self, name: &str, help: &str, kind: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: &str) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let before = if at == 0 { '{' } else { ',' };
            // Writing to a string cannot fail.
            let _ = write!(self.0, "{before}{label}=\"{text}\"");
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, " {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tally::Histogram;

    #[test]
    fn a_family_has_its_help_its_type_and_its_samples() {
        let mut text = Text::default();
        text.single(Kind::Gauge, "a", "What a is.", 3);
        text.family(Kind::Counter, "b_total", "B.", [(vec![("x", "1"), ("y", "q\"\\\n")], 7)]);
        let page = text.finish();
        assert_eq!(
            page,
            "# HELP a What a is.\n# TYPE a gauge\na 3\n\
             # HELP b_total B.\n# TYPE b_total counter\nb_total{x=\"1\",y=\"q\\\"\\\\\\n\"} 7\n"
        );
    }

    #[test]
    fn a_histogram_rises_to_all_in_its_unit() {
        let spread = Histogram::new(&[500, 1_000_000]);
        for value in [400, 2_000, 3_000_000] {
            spread.observe(value);
        }
        let mut text = Text::default();
        text.histogram("h_seconds", "H.", &spread.read(), 1e6);
        let page = text.finish();
        let lines: Vec<&str> = page.lines().skip(2).collect();
        assert_eq!(lines[0], "h_seconds_bucket{le=\"0.0005\"} 1");
        assert_eq!(lines[1], "h_seconds_bucket{le=\"1\"} 2");
        assert_eq!(lines[2], "h_seconds_bucket{le=\"+Inf\"} 3");
        assert_eq!(lines[3], "h_seconds_sum 3.0024");
        assert_eq!(lines[4], "h_seconds_count 3");
    }
}
