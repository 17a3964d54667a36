//! Which calls in a body start work elsewhere, and how does the context come along?
//!
//! ```text
//! tokio::spawn(async { .. })   ─→ tokio::spawn(__private::carry_future(async { .. }))
//! tokio::spawn(FUTURE)         ─→ tokio::spawn(__private::Given::new(FUTURE).carry_future())
//! std::thread::spawn(|| ..)    ─→ std::thread::spawn(__private::carry(|| ..))
//! rayon::join(A, B)            ─→ __private::both(A, B).by(rayon::join)
//! RUNTIME.block_on(FUTURE)     ─→ __private::blocking(RUNTIME, FUTURE, |r, f| r.block_on(f))
//! rayon::scope(|s| s.spawn(..)) ─→ __private::waiting(|here| rayon::scope(|s| { here.attach(); .. }))
//! ```
//! It works on tokens, because a body is not parsed, and so that it reaches into the arguments of macros.
//! A path counts as it is written, since a macro cannot resolve it. If an argument is neither a closure nor an
//! `async` block, a trait decides by its type, so that another function of the same path still compiles.

mod arguments;
mod calls;
mod chains;
mod closure;
mod elsewhere;
mod expand;
mod groups;
mod rewriter;
mod type_parameters;

use std::cell::Cell;

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::Path;

use calls::Call;
use chains::Method;
use rewriter::{Rewriter, with_stream};

/// `body`, rewritten so that what is passed to a spawn call takes the context along.
pub(crate) fn carry(body: Group, krate: &Path) -> Group {
    if !may_spawn(&body.stream()) {
        return body;
    }
    let probes = Cell::new(false);
    let rewriter = Rewriter { krate, probes: &probes, scopes: Vec::new(), expand: expand::expand };
    let Some(tokens) = rewriter.stream(body.stream()) else { return body };
    let tokens = if probes.get() { rewriter.with_probes(tokens) } else { tokens };
    with_stream(&body, tokens)
}

