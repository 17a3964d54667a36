//! What tree is written in a YAML text?
//!
//! Scalars stay as they are written, with variables replaced, because their type depends on the key
//! that they belong to: `1.0` may be a version.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::scalar::Scalar;
use super::substitution::{MAX_BYTES, substitute, too_long};
use crate::setup::config::environment::Environment;

/// A file with more nodes is an attack on the memory, by aliases of aliases or references to long
/// variables.
const MAX_NODES: usize = 10_000;
const MAX_DEPTH: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// Why a text cannot be read, and in which line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) why: String,
}

impl Node {
    /// The tree of a text; a null if the text is empty.
    pub(super) fn parse(text: &str, environment: &Environment) -> Result<Node, Fault> {
        let mut tree = Tree {
            parser: Parser::new_from_str(text),
            environment,
            anchors: HashMap::new(),
            size: Size::default(),
        };
        let mut root = None;
        loop {
            match tree.next()? {
                (Event::StreamEnd, _) => return Ok(root.unwrap_or_else(Node::null)),
                (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd, _) => {}
                (_, span) if root.is_some() => {
                    return Err(fault(span, "write one document, without ---"));
                }
                event => root = Some(tree.node(event, 0)?),
            }
        }
    }

    fn null() -> Node {
        Node::Scalar(Scalar { text: String::new(), plain: true })
    }

    /// Whether it is a null.
    pub(super) fn is_null(&self) -> bool {
        match self {
            Node::Scalar(scalar) => scalar.is_null(),
            Node::List(_) | Node::Map(_) => false,
        }
    }

    /// Whether it holds nothing but nulls, however deep.
    pub(super) fn asks_for_nothing(&self) -> bool {
        match self {
            Node::Scalar(_) => self.is_null(),
            Node::List(nodes) => nodes.iter().all(Node::asks_for_nothing),
            Node::Map(entries) => entries.iter().all(|(_, node)| node.asks_for_nothing()),
        }
    }
}

struct Tree<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    environment: &'a Environment,
    anchors: HashMap<usize, Node>,
    /// The size of everything so far, with aliases and variables replaced.
    size: Size,
}

/// How much memory nodes take, roughly.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    nodes: usize,
    /// The bytes of keys and values.
    bytes: usize,
}

impl<'a> Tree<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Fault> {
        match self.parser.next() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                Err(Fault { line: error.marker().line(), why: error.info().to_owned() })
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// The node that begins with this event.
    fn node(&mut self, (event, span): (Event<'a>, Span), depth: usize) -> Result<Node, Fault> {
        if depth > MAX_DEPTH {
            return Err(fault(span, "this is nested too deep"));
        }
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && !is_string(tag.as_deref(), span)?;
                let left = MAX_BYTES.saturating_sub(self.size.bytes);
                let text = substitute(&text, self.environment, left)
                    .map_err(|error| fault(span, error.remedy()))?;
                self.count(Size { nodes: 1, bytes: text.len() }, span)?;
                (Node::Scalar(Scalar { text, plain }), anchor)
            }
            Event::SequenceStart(anchor, _) => {
                self.count(Size { nodes: 1, bytes: 0 }, span)?;
                let mut nodes = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        event => nodes.push(self.node(event, depth + 1)?),
                    }
                }
                (Node::List(nodes), anchor)
            }
            Event::MappingStart(anchor, _) => {
                self.count(Size { nodes: 1, bytes: 0 }, span)?;
                (self.map(depth)?, anchor)
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                let node = node.ok_or_else(|| fault(span, "this alias has no anchor before it"))?;
                self.count(node.size(), span)?;
                (node, 0)
            }
            _ => return Err(fault(span, "a value is missing")),
        };
        if anchor > 0 {
            self.count(node.size(), span)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn map(&mut self, depth: usize) -> Result<Node, Fault> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        loop {
            let (key, span) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Node::Map(entries)),
                (Event::Scalar(key, ..), span) => (key.into_owned(), span),
                (_, span) => return Err(fault(span, "a key is a single word")),
            };
            if entries.iter().any(|(other, _)| *other == key) {
                return Err(fault(span, format!("{key} is there twice: keep one")));
            }
            self.count(Size { nodes: 0, bytes: key.len() }, span)?;
            let value = self.next()?;
            entries.push((key, self.node(value, depth + 1)?));
        }
    }

    fn count(&mut self, more: Size, span: Span) -> Result<(), Fault> {
        self.size = self.size.plus(more);
        if self.size.nodes > MAX_NODES {
            Err(fault(span, "there are too many values, with those that aliases repeat"))
        } else if self.size.bytes > MAX_BYTES {
            Err(fault(span, too_long()))
        } else {
            Ok(())
        }
    }
}

