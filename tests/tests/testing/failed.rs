//! What does a test say that fails?

use otel_runtime::testing::capture;

use super::{checkout, load_cart, message};

#[test]
fn a_tree_that_is_another_is_shown_beside_the_expected_one() {
    let (_, spans) = capture(|| checkout(7));

    let told = message(|| {
        spans.assert_tree(
            "
            ✗ checkout user_id=8 NoStock: none left
              load_cart items=3
              charge
            ",
        );
    });

    let expected = "\
the spans are not those expected (- expected, + found):
- ✗ checkout user_id=8 NoStock: none left
+ ✗ checkout user_id=7 NoStock: none left
    load_cart items=3
-   charge
+   ✗ ship NoStock: none left";
    assert_eq!(told, expected);
}

#[test]
fn a_span_that_is_missing_is_missed_among_the_others() {
    let ((), spans) = capture(|| load_cart(1));

    let told = message(|| drop(spans.one("charge").to_string()));

    assert_eq!(told, "no span is called `charge`:\nload_cart items=1");
}

#[test]
fn a_span_that_is_there_twice_is_not_the_one() {
    let ((), spans) = capture(|| {
        load_cart(1);
        load_cart(2);
    });

    let told = message(|| drop(spans.one("load_cart").to_string()));

    let expected = "2 spans are called `load_cart`:\nload_cart items=1\nload_cart items=2";
    assert_eq!(told, expected);
}
