//! A call allocates nothing while tracing is off.

use otel_benches::off::PAIRS;

#[test]
fn an_annotated_call_allocates_nothing() {
    for pair in PAIRS {
        let used = allocation_counter::measure(|| {
            assert_eq!((pair.traced)(14), (pair.plain)(14), "{}", pair.name);
        });
        assert_eq!(used.count_total, 0, "{}", pair.name);
    }
}
