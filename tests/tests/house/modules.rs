//! Which modules does a crate have, and in which file is what a path names?
//!
//! Only what the product is built of: no module is entered that is there for tests or documentation alone.

use std::collections::{HashMap, HashSet};

use syn::{Attribute, Expr, Item, Lit, Meta, Token, UseTree, Visibility};

use crate::sources::Sources;

pub(crate) type Id = usize;

pub(crate) struct Modules(pub(crate) Vec<Module>);

pub(crate) struct Module {
    pub(crate) file: String,
    pub(crate) items: Vec<Item>,
    /// The module that it is in; the root is in itself.
    parent: Id,
    names: HashMap<String, Vec<Name>>,
    globs: Vec<Vec<String>>,
}

/// What a name stands for in a module.
enum Name {
    Item,
    Module(Id),
    /// A `use`, with the path behind it.
    Use(Vec<String>),
}

/// What a path names.
pub(crate) enum Target {
    Module(Id),
    /// Something in a module.
    ItemOf(Id),
}

impl Modules {
    pub(crate) fn of(sources: &Sources) -> Self {
        let mut modules = Self(Vec::new());
        modules.enter_file(sources, "lib.rs", "", 0);
        modules
    }

    /// What `path` names where it stands in `module`; nothing if that is of another crate.
    pub(crate) fn resolve(&self, module: Id, path: &[String]) -> Vec<Target> {
        self.resolve_once(module, path, &mut HashSet::new())
    }

    /// Whether the path begins with a module that is declared in this one.
    pub(crate) fn names_a_child(&self, module: Id, path: &[String]) -> bool {
        let first = path.iter().find(|segment| *segment != "self");
        let names = first.and_then(|first| self.0[module].names.get(first));
        names.is_some_and(|names| names.iter().any(|name| matches!(name, Name::Module(_))))
    }

    fn enter_file(&mut self, sources: &Sources, file: &str, children: &str, parent: Id) -> Id {
        let text = sources.0.get(file).unwrap_or_else(|| panic!("{file} is declared, and missing"));
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.enter(sources, file, children, parent, parsed.items)
    }

    /// `children` is the folder in which the files of its modules are.
    fn enter(
        &mut self,
        sources: &Sources,
        file: &str,
        children: &str,
        parent: Id,
        items: Vec<Item>,
    ) -> Id {
        let id = self.0.len();
        self.0.push(Module {
            file: file.to_owned(),
            items: Vec::new(),
            parent,
            names: HashMap::new(),
            globs: Vec::new(),
        });
        for item in items {
            if !is_product(attributes(&item)) {
                continue;
            }
            if let Item::Mod(declared) = item {
                let name = declared.ident.to_string();
                let folder = format!("{children}{name}/");
                let child = match (declared.content, path_attribute(&declared.attrs)) {
                    (Some((_, items)), _) => self.enter(sources, file, &folder, id, items),
                    (None, Some(path)) => {
                        let beside = file.rfind('/').map_or("", |end| &file[..=end]);
                        self.enter_file(sources, &format!("{beside}{path}"), beside, id)
                    }
                    (None, None) => {
                        let leaf = format!("{children}{name}.rs");
                        let child = if sources.0.contains_key(&leaf) {
                            leaf
                        } else {
                            format!("{folder}mod.rs")
                        };
                        self.enter_file(sources, &child, &folder, id)
                    }
                };
                self.0[id].names.entry(name).or_default().push(Name::Module(child));
                continue;
            }
            let module = &mut self.0[id];
            if let Some(name) = defined(&item) {
                module.names.entry(name).or_default().push(Name::Item);
            }
            if let Item::Use(import) = &item {
                for import in imports(&import.tree) {
                    match import.name {
                        Imported::All => module.globs.push(import.path),
                        Imported::As(name) => {
                            module.names.entry(name).or_default().push(Name::Use(import.path));
                        }
                        Imported::Unnamed => {}
                    }
                }
            }
            module.items.push(item);
        }
        id
    }

    /// `seen` ends a search in which a `use` names itself, as that of a macro does.
    fn resolve_once(
        &self,
        module: Id,
        path: &[String],
        seen: &mut HashSet<(Id, Vec<String>)>,
    ) -> Vec<Target> {
        if !seen.insert((module, path.to_vec())) {
            return Vec::new();
        }
        match path.split_first() {
            None => Vec::new(),
            Some((first, rest)) if first == "crate" => self.within(0, rest, seen),
            Some((first, _)) if first == "super" || first == "self" => {
                self.within(module, path, seen)
            }
            Some((first, rest)) => self.look_up(module, first, rest, seen),
        }
    }

