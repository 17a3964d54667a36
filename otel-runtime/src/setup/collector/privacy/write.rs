//! How is a redaction written?

use std::collections::BTreeSet;

use super::super::error::Mistakes;
use super::super::yaml::{Item, Yaml};
use super::Redaction;
use super::patterns::{IS_STATEMENT, NUMBER_OF_STATEMENT, Pattern, SECRET_KEYS, TEXT_OF_STATEMENT};
use crate::privacy::{Action, Class};

const GATE: &str = "ottl.set.allowNil";

impl Redaction {
    pub(super) fn yaml(&self, mistakes: &mut Mistakes) -> Yaml {
        let patterns: Vec<&Pattern> = self.patterns().collect();
        let mut told = vec![
            "Redacts what other services send, as the library redacts what its own process does."
                .to_owned(),
        ];
        for pattern in &patterns {
            if let Some(check) = pattern.unchecked {
                let why = format!("a Collector finds it by a pattern and cannot check {check}");
                told.extend(mistakes.cannot(pattern.name, &why, "Whatever matches is redacted"));
            }
        }
        self.tell_actions(&patterns, mistakes, &mut told);
        let mut processors = vec![("memory_limiter", memory().into())];
        let is_hashed = |pattern: &&Pattern| *self.actions.action(pattern.class) == Action::Hash;
        let (hashed, rest): (Vec<&Pattern>, Vec<&Pattern>) =
            patterns.iter().partition(|pattern| is_hashed(pattern));
        if !hashed.is_empty() {
            processors.push(("redaction/hash", self.hash(&hashed)));
        }
        processors.push(("transform", self.transform(&patterns, mistakes).into()));
        processors.push(("redaction", self.redaction(&rest)));
        processors.push(("batch", Yaml::Map(Vec::new()).into()));
        let names: Vec<&str> = processors.iter().map(|(name, _)| *name).collect();
        let pipeline = Yaml::map([
            ("receivers", Yaml::texts(["otlp"])),
            ("processors", Yaml::texts(names)),
            ("exporters", Yaml::texts(["otlp_grpc"])),
        ]);
        let endpoint = Yaml::map([("endpoint", Yaml::Expanded(self.listen.clone()))]);
        let otlp = Yaml::map([("protocols", Yaml::map([("grpc", endpoint)]))]);
        Yaml::map([
            ("receivers", Yaml::map([("otlp", otlp)]).told(told)),
            ("processors", Yaml::map(processors).into()),
            ("exporters", Yaml::map([("otlp_grpc", self.exporter())]).into()),
            ("service", Yaml::map([("pipelines", Yaml::map([("traces", pipeline)]))]).into()),
        ])
    }

    /// What becomes of a class in another way than in the process.
    fn tell_actions(&self, patterns: &[&Pattern], mistakes: &mut Mistakes, told: &mut Vec<String>) {
        let classes: BTreeSet<Class> = patterns.iter().map(|pattern| pattern.class).collect();
        for class in classes {
            let (why, instead) = match self.actions.action(class) {
                Action::Hash => (
                    "a Collector hashes the value alone, without the key's id, and in attributes only",
                    "Elsewhere it is erased",
                ),
                Action::MaskAllButLast(_) | Action::Truncate(_) | Action::Network { .. } => {
                    ("a Collector cannot show a part of what matches", "It is erased")
                }
                Action::Drop => ("a Collector cannot drop what holds a value", "It is erased"),
                _ => continue,
            };
            told.extend(mistakes.cannot(&format!("actions.{class}"), why, instead));
        }
        if self.has_statements {
            told.extend(mistakes.cannot(
                "statements",
                "a Collector does not read a statement as its database does",
                "Texts in single quotes and numbers of four digits and more go",
            ));
        }
    }

    fn hash(&self, patterns: &[&Pattern]) -> Item {
        let key = Yaml::Expanded(format!("${{env:{}}}", self.hash_key));
        Yaml::Map(
            [
                ("hash_function", Yaml::text("hmac-sha256").into()),
                ("hmac_key", key.told(["32 bytes or more."])),
            ]
            .into_iter()
            .chain(redaction(patterns, None))
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
        )
        .into()
    }

    /// What `transform` does not reach: numbers, arrays, maps, and values of keys.
    fn redaction(&self, patterns: &[&Pattern]) -> Item {
        let looks_for_secrets =
            self.only.is_none() && *self.actions.action(Class::Credential) != Action::Keep;
        Yaml::map(redaction(patterns, looks_for_secrets.then_some(SECRET_KEYS))).into()
    }

    fn transform(&self, patterns: &[&Pattern], mistakes: &mut Mistakes) -> Yaml {
        let mut contexts = Vec::new();
        let texts = |path: &str| self.of_text(path, patterns);
        let attributes = |path: &str| self.of_attributes(path, patterns);
        contexts.push(context("resource", attributes("resource.attributes")));
        let mut scope = attributes("scope.attributes");
        scope.extend(texts("scope.name"));
        scope.extend(texts("scope.version"));
        contexts.push(context("scope", scope));
        let mut span = Vec::new();
        if self.has_statements {
            span.extend(statements());
            span.extend(if_statement("span.status.message"));
        }
        span.extend(attributes("span.attributes"));
        for path in ["span.name", "span.status.message", "span.trace_state"] {
            span.extend(texts(path));
        }
        contexts.push(context("span", span));
        let mut event = Vec::new();
        if self.has_statements {
            event.extend(if_statement("spanevent.attributes[\"exception.message\"]"));
            event.extend(if_statement("spanevent.attributes[\"exception.stacktrace\"]"));
        }
        event.extend(attributes("spanevent.attributes"));
        event.extend(texts("spanevent.name"));
        contexts.push(context("spanevent", event));
        let mut contexts: Vec<Item> = contexts.into_iter().flatten().map(Item::from).collect();
        if self.has_links {
            let why =
                "no processor of a Collector reaches the attributes and trace states of links";
            let told = mistakes.cannot("links", why, "All links are dropped");
            let gate = format!(
                "The Collector has to be started with --feature-gates=+{GATE}. Without it, spans with links are refused, \
                 and so is what comes with them.",
            );
            let told: Vec<String> = told.into_iter().chain([gate.clone()]).collect();
            let refused = format!("set(span.links, {}) where Len(span.links) > 0", ottl(&gate));
            let links = context("span", vec!["set(span.links, nil)".to_owned(), refused]);
            contexts.extend(links.map(|links| links.told(told)));
        }
        Yaml::Map(vec![
            // A span that it fails with does not leave.
            ("error_mode".to_owned(), Yaml::text("propagate").into()),
            ("trace_statements".to_owned(), Yaml::List(contexts).into()),
        ])
    }

