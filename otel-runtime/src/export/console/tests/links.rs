//! Does the trace's id lead to its page?

use crate::export::settings::LinkTemplate;

use super::*;

fn drawn(takes_links: bool, template: &str) -> String {
    let link = LinkTemplate::new(template);
    assert!(link.is_some(), "{template}");
    let mut console = Console::with(Look::plain(120).linked(link, takes_links));
    console.ended([span(1, NO_PARENT, "load_cart", 0, 10_100)]).concat()
}

#[test]
fn a_terminal_that_takes_links_shows_the_id_as_one() {
    let drawn = drawn(true, "http://localhost:16686/trace/{id}");

    let id = "0af7651916cd43dd8448eb211c80319c";
    let link =
        format!("\u{1b}]8;;http://localhost:16686/trace/{id}\u{1b}\\trace {id}\u{1b}]8;;\u{1b}\\");
    assert!(drawn.contains(&link), "{drawn:?}");
    assert_eq!(drawn.matches('\u{1b}').count(), 4, "and nothing else: {drawn:?}");
}

#[test]
fn any_other_terminal_shows_the_address_itself() {
    let drawn = drawn(false, "http://localhost:16686/trace/{id}");

    let address = "http://localhost:16686/trace/0af7651916cd43dd8448eb211c80319c";
    assert!(drawn.contains(address) && !drawn.contains('\u{1b}'), "{drawn:?}");
}