    fn within(
        &self,
        module: Id,
        path: &[String],
        seen: &mut HashSet<(Id, Vec<String>)>,
    ) -> Vec<Target> {
        match path.split_first() {
            None => vec![Target::Module(module)],
            Some((first, rest)) if first == "super" => {
                self.within(self.0[module].parent, rest, seen)
            }
            Some((first, rest)) if first == "self" => self.within(module, rest, seen),
            Some((first, rest)) => {
                let found = self.look_up(module, first, rest, seen);
                // What a macro makes, or what is handed on from another crate, counts for the module named.
                if found.is_empty() { vec![Target::ItemOf(module)] } else { found }
            }
        }
    }

    fn look_up(
        &self,
        module: Id,
        name: &str,
        rest: &[String],
        seen: &mut HashSet<(Id, Vec<String>)>,
    ) -> Vec<Target> {
        let mut found = Vec::new();
        let names = self.0[module].names.get(name).map_or(&[][..], Vec::as_slice);
        // Beside a module, only a function or a macro has the same name, and nothing is in those.
        let in_module =
            !rest.is_empty() && names.iter().any(|name| matches!(name, Name::Module(_)));
        for name in names {
            match name {
                Name::Item | Name::Use(_) if in_module => {}
                Name::Item => found.push(Target::ItemOf(module)),
                Name::Module(child) => found.extend(self.within(*child, rest, seen)),
                Name::Use(path) => {
                    for target in self.resolve_once(module, path, seen) {
                        match target {
                            Target::Module(id) => found.extend(self.within(id, rest, seen)),
                            Target::ItemOf(_) => found.push(target),
                        }
                    }
                }
            }
        }
        // A path may end in a module and in an item of the same name; the item is what is meant.
        if rest.is_empty() && found.iter().any(|target| matches!(target, Target::ItemOf(_))) {
            found.retain(|target| matches!(target, Target::ItemOf(_)));
        }
        if found.is_empty() {
            for path in &self.0[module].globs {
                for target in self.resolve_once(module, path, seen) {
                    if let Target::Module(id) = target {
                        found.extend(self.look_up(id, name, rest, seen));
                    }
                }
            }
        }
        found
    }
}

pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    pub(crate) name: Imported,
}

pub(crate) enum Imported {
    As(String),
    All,
    Unnamed,
}

/// Each path of a `use`: groups taken apart, renames noted.
pub(crate) fn imports(tree: &UseTree) -> Vec<Import> {
    fn walk(tree: &UseTree, prefix: &[String], found: &mut Vec<Import>) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => walk(&path.tree, &with(&path.ident), found),
            UseTree::Group(group) => {
                for tree in &group.items {
                    walk(tree, prefix, found);
                }
            }
            UseTree::Glob(_) => {
                found.push(Import { path: prefix.to_vec(), name: Imported::All });
            }
            UseTree::Name(name) if name.ident == "self" => {
                let last = prefix.last().cloned().unwrap_or_default();
                found.push(Import { path: prefix.to_vec(), name: Imported::As(last) });
            }
            UseTree::Name(name) => {
                let path = with(&name.ident);
                found.push(Import { path, name: Imported::As(name.ident.to_string()) });
            }
            UseTree::Rename(rename) => {
                let path =
                    if rename.ident == "self" { prefix.to_vec() } else { with(&rename.ident) };
                let name = if rename.rename == "_" {
                    Imported::Unnamed
                } else {
                    Imported::As(rename.rename.to_string())
                };
                found.push(Import { path, name });
            }
        }
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found
}

pub(crate) fn is_reexport(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// Whether it is part of what is built for users: not under a `cfg` that only tests or documentation meet.
pub(crate) fn is_product(attributes: &[Attribute]) -> bool {
    !attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<Meta>().is_ok_and(|meta| is_apart(&meta))
    })
}

fn is_apart(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => ["test", "doc", "doctest"].iter().any(|name| path.is_ident(name)),
        Meta::List(list) if list.path.is_ident("all") => {
            let conditions = list
                .parse_args_with(syn::punctuated::Punctuated::<Meta, Token![,]>::parse_terminated);
            conditions.is_ok_and(|conditions| conditions.iter().any(is_apart))
        }
        _ => false,
    }
}

/// The value of `#[path = ".."]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(path) => Some(path.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
