//! Does each rule of a policy get its turn, and is anything kept?

use super::super::threshold::Threshold;
use super::bucket::Bucket;
use super::conditions::{Result, trace, wrong};
use super::decide::{Allowance, Checked, OF_ALL};
use super::implied::trace_implies;
use super::reasons;
use super::rule::{Limit, RateLimit, TailRule, Written};

const MOST_RULES: usize = 64;
const MOST_A_SECOND: f64 = 1e9;

/// The policy, or its first mistake.
pub(super) fn check(written: &Written) -> Result<Checked> {
    let Written { drop, keep } = written;
    if drop.len() + keep.len() > MOST_RULES {
        let count = format!("{} rules", drop.len() + keep.len());
        return Err(wrong("keep", count, "write 64 at most, and put several conditions into one"));
    }
    let mut dropping = Vec::new();
    for (at, rule) in drop.iter().enumerate() {
        let field = format!("drop[{at}]");
        if rule.limit != Limit::All {
            let remedy = "what is dropped first is dropped whole: leave out ratio, rate and bytes";
            return Err(wrong(&field, "limited", remedy));
        }
        dropping.push(trace(&field, &rule.condition)?);
        earlier(&field, rule, "drop", &drop[..at])?;
    }
    let mut keeping = Vec::new();
    for (at, rule) in keep.iter().enumerate() {
        let field = format!("keep[{at}]");
        keeping.push((trace(&field, &rule.condition)?, allowance(&field, &rule.limit)?));
        earlier(&field, rule, "drop", drop)?;
        earlier(&field, rule, "keep", &keep[..at])?;
    }
    if !keep.iter().any(|rule| rule.limit != Limit::Ratio(0.0)) {
        let remedy = "nothing would ever be kept: write what is, such as error or ratio=0.1";
        return Err(wrong("keep", "empty", remedy));
    }
    let reasons = OF_ALL.into_iter().map(str::to_owned).collect();
    let reasons = reasons::named(reasons, drop, keep)?;
    Ok(Checked { reasons, drop: dropping, keep: keeping })
}

/// A rule gets its turn.
fn earlier(field: &str, rule: &TailRule, list: &str, before: &[TailRule]) -> Result<()> {
    let takes_all = |before: &TailRule| {
        let as_many = match (&before.limit, &rule.limit) {
            (Limit::All, _) => true,
            // By the same random bits: what is kept at a ratio is kept at every higher one.
            (Limit::Ratio(before), Limit::Ratio(this)) => before >= this,
            (Limit::Ratio(before), _) => *before >= 1.0,
            (Limit::Spans(_) | Limit::Bytes(_), _) => false,
        };
        as_many && trace_implies(&rule.condition, &before.condition)
    };
    match before.iter().position(takes_all) {
        None => Ok(()),
        Some(at) => {
            let remedy = format!(
                "{list}[{at}] decides about every trace that this one would: put this one before it, or leave \
                 it out",
            );
            Err(wrong(field, "never reached", remedy))
        }
    }
}

fn allowance(field: &str, limit: &Limit) -> Result<Allowance> {
    Ok(match limit {
        Limit::All => Allowance::All,
        Limit::Ratio(ratio) => {
            let ratio = *ratio;
            if !(0.0..=1.0).contains(&ratio) {
                let remedy = "write a number from 0 to 1, such as 0.05";
                return Err(wrong(&format!("{field}.ratio"), ratio, remedy));
            }
            if ratio > 0.0 { Allowance::Share(Threshold::of(ratio)) } else { Allowance::None }
        }
        Limit::Spans(limit) => Allowance::Spans(bucket(&format!("{field}.rate"), limit)?),
        Limit::Bytes(limit) => Allowance::Bytes(bucket(&format!("{field}.bytes"), limit)?),
    })
}

fn bucket(field: &str, limit: &RateLimit) -> Result<Bucket> {
    let RateLimit { per_second, burst, larger: _ } = *limit;
    if !(per_second > 0.0 && per_second <= MOST_A_SECOND) {
        let remedy = "write how many a second, more than 0, up to 1000000000";
        return Err(wrong(field, per_second, remedy));
    }
    if let Some(burst) = burst
        && !(1.0..=1e12).contains(&burst)
    {
        let remedy = "write how many tokens the bucket holds, 1 or more";
        return Err(wrong(&format!("{field}.burst"), burst, remedy));
    }
    Ok(Bucket::new(limit))
}
