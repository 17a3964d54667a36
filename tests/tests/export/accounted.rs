//! Is every span exported, or counted as dropped, whatever the program does?
//!
//! The programs look at their own counters.

use otel_tests::program::{program, run};

/// Runs the program, to its end.
#[track_caller]
fn accounted(form: &str) {
    run(program(env!("CARGO_BIN_EXE_accounted")).arg(form).env("OTEL_LOG_LEVEL", "none"));
}

#[test]
fn of_ten_thousand_threads_that_make_a_span_and_end() {
    accounted("threads");
}

#[test]
fn of_more_threads_than_the_queue_has_room_for() {
    accounted("threads-too-many");
}

#[test]
fn of_threads_that_go_on_through_flushes_and_a_shutdown() {
    accounted("load");
}

#[test]
fn of_more_calls_inside_each_other_than_contexts_may_be() {
    accounted("nested");
}

#[test]
fn an_exporter_that_is_traced_itself_makes_none() {
    accounted("traced-exporter");
}

#[test]
fn of_spans_that_are_larger_than_what_may_be_held() {
    accounted("too-large");
}
