//! Is a call that nobody traces as it is without the attribute?

use std::process::Command;

use otel_tests::capture::OFF;

/// Tests that ask about their span, or what it carries, while they work.
const ABOUT_SPANS: [&str; 23] = [
    "annotate::the_attributes_go_onto_the_span_of_the_caller_and_no_span_is_made",
    "context::a_context_as_parent_replaces_the_baggage_and_a_span_does_not",
    "context::manual_spans_nest_in_both_directions",
    "context_only::what_becomes_of_the_call_is_not_told_of_its_parent",
    "current::a_span_that_has_ended_stays_as_it_was",
    "items::a_dropped_call_of_an_async_trait_is_cancelled",
    "items::a_future_that_a_function_returns_is_traced",
    "items::a_module_gives_the_functions_in_it_spans_however_deep",
    "items::a_returned_future_begins_its_span_when_it_is_polled_and_may_be_cancelled",
    "items::a_stream_has_a_span_from_its_first_poll_to_its_end",
    "items::an_impl_gives_its_functions_spans",
    "items::async_trait_may_stand_below_or_above",
    "items::what_a_block_says_is_about_those_functions_that_it_can_be_about",
    "scoped::a_spans_own_attribute_holds_whenever_it_is_set",
    "scoped::every_span_inside_has_them_whoever_makes_it_and_none_after_it",
    "trust::a_handler_that_reads_the_caller_hangs_under_the_live_span_of_its_request",
    "trust::a_handler_without_a_caller_hangs_under_the_span_of_its_request",
    "trust::an_attribute_says_how_much_of_a_caller_is_believed",
    "trust::another_request_that_is_read_meanwhile_is_not_taken_for_the_one_that_is_served",
    "trust::under_link_and_ignore_a_new_trace_begins_and_a_handler_stays_in_it",
    "trust::values_of_an_explicit_context_stay_under_the_live_span",
    "ways::below_the_filter_the_callers_context_reaches_whatever_is_started_by_every_way",
    "ways::where_nothing_may_be_recorded_the_callers_context_reaches_whatever_is_started",
];

/// Every test of this binary does its work once more in a process where nothing is installed, up to
/// where it begins to ask about spans.
#[test]
fn whatever_is_called_does_the_same_without_spans() {
    let binary = std::env::current_exe().expect("this program has a path");
    let list = Command::new(&binary).args(["--list", "--format=terse"]).output().expect("a list");
    let list = String::from_utf8(list.stdout).expect("names are text");
    let tests: Vec<_> = list.lines().filter_map(|line| line.strip_suffix(": test")).collect();

    let mut without_spans = 0;
    for test in tests.iter().filter(|test| !test.starts_with("off::")) {
        let run = Command::new(&binary).args([test, "--exact"]).env(OFF, "").output();
        let run = run.expect("this program can start itself");
        let told = String::from_utf8_lossy(&run.stdout);
        assert_ne!(run.status.success(), ABOUT_SPANS.contains(test), "{test}: {told}");
        without_spans += usize::from(told.contains(OFF));
    }
    // The rest asks nobody for spans.
    assert!(without_spans > tests.len() / 2, "{without_spans} of {}", tests.len());
}
