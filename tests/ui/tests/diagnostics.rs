//! What does the compiler say?
//!
//! One mistake a file, named for the mistake. `TRYBUILD=overwrite cargo test -p otel-tests-ui`
//! writes the messages anew: read them as a user would before they are committed.

#[test]
fn every_mistake_has_one_message_at_its_place() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/arguments/*.rs");
    cases.compile_fail("tests/attributes/*.rs");
    cases.compile_fail("tests/items/*.rs");
    cases.compile_fail("tests/body/*.rs");
}
