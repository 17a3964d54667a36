//! What is a function called, worked out from the compiler's name for a closure in it?

/// The path of the function around the closure that initialises a callsite.
#[must_use]
pub const fn here<F>(_: &F) -> fn() -> &'static str {
    std::any::type_name::<F>
}

/// `shop::Cart<_>::load::{{closure}}::__OTEL_CALLSITE::{{closure}}` → `shop::Cart::load`
pub(super) fn function(here: &str) -> String {
    let segments = enclosing(here);
    // An inherent impl outside its type's module: `shop::db::<impl shop::Cart<_>>::load`.
    let owner = segments.iter().position(|segment| segment.starts_with("<impl "));
    let Some(owner) = owner else {
        return join(&segments);
    };
    let implemented = &segments[owner]["<impl ".len()..segments[owner].len() - 1];
    let method = join(&segments[owner + 1..]);
    match implemented.split_once(" for ") {
        Some((of, on)) => format!("<{on} as {of}>::{method}"),
        None => format!("{}::{method}", join(&self::segments(implemented))),
    }
}

/// The path of the function around [`here`].
pub(super) fn enclosing(here: &str) -> Vec<&str> {
    let path = here.rfind("::__OTEL_CALLSITE").map_or(here, |end| &here[..end]);
    segments(path).into_iter().filter(|segment| *segment != "{{closure}}").collect()
}

/// All paths that a filter may call the function by: a method goes by its type's path, by its trait's,
/// and by that of the module with the `impl`, where the compiler's name contains it.
pub(super) fn paths(mut segments: Vec<&str>) -> Vec<String> {
    let owner = segments.iter().position(|segment| segment.starts_with('<'));
    let Some(owner) = owner else {
        return vec![join(&segments)];
    };
    let method = segments.split_off(owner + 1);
    let owners = segments.pop().and_then(|owner| owner.strip_prefix('<')?.strip_suffix('>'));
    let owners = owners.unwrap_or_default();
    let implemented =
        owners.strip_prefix("impl ").map(|it| it.split_once(" for ").unwrap_or((it, "")));
    let (on, of) = implemented.or_else(|| owners.split_once(" as ")).unwrap_or((owners, ""));
    [join(&segments), path_of(on), path_of(of)]
        .into_iter()
        .filter(|owner| !owner.is_empty())
        .map(|owner| format!("{owner}::{}", join(&method)))
        .collect()
}

fn path_of(ty: &str) -> String {
    join(&segments(ty.trim_start_matches(['&', '*'])))
}

/// `shop::Cart::load` → `Cart::load`, `<shop::Cart as shop::Store>::load` → `Cart::load`,
/// `shop::load` → `load`. A type is known by its capital letter.
pub(super) fn span_name(function: &str) -> String {
    let segments = segments(function);
    let (method, owners) = segments.split_last().unwrap_or((&function, &[]));
    let owner = match owners.last() {
        Some(owner) if owner.starts_with('<') => {
            let (on, of) = owner[1..owner.len() - 1].split_once(" as ").unwrap_or((owner, owner));
            // A blanket implementation has no type to name.
            last(if on == "_" { of } else { on })
        }
        Some(owner) if owner.starts_with(char::is_uppercase) => (*owner).to_owned(),
        _ => return (*method).to_owned(),
    };
    format!("{owner}::{method}")
}

/// The last segment of a type's path, without generics; a type that has no path stays as it is.
fn last(ty: &str) -> String {
    let ty = ty.trim_start_matches(['&', '*']);
    let segments = segments(ty);
    segments.last().map_or(ty, |last| without_generics(last)).to_owned()
}

fn join(segments: &[&str]) -> String {
    let segments: Vec<&str> = segments.iter().map(|segment| without_generics(segment)).collect();
    segments.join("::")
}

fn without_generics(segment: &str) -> &str {
    match segment.find('<') {
        Some(at) if at > 0 => &segment[..at],
        _ => segment,
    }
}

/// Splits a path at the `::` that are not inside brackets.
fn segments(path: &str) -> Vec<&str> {
    let bytes = path.as_bytes();
    let (mut found, mut from, mut depth) = (Vec::new(), 0, 0_u32);
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'<' | b'(' | b'[' => depth += 1,
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' | b')' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && bytes[at..].starts_with(b"::") => {
                found.push(&path[from..at]);
                at += 1;
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found.push(&path[from..]);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `std::any::type_name` prints them on 1.95.
    const PATHS: [(&str, &str, &str); 13] = [
        ("shop::load", "shop::load", "load"),
        ("shop::db::load", "shop::db::load", "load"),
        ("shop::Cart::load", "shop::Cart::load", "Cart::load"),
        ("shop::Cart<_>::load", "shop::Cart::load", "Cart::load"),
        ("shop::Cart::load::{{closure}}", "shop::Cart::load", "Cart::load"),
        ("shop::db::<impl shop::Cart<_>>::load", "shop::Cart::load", "Cart::load"),
        (
            "shop::db::<impl shop::Store for shop::Cart>::load",
            "<shop::Cart as shop::Store>::load",
            "Cart::load",
        ),
        (
            "<shop::Cart<&str> as shop::Store<u8>>::load",
            "<shop::Cart<&str> as shop::Store<u8>>::load",
            "Cart::load",
        ),
        ("<_ as shop::Blanket>::load", "<_ as shop::Blanket>::load", "Blanket::load"),
        ("shop::Store::load", "shop::Store::load", "Store::load"),
        ("<[u8; N] as shop::Store>::load", "<[u8; N] as shop::Store>::load", "[u8; N]::load"),
        ("<&shop::Cart as shop::Store>::load", "<&shop::Cart as shop::Store>::load", "Cart::load"),
        (
            "<dyn core::ops::Fn(u8) -> u16 as shop::Store>::load",
            "<dyn core::ops::Fn(u8) -> u16 as shop::Store>::load",
            "Fn(u8) -> u16::load",
        ),
    ];

    #[test]
    fn a_filter_may_call_a_method_by_its_type_its_trait_and_its_module() {
        let of = |path: &str| {
            let here = format!("{path}::{{{{closure}}}}::__OTEL_CALLSITE::{{{{closure}}}}");
            paths(enclosing(&here))
        };

        assert_eq!(of("shop::Cart<_>::load"), ["shop::Cart::load"]);
        assert_eq!(
            of("shop::db::<impl shop::Store<u8> for alloc::vec::Vec<_>>::load"),
            ["shop::db::load", "shop::Store::load", "alloc::vec::Vec::load"]
        );
        assert_eq!(
            of("shop::db::<impl shop::Cart<_>>::load"),
            ["shop::db::load", "shop::Cart::load"]
        );
        assert_eq!(
            of("<&shop::Cart<&str> as shop::Store<u8>>::load::inner"),
            ["shop::Cart::load::inner", "shop::Store::load::inner"]
        );
    }

    #[test]
    fn a_path_becomes_a_function_name_and_a_span_name() {
        for (path, expected, name) in PATHS {
            let here = format!("{path}::__OTEL_CALLSITE::{{{{closure}}}}");
            assert_eq!(function(&here), expected);
            assert_eq!(span_name(expected), name);
        }
    }
}
