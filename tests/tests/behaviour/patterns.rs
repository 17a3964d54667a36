//! May an argument be taken apart in every way?
#![allow(clippy::unused_async, reason = "both kinds of functions are tried")]

use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::{capture, capture_async};

#[derive(Clone)]
struct Pair(u64, String);

#[derive(Clone)]
struct Order {
    id: u64,
    name: String,
    pair: Pair,
}

/// Defines a function twice: as it stands, and async, with a result.
macro_rules! both {
    ($(fn $name:ident / $name_async:ident($seen:ident) $args:tt -> u64 $body:block)*) => {$(
        #[traced(attrs($seen))]
        fn $name $args -> u64 $body

        #[traced(attrs($seen))]
        async fn $name_async $args -> Result<u64, String> {
            tokio::task::yield_now().await;
            Ok($body)
        }
    )*};
}

both! {
    fn tuple / tuple_async(seen) ((seen, _): (u64, String)) -> u64 { seen }
    fn nested / nested_async(seen) ((a, (seen, mut b), ..): (u64, (u64, u64), u8, u8)) -> u64 { b += a; b + seen }
    fn reference / reference_async(seen) (&seen: &u64) -> u64 { seen }
    fn reference_inside / reference_inside_async(seen) ((&seen, &mut ref mut b): (&u64, &mut u64)) -> u64 { *b += 1; seen }
    fn tuple_struct / tuple_struct_async(seen) (Pair(seen, name): Pair) -> u64 { name.len() as u64 + seen }
    fn structs / structs_async(seen) (Order { id: seen, name, pair: Pair(b, _) }: Order) -> u64 { name.len() as u64 + b + seen }
    fn rest / rest_async(seen) (Order { id: seen, .. }: Order, Pair(..): Pair) -> u64 { seen }
    fn slice / slice_async(seen) ([seen, b @ .., c]: [u64; 4]) -> u64 { b.iter().sum::<u64>() + seen + c }
    fn by_ref / by_ref_async(seen) (ref seen: u64, (ref mut b, _): (u64, u8)) -> u64 { *b += 1; *seen + *b }
    fn whole / whole_async(seen) (seen @ (1 | _): u64, whole @ Pair(..): Pair) -> u64 { whole.0 + seen }
    fn wild / wild_async(seen) (_: String, seen: u64, _: &str) -> u64 { seen }
    fn mutable / mutable_async(seen) (mut seen: u64, mut text: String) -> u64 { seen += 1; text.push('x'); seen + text.len() as u64 }
    fn with_cfg / with_cfg_async(seen) (seen: u64, #[cfg(any())] gone: Gone, #[cfg(all())] here: u64) -> u64 { seen + here }
    fn with_cfg_pattern / with_cfg_pattern_async(seen) (#[cfg(any())] (gone, _): Gone, #[cfg(all())] (seen, _): (u64, u8)) -> u64 { seen }
}

fn pair() -> Pair {
    Pair(2, "two".to_owned())
}

fn order() -> Order {
    Order { id: 1, name: "one".to_owned(), pair: pair() }
}

#[test]
fn arguments_may_be_taken_apart() {
    let spans = capture(|| {
        assert_eq!(tuple((1, String::new())), 1);
        assert_eq!(nested((1, (1, 3), 0, 0)), 5);
        assert_eq!(reference(&1), 1);
        assert_eq!(reference_inside((&1, &mut 2)), 1);
        assert_eq!(tuple_struct(Pair(1, "x".to_owned())), 2);
        assert_eq!(structs(order()), 6);
        assert_eq!(rest(order(), pair()), 1);
        assert_eq!(slice([1, 2, 3, 4]), 10);
        assert_eq!(by_ref(1, (2, 0)), 4);
        assert_eq!(whole(1, pair()), 3);
        assert_eq!(wild(String::new(), 1, ""), 1);
        assert_eq!(mutable(1, String::new()), 3);
        assert_eq!(with_cfg(1, 2), 3);
        assert_eq!(with_cfg_pattern((1, 0)), 1);
    });

    assert_eq!(spans.all.len(), 14);
    for span in &spans.all {
        assert_eq!(span.attribute("seen"), Some(&1.into()), "{}", span.name);
    }
}

#[test]
fn arguments_of_async_functions_may_be_taken_apart() {
    let spans = capture_async(async {
        assert_eq!(tuple_async((1, String::new())).await, Ok(1));
        assert_eq!(nested_async((1, (1, 3), 0, 0)).await, Ok(5));
        assert_eq!(reference_async(&1).await, Ok(1));
        assert_eq!(reference_inside_async((&1, &mut 2)).await, Ok(1));
        assert_eq!(tuple_struct_async(Pair(1, "x".to_owned())).await, Ok(2));
        assert_eq!(structs_async(order()).await, Ok(6));
        assert_eq!(rest_async(order(), pair()).await, Ok(1));
        assert_eq!(slice_async([1, 2, 3, 4]).await, Ok(10));
        assert_eq!(by_ref_async(1, (2, 0)).await, Ok(4));
        assert_eq!(whole_async(1, pair()).await, Ok(3));
        assert_eq!(wild_async(String::new(), 1, "").await, Ok(1));
        assert_eq!(mutable_async(1, String::new()).await, Ok(3));
        assert_eq!(with_cfg_async(1, 2).await, Ok(3));
        assert_eq!(with_cfg_pattern_async((1, 0)).await, Ok(1));
    });

    assert_eq!(spans.all.len(), 14);
    for span in &spans.all {
        assert_eq!(span.attribute("seen"), Some(&1.into()), "{}", span.name);
    }
}