impl Size {
    fn plus(self, more: Size) -> Size {
        Size {
            nodes: self.nodes.saturating_add(more.nodes),
            bytes: self.bytes.saturating_add(more.bytes),
        }
    }
}

impl Node {
    fn size(&self) -> Size {
        match self {
            Node::Scalar(scalar) => Size { nodes: 1, bytes: scalar.text.len() },
            Node::List(nodes) => {
                nodes.iter().map(Node::size).fold(Size { nodes: 1, bytes: 0 }, Size::plus)
            }
            Node::Map(entries) => entries
                .iter()
                .map(|(key, node)| node.size().plus(Size { nodes: 0, bytes: key.len() }))
                .fold(Size { nodes: 1, bytes: 0 }, Size::plus),
        }
    }
}

/// Whether a tag says that the value is a string. Other tags of the core schema are no matter, since
/// the value is read as such a type anyway.
fn is_string(tag: Option<&Tag>, span: Span) -> Result<bool, Fault> {
    match tag {
        None => Ok(false),
        Some(tag) if tag.is_yaml_core_schema() => Ok(tag.suffix == "str"),
        Some(_) => Err(fault(span, "tags other than !!str have no meaning here: leave it out")),
    }
}

fn fault(span: Span, why: impl Into<String>) -> Fault {
    Fault { line: span.start.line(), why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Node, Fault> {
        let environment = [("NAME".to_owned(), "shop"), ("MAP".to_owned(), "a: 1\nb: 2")];
        Node::parse(text, &environment.into_iter().collect())
    }

    fn plain(text: &str) -> Node {
        Node::Scalar(Scalar { text: text.to_owned(), plain: true })
    }

    fn quoted(text: &str) -> Node {
        Node::Scalar(Scalar { text: text.to_owned(), plain: false })
    }

    fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
        Node::Map(entries.map(|(key, node)| (key.to_owned(), node)).into())
    }

    #[test]
    fn values_are_substituted_and_keys_are_not() {
        let tree = parse(
            "# a comment\n\
             a: ${NAME}\n\
             b: \"${NAME}\"\n\
             ${NAME}: ${MAP}\n\
             c: [1, '2', !!str 3]\n\
             d:\n\
             e: {f: ~, g: }\n",
        );

        let expected = map([
            ("a", plain("shop")),
            ("b", quoted("shop")),
            ("${NAME}", plain("a: 1\nb: 2")),
            ("c", Node::List(vec![plain("1"), quoted("2"), quoted("3")])),
            ("d", plain("")),
            ("e", map([("f", plain("~")), ("g", plain(""))])),
        ]);
        assert_eq!(tree, Ok(expected));
    }

    #[test]
    fn nothing_is_null_and_asks_for_nothing() {
        for text in ["", "# only a comment", "~", "null", "${UNSET}"] {
            assert!(parse(text).is_ok_and(|node| node.is_null()), "{text}");
        }
        assert!(parse("\"\"").is_ok_and(|node| !node.is_null()));
        assert!(parse("a: {b: , c: [~]}").is_ok_and(|node| node.asks_for_nothing()));
        assert!(parse("a: {b: 1}").is_ok_and(|node| !node.asks_for_nothing()));
    }

    #[test]
    fn an_alias_is_what_its_anchor_is() {
        let tree = parse("a: &x {b: 1}\nc: *x");

        let shared = map([("b", plain("1"))]);
        assert_eq!(tree, Ok(map([("a", shared.clone()), ("c", shared)])));
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_line() {
        let deep = "- ".repeat(100) + "1";
        let lines = ["a: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]".to_owned()];
        let more = (1..10).map(|n| {
            let alias = format!("*x{}, ", n - 1).repeat(10);
            format!("a{n}: &x{n} [{alias}]")
        });
        let laughs = lines.into_iter().chain(more).collect::<Vec<_>>().join("\n");
        for (text, line, why) in [
            ("a: 1\na: 2", 2, "a is there twice"),
            ("a: 1\n---\nb: 2", 3, "write one document"),
            ("a: 1\nb: [", 3, ""),
            ("a:\n\t- 1", 2, ""),
            ("a: *x", 1, ""),
            ("a: !mine 1", 1, "tags other than !!str"),
            ("[a]: 1", 1, "a key is a single word"),
            ("a: ${1}", 1, "write ${1} as ${NAME} or"),
            (&deep, 1, "this is nested too deep"),
            (&laughs, 4, "there are too many values"),
        ] {
            let fault = parse(text).expect_err(text);
            assert!(fault.why.contains(why), "{text}: {fault:?}");
            assert_eq!(fault.line, line, "{text}: {fault:?}");
        }
    }
}
