//! What does an answer about sampling say?
//!
//! As JSON, by Jaeger's [`sampling.proto`](https://github.com/jaegertracing/jaeger-idl/blob/main/proto/api_v2/sampling.proto).

use std::collections::HashMap;

use serde_json::Value;

use crate::sampling::Strategies;

/// How many operations are told apart at most; the others have the default share.
const MOST_OPERATIONS: usize = 2000;

/// The strategies in an answer, or what is wrong with it: then it is not followed at all.
pub(super) fn strategies(answer: &[u8]) -> Result<Strategies, String> {
    let answer: Value = serde_json::from_slice(answer)
        .map_err(|error| format!("the answer is no JSON: {error}"))?;
    if answer.get("operationSampling").is_some_and(|it| !it.is_null()) {
        return of_operations(part(&answer, "operationSampling")?);
    }
    match &answer["strategyType"] {
        kind if is_kind(kind, 1, "RATE_LIMITING") => {
            match number(&part(&answer, "rateLimitingSampling")?["maxTracesPerSecond"])? {
                rate if rate > 0.0 && rate <= 1e6 => Ok(Strategies::Rate(rate)),
                0.0 => Ok(Strategies::Share(0.0)),
                rate => Err(format!("a rate of {rate} traces a second is none")),
            }
        }
        // The default of Protobuf's JSON, which may be left out.
        kind if kind.is_null() || is_kind(kind, 0, "PROBABILISTIC") => {
            share(&part(&answer, "probabilisticSampling")?["samplingRate"]).map(Strategies::Share)
        }
        kind => Err(format!("{kind} is no known type of strategy")),
    }
}

fn part<'a>(answer: &'a Value, key: &str) -> Result<&'a Value, String> {
    answer
        .get(key)
        .filter(|part| part.is_object())
        .ok_or_else(|| format!("the answer has no {key}"))
}

/// Protobuf's JSON has a value of an enum by its number or by its name.
fn is_kind(kind: &Value, number: u64, name: &str) -> bool {
    kind.as_u64() == Some(number) || kind.as_str() == Some(name)
}

fn of_operations(operations: &Value) -> Result<Strategies, String> {
    let default = share(&operations["defaultSamplingProbability"])?;
    let at_least = match &operations["defaultLowerBoundTracesPerSecond"] {
        Value::Null => None,
        rate => Some(number(rate)?).filter(|rate| *rate > 0.0),
    };
    if at_least.is_some_and(|rate| rate > 1e6) {
        return Err("the lower bound is more than a million traces a second".to_owned());
    }
    let mut of = HashMap::new();
    let strategies: &[Value] = match &operations["perOperationStrategies"] {
        Value::Null => &[],
        Value::Array(strategies) => strategies,
        _ => return Err("the strategies of operations are no list".to_owned()),
    };
    for operation in strategies {
        let Some(name) = operation["operation"].as_str() else {
            return Err("an operation has no name".to_owned());
        };
        if of.len() < MOST_OPERATIONS {
            let share = share(&operation["probabilisticSampling"]["samplingRate"])?;
            of.insert(name.to_owned(), share);
        }
    }
    Ok(Strategies::Operations { share: default, at_least, of })
}

fn share(value: &Value) -> Result<f64, String> {
    let share = number(value)?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(format!("a sampling rate of {share} is not from 0 to 1"))
    }
}

/// Zero may be left out of Protobuf's JSON.
fn number(value: &Value) -> Result<f64, String> {
    match value {
        Value::Null => Ok(0.0),
        value => value.as_f64().ok_or_else(|| format!("{value} is no number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> Result<Strategies, String> {
        strategies(answer.as_bytes())
    }

    #[test]
    fn strategies_of_a_service_and_of_its_operations_are_read() {
        let share =
            r#"{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.5}}"#;
        assert_eq!(read(share), Ok(Strategies::Share(0.5)));
        assert_eq!(read(r#"{"probabilisticSampling":{}}"#), Ok(Strategies::Share(0.0)));
        let rate =
            r#"{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":5}}"#;
        assert_eq!(read(rate), Ok(Strategies::Rate(5.0)));
        let rate = r#"{"strategyType":1,"rateLimitingSampling":{"maxTracesPerSecond":0}}"#;
        assert_eq!(read(rate), Ok(Strategies::Share(0.0)));
        let operations = r#"{"operationSampling":{"defaultSamplingProbability":0.1,
            "defaultLowerBoundTracesPerSecond":0.5,"perOperationStrategies":[
            {"operation":"GET /a","probabilisticSampling":{"samplingRate":1}}]}}"#;
        let of = HashMap::from([("GET /a".to_owned(), 1.0)]);
        let expected = Strategies::Operations { share: 0.1, at_least: Some(0.5), of };
        assert_eq!(read(operations), Ok(expected));
    }

    #[test]
    fn an_answer_that_lies_is_not_followed() {
        for answer in [
            "",
            "no JSON",
            "[1",
            "null",
            "[]",
            "{}",
            r#"{"status":"ok"}"#,
            r#"{"strategyType":"PROBABILISTIC"}"#,
            r#"{"strategyType":"RATE_LIMITING","probabilisticSampling":{"samplingRate":1}}"#,
            r#"{"strategyType":9,"probabilisticSampling":{"samplingRate":1}}"#,
            r#"{"probabilisticSampling":[]}"#,
            r#"{"probabilisticSampling":{"samplingRate":1.5}}"#,
            r#"{"probabilisticSampling":{"samplingRate":-1}}"#,
            r#"{"probabilisticSampling":{"samplingRate":"all"}}"#,
            r#"{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":-5}}"#,
            r#"{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":1e300}}"#,
            r#"{"operationSampling":{"defaultSamplingProbability":2}}"#,
            r#"{"operationSampling":[]}"#,
            r#"{"operationSampling":{"perOperationStrategies":{}}}"#,
            r#"{"operationSampling":{"perOperationStrategies":[{"probabilisticSampling":{}}]}}"#,
            r#"{"operationSampling":{"perOperationStrategies":[{"operation":"a","probabilisticSampling":{"samplingRate":7}}]}}"#,
        ] {
            assert!(read(answer).is_err(), "{answer}");
        }
    }

    #[test]
    fn of_a_million_operations_only_so_many_are_told_apart() {
        let many: Vec<_> = (0..100_000)
            .map(|n| {
                format!(r#"{{"operation":"{n}","probabilisticSampling":{{"samplingRate":1}}}}"#)
            })
            .collect();
        let answer =
            format!(r#"{{"operationSampling":{{"perOperationStrategies":[{}]}}}}"#, many.join(","));
        let Ok(Strategies::Operations { of, .. }) = read(&answer) else { panic!("operations") };
        assert_eq!(of.len(), MOST_OPERATIONS);
    }
}
