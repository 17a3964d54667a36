//! Do the settings of what may leave the process mean what they say?

use super::{config, refused, tracing};
use crate::privacy::{Action, Actions, Class, HashKeys, Mode, Redacted, Redactor};
use crate::setup::config::{Environment, builder};

/// 32 bytes.
const KEY: &str = "2026:CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";

#[test]
fn secrets_and_cards_are_looked_for_unless_something_else_is_said() {
    assert_eq!(tracing(&[]).redactor.mode(), Mode::Secrets);
    for mode in Mode::ALL {
        assert_eq!(tracing(&[("OTEL_TRACED_PRIVACY", mode.name())]).redactor.mode(), mode);
    }
    let message = refused("OTEL_TRACED_PRIVACY", "on");
    assert!(message.ends_with("write one of off, secrets, personal, allowlist"), "{message}");
}

#[test]
fn keys_are_listed_where_a_list_says_what_leaves() {
    let variables = [
        ("OTEL_TRACED_PRIVACY_ALLOW", " order.id, shop.* ,"),
        ("OTEL_TRACED_PRIVACY", "allowlist"),
    ];
    let redactor = tracing(&variables).redactor;
    for (key, leaves) in
        [("order.id", true), ("shop.items", true), ("error.type", true), ("note", false)]
    {
        assert_eq!(redactor.redact(key, "lamp") == Redacted::Kept, leaves, "{key}");
    }
    let description = config(&variables[..1]).expect("a warning").description;
    let [warning] = description.warnings() else { panic!("one") };
    assert_eq!(warning.setting(), "OTEL_TRACED_PRIVACY_ALLOW");
}

#[test]
fn a_dry_run_is_asked_for() {
    assert!(!tracing(&[]).redactor.is_dry_run());
    assert!(tracing(&[("OTEL_TRACED_PRIVACY_DRY_RUN", "true")]).redactor.is_dry_run());
    refused("OTEL_TRACED_PRIVACY_DRY_RUN", "yes");
}

#[test]
fn what_becomes_of_a_class_is_said_by_a_variable() {
    let variables = [
        ("OTEL_TRACED_PRIVACY_ACTIONS", "financial=mask 4,contact=hash"),
        ("OTEL_TRACED_HASH_KEY", KEY),
    ];
    let redactor = tracing(&variables).redactor;
    assert_eq!(*redactor.chosen_actions().action(Class::Financial), Action::MaskAllButLast(4));
    let keys = HashKeys::parse(KEY).expect("a key");
    let expected = keys.hash("user", "ada");
    assert_eq!(
        redactor.chosen_actions().apply(Class::Contact, "user", "ada"),
        crate::privacy::Outcome::Replace(expected)
    );

    for value in ["financial", "contcat=drop", "financial=shred", "contact=drop,contact=keep"] {
        refused("OTEL_TRACED_PRIVACY_ACTIONS", value);
    }
    let message = refused("OTEL_TRACED_PRIVACY_ACTIONS", "contact=hash");
    assert!(message.contains("OTEL_TRACED_HASH_KEY"), "{message}");
}

#[test]
fn a_key_that_cannot_be_used_is_refused_and_not_shown() {
    for key in [
        "c2VjcmV0LWtleQ==",
        "2026:c2VjcmV0LWtleQ==",
        "2026:secret-key",
        ":CAgICAgICAg=",
        "2026:CAgI,2026:CAgI",
    ] {
        let error = config(&[("OTEL_TRACED_HASH_KEY", key)]).err().expect("no key").to_string();
        assert!(error.starts_with("OTEL_TRACED_HASH_KEY (value not shown): "), "{error}");
        assert!(
            !error.contains("c2Vj") && !error.contains("secret-key") && !error.contains("CAgI"),
            "{error}"
        );
    }
    let described = config(&[("OTEL_TRACED_HASH_KEY", KEY)]).expect("a key").description;
    assert_eq!(described.get("hash_key").expect("a line").value, "2026");
    assert!(!described.to_string().contains("CAgI"));
    assert!(!format!("{described:?}").contains("CAgI"));
}

#[test]
fn a_file_of_rules_is_read_and_what_is_wrong_in_it_is_told_with_its_line() {
    let directory = std::env::temp_dir().join(format!("otel-rules-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let file = |name: &str, text: &str| {
        let path = directory.join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let good =
        file("good.toml", "[[rules]]\nid = 'staff'\nregex = 'staff-[0-9]+'\nclass = 'acme:staff'");
    let redactor = tracing(&[("OTEL_TRACED_PRIVACY_RULES", &good)]).redactor;
    assert_eq!(
        redactor.redact("note", "ask staff-7"),
        Redacted::Replaced("ask [acme:staff]".to_owned())
    );

    let bad = file("bad.toml", "[[rules]]\nid = 'staff'\nregex = '(?<=x)y'");
    let message = refused("OTEL_TRACED_PRIVACY_RULES", &bad);
    assert!(
        message.contains("bad.toml, line 3: rule staff: ") && message.contains("linear time"),
        "{message}"
    );
    refused("OTEL_TRACED_PRIVACY_RULES", &directory.join("none.toml").display().to_string());
    refused("OTEL_TRACED_PRIVACY_RULES", &directory.display().to_string());
    std::fs::remove_dir_all(directory).expect("removed");
}

#[test]
fn what_code_says_beats_variables() {
    let variables = [("OTEL_TRACED_PRIVACY", "personal")];
    let decided = |builder: crate::Builder| {
        let config =
            builder.environment(variables).decide(Environment::default).expect("good settings");
        config.tracing.expect("enabled").redactor
    };
    assert_eq!(decided(builder()).mode(), Mode::Personal);
    assert_eq!(decided(builder().privacy(Mode::Off)).mode(), Mode::Off);
    let own = Redactor::new(Mode::AllowList).allow("order.id");
    let decided = decided(builder().privacy(Mode::Off).redactor(own));
    assert_eq!((decided.mode(), decided.allowed()), (Mode::AllowList, 1));

    let hashing =
        Redactor::new(Mode::Secrets).actions(Actions::default().with(Class::Contact, Action::Hash));
    let error = builder().redactor(hashing).decide(Environment::default).err().expect("no key");
    assert!(error.to_string().starts_with("Builder::redactor"), "{error}");
}