/// Whether `tokens` contain the last word of one of the paths, such as `spawn`: most bodies do not.
fn may_spawn(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(word) => Call::ends_with(&word) || Method::is_called(&word),
        TokenTree::Group(group) => may_spawn(&group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Span};

    use super::*;

    fn carried(body: &str) -> String {
        let mut group = Group::new(Delimiter::Brace, body.parse().expect("a body is tokens"));
        group.set_span(Span::call_site());
        let krate: Path = syn::parse_str("k").expect("a path");
        carry(group, &krate).stream().to_string()
    }

    /// Compares both as the compiler prints them, without spaces.
    fn assert_carried(body: &str, expected: &str) {
        let expected: TokenStream = expected.parse().expect("an expectation is tokens");
        assert_eq!(carried(body).replace(' ', ""), expected.to_string().replace(' ', ""), "{body}");
    }

    /// The same for a call whose argument is looked at by its type.
    fn assert_carried_by_type(body: &str, expected: &str) {
        let traits = "#[allow(unused_imports)] use k::__private::probes::Uncarried as _;";
        assert_carried(body, &format!("{traits} {expected}"));
    }

    #[test]
    fn a_call_begins_wherever_an_expression_may() {
        let call = "k::__private::Given::new(f).carry_future()";
        for before in ["return", "x = ", "S { x: ", "x =>", "|x|", "if", "; ", "{ }", "&", "#[a]"] {
            for path in ["tokio::spawn", "::tokio::spawn", "tokio::task::spawn_local::<_>"] {
                let after = if before.ends_with("x: ") { "}" } else { "" };
                if path.starts_with("::") && before.contains("x:") {
                    continue;
                }
                assert_carried_by_type(
                    &format!("{before} {path}(f){after}"),
                    &format!("{before} {path}({call}){after}"),
                );
            }
        }
    }

    #[test]
    fn what_is_not_such_a_call_stays_as_it_is() {
        for body in [
            "my::tokio::spawn(f)",
            "::my::tokio::spawn(f)",
            "crate::tokio::spawn(f)",
            "<T>::tokio::spawn(f)",
            "tokio::spawn::more(f)",
            "tokio::spawn",
            "tokio::spawn()",
            "tokio::spawn[f]",
            "tokio::spawn(a, b)",
            "tokio::spawn::<(f)",
            "tokio::spawn(|| f)",
            "rayon::join(f)",
            "rayon::join(f, g, h)",
            "spawn(f)",
            "thread::spawn(f)",
            "x.spawn(f)",
            "use tokio::spawn;",
            "fn g() { tokio::spawn(f) }",
            "pub(crate) unsafe fn g<T: 'static>() -> [T; 2] where T: Fn() -> u8 { tokio::spawn(f) }",
            "impl A for B { fn g() { tokio::spawn(f) } }",
            "mod m { fn g() { tokio::spawn(f) } }",
            "static S: LazyLock<T> = LazyLock::new(|| { tokio::spawn(f); });",
            "macro_rules! m { () => { tokio::spawn(f) } }",
            "quote::quote! { tokio::spawn(f) }",
            "#[doc(tokio::spawn(f))]",
        ] {
            assert_carried(body, body);
        }
    }

    #[test]
    fn what_follows_an_item_or_resembles_one_is_a_body_again() {
        let call = "tokio::spawn(async { f })";
        let carried = "tokio::spawn(k::__private::carry_future(async { f }))";
        for before in [
            "fn g() { }",
            "static S: u8 = 1;",
            "const { 1 }",
            "let p = x as *const u8 as *const T; let q: &'static str = r;",
            "let g: fn(u8) = h;",
            "stringify!(x); quote != x;",
        ] {
            assert_carried(&format!("{before} {call}"), &format!("{before} {carried}"));
        }
    }

    #[test]
    fn arguments_are_parted_where_expressions_end() {
        assert_carried(
            "rayon::join(f::<A, B>, move |()| g::<C, D>(),)",
            "k::__private::both(f::<A, B>, move |()| g::<C, D>()).by(rayon::join)",
        );
        assert_carried(
            "rayon::join::<A<B, fn() -> C>, _, D, E>(f, g)",
            "k::__private::both::<A<B, fn() -> C>, _, D, E>(f, g).by(rayon::join)",
        );
        assert_carried_by_type(
            "rayon::spawn(f::<A, B>)",
            "rayon::spawn(k::__private::Given::new(f::<A, B>).carry())",
        );
    }

    #[test]
    fn types_that_are_named_go_where_they_are_true() {
        let carry = "k::__private::carry";
        assert_carried(
            "std::thread::spawn::<fn() -> A, A>(f)",
            &format!("std::thread::spawn::<_, A>({carry}::<fn() -> A, A>(f))"),
        );
        assert_carried(
            "std::thread::spawn::<_, A>(|| f)",
            &format!("std::thread::spawn::<_, A>({carry}::<_, A>(|| f))"),
        );
        assert_carried(
            "tokio::spawn::<A>(f)",
            "tokio::spawn::<_>(k::__private::carry_future::<A>(f))",
        );
    }

    #[test]
    fn the_last_method_of_a_chain_is_known_by_its_first_path() {
        let carry = "k::__private::carry";
        for chain in
            ["std::thread::Builder::new().name(\"a\".into())", "::std::thread::Builder::new()"]
        {
            assert_carried(
                &format!("{chain}.spawn(|| f)?.join()"),
                &format!("{chain}.spawn({carry}(|| f))?.join()"),
            );
        }
        assert_carried(
            "std::thread::Builder::new().spawn_scoped(s, || f)",
            &format!("std::thread::Builder::new().spawn_scoped(s, {carry}(|| f))"),
        );
        assert_carried(
            "tokio::runtime::Handle::try_current()?.spawn(async { f }).await",
            &format!(
                "tokio::runtime::Handle::try_current()?.spawn({carry}_future(async {{ f }})).await"
            ),
        );
        for other in [
            "my::std::thread::Builder::new().spawn(|| f)",
            "std::thread::Builder::new().field.spawn(|| f)",
            "thread::Builder::new().spawn(|| f)",
            "std::thread::Builder::new()",
            "Builder::new().block_on(f)",
        ] {
            assert_carried(other, other);
        }
    }

    #[test]
    fn what_a_runtime_runs_while_it_blocks_has_no_context() {
        assert_carried(
            "return Builder::new_current_thread().enable_all().build().expect(\"e\").block_on(f);",
            "return k::__private::blocking(
                Builder::new_current_thread().enable_all().build().expect(\"e\"),
                f,
                |__otel_executor, __otel_future| __otel_executor.block_on(__otel_future)
            );",
        );
    }

    #[test]
    fn a_scope_is_known_by_the_name_that_it_has() {
        let carry = "k::__private::carry";
        assert_carried(
            "std::thread::scope(|s: &Scope| { s.spawn(|| f); x.s.spawn(|| f); t.spawn(|| f) })",
            &format!(
                "std::thread::scope(|s: &Scope| {{ s.spawn({carry}(|| f)); x.s.spawn(|| f); t.spawn(|| f) }})"
            ),
        );
        let attach = "let __otel_attached = __otel_carried.attach();";
        let here = "let __otel_carried = k::__private::Carried::here();";
        assert_carried(
            "rayon::scope(|s| s.spawn(move |_| f))",
            &format!(
                "k::__private::waiting(|__otel_carried| rayon::scope(|s| {{
                    {attach} (s.spawn({{ {here} move |_| {{ {attach} (f) }} }}))
                }}))"
            ),
        );
        for other in
            ["std::thread::scope(f)", "std::thread::scope(|s| { let s = t; s.spawn(|| f) })"]
        {
            assert_carried(other, other);
        }
    }

    #[test]
    fn the_text_of_an_assertion_stays() {
        assert_carried(
            "assert!(std::thread::spawn(|| f).join() == 1)",
            "assert!(
                std::thread::spawn(k::__private::carry(|| f)).join() == 1,
                \"assertion failed: std::thread::spawn(|| f).join() == 1\"
            )",
        );
        // In newer editions, braces in it would be places for arguments.
        assert_carried(
            "debug_assert!(rayon::join(|| f, || {}).0,)",
            "debug_assert!(
                k::__private::both(|| f, || {}).by(rayon::join).0,
                \"{}\",
                \"assertion failed: rayon::join(|| f, || {}).0\"
            )",
        );
        for other in ["assert!(a == 1)", "dbg!(tokio::spawn(f))", "ensure!(tokio::spawn(f))"] {
            assert_carried(other, other);
        }
    }
}
