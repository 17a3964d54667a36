//! Which attributes are ours, and which change what they stand on?

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

/// The attributes that the compiler itself knows.
const BUILT_IN: [&str; 31] = [
    "allow",
    "automatically_derived",
    "cfg",
    "clippy",
    "cold",
    "coverage",
    "deny",
    "deprecated",
    "diagnostic",
    "doc",
    "expect",
    "export_name",
    "forbid",
    "global_allocator",
    "ignore",
    "inline",
    "instruction_set",
    "link_name",
    "link_section",
    "must_use",
    "naked",
    "no_mangle",
    "optimize",
    "panic_handler",
    "rustfmt",
    "should_panic",
    "target_feature",
    "test",
    "track_caller",
    "traced",
    "warn",
];

pub(crate) fn is_traced(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "traced")
}

/// Whether an attribute is one of those that get to see an item and to change it.
pub(crate) fn rewrites(attribute: &Attribute) -> bool {
    if !attribute.path().is_ident("cfg_attr") {
        return !is_built_in(attribute.path());
    }
    let conditional = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    conditional.is_ok_and(|metas| metas.iter().skip(1).any(|meta| !is_built_in(meta.path())))
}

fn is_built_in(path: &Path) -> bool {
    // `clippy::too_many_lines`, `rustfmt::skip`; in `#[unsafe(no_mangle)]` the path is a keyword.
    let first = path.segments.first().map(|first| first.ident.to_string());
    first.is_none_or(|first| first == "unsafe" || BUILT_IN.contains(&first.as_str()))
}
