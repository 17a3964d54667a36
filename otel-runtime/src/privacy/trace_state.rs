//! What leaves of a trace state?

use super::redactor::{Place, Redacted, Redactor};

/// OpenTelemetry's own member. The numbers in it decide about sampling; they are random, and may look like anything.
const OT: &str = "ot";
const NUMBERS: [&str; 2] = ["th:", "rv:"];

impl Redactor {
    /// What leaves of a trace state, as its header has it. A member in which something is found goes as a whole, since
    /// what stands for a value may be none that a trace state can hold.
    pub(crate) fn trace_state(&self, header: &str) -> Redacted {
        let left: Vec<&str> = header.split(',').filter(|member| self.member(member)).collect();
        match left.join(",") {
            left if left == header => Redacted::Kept,
            left if left.is_empty() => Redacted::Dropped,
            left => Redacted::Replaced(left),
        }
    }

    /// Whether a member leaves.
    fn member(&self, member: &str) -> bool {
        let (key, value) = member.split_once('=').unwrap_or((member, ""));
        if key == OT {
            let others: Vec<_> = value.split(';').filter(|it| !is_number(it)).collect();
            return others.is_empty() || self.text(Place::Member, &others.join(";")).is_kept();
        }
        let rule = self.key(key);
        let place = Place::Attribute { key, rule: &rule, system: None };
        rule.key.is_kept() && self.text(place, value).is_kept()
    }
}

/// 56 bits in hexadecimal.
fn is_number(part: &str) -> bool {
    let digits = NUMBERS.iter().find_map(|number| part.strip_prefix(number));
    digits.is_some_and(|it| it.len() <= 14 && it.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
