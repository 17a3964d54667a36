//! Writes the labelled set as lines of JSON, `{"kind", "text", "start", "end"}`, for other programs to be measured on.
//!
//! `labelled [SEED [EACH]]`: EACH values and EACH near misses of every kind. `start` and `end` are bytes of the text in
//! UTF-8; both are `null` for a near miss.

fn main() {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse().expect("a number"));
    let seed = numbers.next().unwrap_or(1);
    let each = numbers.next().unwrap_or(500);
    for case in otel_tests::labelled::cases(seed, usize::try_from(each).expect("it fits")) {
        let (start, end) = case.value.map(|value| (value.start, value.end)).unzip();
        println!(
            "{}",
            serde_json::json!({ "kind": case.kind, "text": case.text, "start": start, "end": end })
        );
    }
}