    /// Values, and keys that hold one.
    fn of_attributes(&self, path: &str, patterns: &[&Pattern]) -> Vec<String> {
        let mut statements = Vec::new();
        for (class, pattern) in by_class(patterns) {
            let (pattern, instead) = (ottl(&pattern), ottl(&self.instead(class)));
            // What is hashed is a hash already.
            if *self.actions.action(class) != Action::Hash {
                statements
                    .push(format!("replace_all_patterns({path}, \"value\", {pattern}, {instead})"));
            }
            statements.push(format!("replace_all_patterns({path}, \"key\", {pattern}, {instead})"));
        }
        statements
    }

    fn of_text(&self, path: &str, patterns: &[&Pattern]) -> Vec<String> {
        let statement = |(class, pattern): (Class, String)| {
            format!("replace_pattern({path}, {}, {})", ottl(&pattern), ottl(&self.instead(class)))
        };
        by_class(patterns).into_iter().map(statement).collect()
    }

    /// What stands where a value was.
    fn instead(&self, class: Class) -> String {
        let text = match self.actions.action(class) {
            Action::Mask => "****".to_owned(),
            Action::Replace(text) => text.clone().into_owned(),
            _ => format!("[{class}]"),
        };
        // Behind a dollar sign the Collector puts a part of what matched.
        text.replace('$', "$$")
    }

    fn exporter(&self) -> Yaml {
        match self.backend.strip_prefix("http://") {
            Some(endpoint) => Yaml::map([
                ("endpoint", Yaml::Expanded(endpoint.to_owned())),
                ("tls", Yaml::map([("insecure", Yaml::Bool(true))])),
            ]),
            None => Yaml::map([("endpoint", Yaml::Expanded(self.backend.clone()))]),
        }
    }
}

fn redaction(patterns: &[&Pattern], secret_keys: Option<&str>) -> Vec<(&'static str, Item)> {
    // By default it rewrites names such as `POST /twirp/users.api.v1.UserService/Update`.
    let names_stay = || Yaml::map([("sanitize_span_name", Yaml::Bool(false))]);
    let mut entries = vec![
        ("allow_all_keys", Yaml::Bool(true).into()),
        ("redact_all_types", Yaml::Bool(true).into()),
        ("summary", Yaml::text("silent").into()),
        ("url_sanitizer", names_stay().into()),
        ("db_sanitizer", names_stay().into()),
        ("blocked_values", Yaml::texts(patterns.iter().map(|pattern| pattern.regex)).into()),
    ];
    if let Some(keys) = secret_keys {
        entries.push(("blocked_key_patterns", Yaml::texts([keys]).into()));
    }
    entries
}

/// Those that are known by their key, and a name that is one.
fn statements() -> Vec<String> {
    let mut statements = Vec::new();
    for key in ["db.query.text", "db.statement", "db.query.summary"] {
        statements.extend(without_literals(&format!("span.attributes[\"{key}\"]"), ""));
    }
    statements.extend(if_statement("span.name"));
    statements
}

fn if_statement(path: &str) -> Vec<String> {
    without_literals(path, &format!(" where IsMatch({path}, {})", ottl(IS_STATEMENT)))
}

/// Numbers first: where there are only texts, they are what a statement is known by.
fn without_literals(path: &str, condition: &str) -> Vec<String> {
    vec![
        format!("replace_pattern({path}, {}, \"${{1}}?\"){condition}", ottl(NUMBER_OF_STATEMENT)),
        format!("replace_pattern({path}, {}, \"?\"){condition}", ottl(TEXT_OF_STATEMENT)),
    ]
}

/// One pattern for all that become the same.
fn by_class(patterns: &[&Pattern]) -> Vec<(Class, String)> {
    let mut classes: Vec<(Class, String)> = Vec::new();
    for pattern in patterns {
        let group = format!("(?:{})", pattern.regex);
        match classes.iter_mut().find(|(class, _)| *class == pattern.class) {
            Some((_, all)) => {
                all.push('|');
                all.push_str(&group);
            }
            None => classes.push((pattern.class, group)),
        }
    }
    classes
}

fn context(name: &str, statements: Vec<String>) -> Option<Yaml> {
    (!statements.is_empty()).then(|| {
        Yaml::map([("context", Yaml::text(name)), ("statements", Yaml::texts(statements))])
    })
}

/// As a text of the OpenTelemetry Transformation Language.
fn ottl(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn memory() -> Yaml {
    Yaml::map([
        ("check_interval", Yaml::text("1s")),
        ("limit_mib", Yaml::Number(512)),
        ("spike_limit_mib", Yaml::Number(102)),
    ])
}
