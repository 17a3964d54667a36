//! What does an expansion look like?
//!
//! `golden/<name>.rs` is what a user writes, `golden/<name>.expanded.rs` what the compiler gets.
//! `BLESS=1 cargo test -p otel-macros` writes the expansions anew: read them before you commit them.

use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::{File, Item};

use crate::instrument;

fn expansion(source: &str) -> String {
    let mut file: File = syn::parse_str(source).expect("a golden input is Rust");
    let [item] = &mut file.items[..] else {
        panic!("a golden input is one item");
    };
    let attribute = match item {
        Item::Fn(item) => item.attrs.remove(0),
        Item::Impl(item) => item.attrs.remove(0),
        Item::Mod(item) => item.attrs.remove(0),
        Item::Trait(item) => item.attrs.remove(0),
        _ => panic!("a golden input is something that can be annotated"),
    };
    let args = match attribute.meta {
        syn::Meta::List(list) => list.tokens,
        _ => proc_macro2::TokenStream::new(),
    };
    let expanded = instrument(args, item.to_token_stream()).expect("a golden input is correct");
    let file: File = syn::parse2(expanded).expect("an expansion is Rust");
    prettyplease::unparse(&file)
}

#[test]
fn expansions_are_as_they_were_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut checked = 0;
    for entry in fs::read_dir(&folder).expect("the golden folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let Some(name) = name.strip_suffix(".rs").filter(|name| !name.ends_with(".expanded"))
        else {
            continue;
        };
        let expanded = expansion(&fs::read_to_string(&path).expect("an input"));
        let golden = folder.join(format!("{name}.expanded.rs"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, &expanded).expect("the golden folder can be written");
        }
        let golden = fs::read_to_string(&golden).expect("an expansion that has been read");
        assert_eq!(expanded, golden, "{name}: read it, and bless it with BLESS=1");
        checked += 1;
    }
    assert!(checked > 0, "no golden inputs");
}
