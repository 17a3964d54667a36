//! Which paths does the code of a module name?

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, Macro, Meta, Path};

use crate::modules::{Imported, attributes, imports, is_product, is_reexport};

pub(crate) struct Named {
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
    pub(crate) how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Code,
    Import,
    Reexport,
}

/// Every path that the items name, in code, types and the tokens of macros.
pub(crate) fn named(items: &[Item]) -> Vec<Named> {
    let mut paths = Paths(Vec::new());
    for item in items {
        paths.visit_item(item);
    }
    paths.0
}

struct Paths(Vec<Named>);

impl Paths {
    fn code(&mut self, path: Vec<String>, line: usize, is_called: bool) {
        // A name alone may be a variable's, unless it is called or begins as a type's does.
        let is_variable = path.len() == 1
            && !is_called
            && path[0].starts_with(|first: char| first.is_lowercase() || first == '_');
        if !is_variable {
            self.0.push(Named { path, line, how: How::Code });
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_product(attributes(item)) {
            return;
        }
        if let Item::Use(import) = item {
            let how = if is_reexport(&import.vis) { How::Reexport } else { How::Import };
            if import.leading_colon.is_none() {
                let line = import.use_token.span.start().line;
                for import in imports(&import.tree) {
                    let mut path = import.path;
                    if matches!(import.name, Imported::All) {
                        path.push("*".to_owned());
                    }
                    self.0.push(Named { path, line, how });
                }
            }
            return;
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let attributes = match item {
            syn::ImplItem::Const(item) => &item.attrs,
            syn::ImplItem::Fn(item) => &item.attrs,
            syn::ImplItem::Macro(item) => &item.attrs,
            syn::ImplItem::Type(item) => &item.attrs,
            _ => return,
        };
        if is_product(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if is_product(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_expr_block(&mut self, block: &'ast syn::ExprBlock) {
        if is_product(&block.attrs) {
            visit::visit_expr_block(self, block);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if is_product(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    /// `pub(in crate::export)` uses nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let is_no_code = ["doc", "cfg", "allow", "expect"];
        if !is_no_code.iter().any(|name| attribute.path().is_ident(name))
            && let Meta::List(list) = &attribute.meta
        {
            self.tokens(&list.tokens, &[]);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(function) = &*call.func {
            self.path(&function.path, true);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        self.path(path, false);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.path(&called.path, true);
        self.tokens(&called.tokens, &[]);
    }
}

impl Paths {
    fn path(&mut self, path: &Path, is_called: bool) {
        if path.leading_colon.is_none()
            && let Some(first) = path.segments.first()
        {
            let line = first.ident.span().start().line;
            let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.code(segments, line, is_called);
        }
    }

    /// The paths in what a macro is given, or is made of. `prefix` is what stands before a group of imports.
    fn tokens(&mut self, tokens: &TokenStream, prefix: &[String]) {
        let trees: Vec<_> = tokens.clone().into_iter().collect();
        let is = |at: usize, sign: char| matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
        let is_path_sign = |at: usize| is(at, ':') && is(at + 1, ':');
        let mut at = 0;
        while at < trees.len() {
            match &trees[at] {
                TokenTree::Group(group) => self.tokens(&group.stream(), &[]),
                TokenTree::Ident(name) if name == "pub" => {
                    let is_restricted = matches!(
                        trees.get(at + 1),
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis
                    );
                    at += usize::from(is_restricted);
                }
                TokenTree::Ident(first) => {
                    let line = first.span().start().line;
                    let start = at;
                    let mut path = [prefix, &[first.to_string()]].concat();
                    while is_path_sign(at + 1)
                        && let Some(TokenTree::Ident(next)) = trees.get(at + 3)
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    let before = |back: usize, sign| start >= back && is(start - back, sign);
                    // A field or method, a lifetime, what a macro fills in, and a path of another crate.
                    let is_apart = before(1, '.') && !before(2, '.')
                        || before(1, '\'')
                        || before(1, '#')
                        || before(1, '$') && first != "crate"
                        || before(1, ':') && before(2, ':');
                    let group = is_path_sign(at + 1).then(|| trees.get(at + 3)).flatten();
                    if is_apart {
                    } else if let Some(TokenTree::Group(group)) = group
                        && group.delimiter() == Delimiter::Brace
                    {
                        self.tokens(&group.stream(), &path);
                        at += 3;
                    } else {
                        let is_called = is(at + 1, '!')
                            || matches!(trees.get(at + 1), Some(TokenTree::Group(_)));
                        self.code(path, line, is_called);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }
}
