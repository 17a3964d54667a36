use super::*;

fn outcome(action: &str, text: &str) -> Outcome {
    let keys = HashKeys::new("k1", &[7; 32]).expect("valid");
    Actions::default().hash_keys(keys).with(Class::Contact, action.parse().expect(action)).apply(
        Class::Contact,
        "key",
        text,
    )
}

fn replaced(action: &str, text: &str) -> String {
    match outcome(action, text) {
        Outcome::Replace(text) => text,
        other => panic!("{action} of {text}: {other:?}"),
    }
}

#[test]
fn each_action_does_what_it_is_called() {
    assert_eq!(outcome("keep", "ada"), Outcome::Keep);
    assert_eq!(outcome("drop", "ada"), Outcome::Drop);
    assert_eq!(replaced("erase", "ada"), "[contact]");
    assert_eq!(replaced("mask", "ada"), "****");
    assert_eq!(replaced("mask 4", "4111111111111234"), "****1234");
    assert_eq!(replaced("truncate 3", "4111111111111234"), "411");
    assert_eq!(replaced("replace gone for good", "ada"), "gone for good");
    assert_eq!(replaced("hash", "ada").len(), "k1:".len() + 32);
}

#[test]
fn a_mask_never_shows_more_than_half_of_a_value() {
    for (text, masked) in
        [("", "****"), ("1", "****"), ("12", "****2"), ("1234567", "****567"), ("aéü€", "****ü€")]
    {
        assert_eq!(replaced("mask 4", text), masked);
    }
    assert_eq!(replaced("mask 0", "12345678"), "****");
    assert_eq!(replaced("mask 99999999999", "12345678"), "****5678");
}

#[test]
fn a_text_is_cut_between_two_characters() {
    assert_eq!(replaced("truncate 2", "é€x"), "é€");
    assert_eq!(replaced("truncate 0", "é€x"), "");
    assert_eq!(outcome("truncate 3", "é€x"), Outcome::Keep);
}

#[test]
fn an_address_becomes_its_network() {
    for (address, network) in [
        ("192.0.2.7", "192.0.2.0"),
        ("192.0.2.7:8080", "192.0.2.0"),
        ("2001:db8:1:2:3::7", "2001:db8:1::"),
        ("[2001:db8:1:2::7]", "2001:db8:1::"),
        ("[2001:db8:1:2::7]:443", "2001:db8:1::"),
        ("fe80::1%eth0", "fe80::"),
        ("10.1.2.3/32", "10.1.2.0"),
        // IPv4 in the clothes of IPv6.
        ("::ffff:192.0.2.7", "192.0.2.0"),
    ] {
        assert_eq!(replaced("network", address), network, "{address}");
    }
    assert_eq!(replaced("network 0/0", "192.0.2.7"), "0.0.0.0");
    assert_eq!(replaced("network 0/0", "2001:db8::1"), "::");
    assert_eq!(replaced("network 32/128", "2001:db8::1"), "2001:db8::1");
    assert_eq!(replaced("network", "/home/ada"), "[contact]");
}

#[test]
fn a_class_without_an_action_is_erased() {
    let actions = Actions::default().with(Class::Own("acme:patient"), Action::Keep);
    for class in
        [Class::Unknown, Class::Own("acme:patient.name"), Class::Own("acme:other"), Class::Special]
    {
        assert_eq!(actions.apply(class, "key", "ada"), Outcome::Replace(format!("[{class}]")));
    }
    assert_eq!(
        Actions::erase_all().apply(Class::Public, "key", "7"),
        Outcome::Replace("[public]".to_owned())
    );
    assert_eq!(actions.apply_strictest(&[], "key", "7"), Outcome::Replace("[unknown]".to_owned()));
}

#[test]
fn without_a_key_what_is_to_be_hashed_is_dropped() {
    let actions = Actions::default().with(Class::Contact, Action::Hash);
    assert_eq!(actions.apply(Class::Contact, "key", "ada"), Outcome::Drop);
}

#[test]
fn of_two_rules_the_strictest_holds_in_either_order() {
    let from_loose_to_strict = [
        "keep",
        "network 24/48",
        "network 16/32",
        "truncate 3",
        "truncate 2",
        "mask 4",
        "mask 2",
        "hash",
        "mask",
        "replace x",
        "erase",
        "drop",
    ];
    let actions = from_loose_to_strict.map(|text| text.parse::<Action>().expect(text));
    for (index, looser) in actions.iter().enumerate() {
        for stricter in &actions[index + 1..] {
            assert_eq!(looser.strictest(stricter), stricter);
            assert_eq!(stricter.strictest(looser), stricter);
            let both = Actions::default()
                .with(Class::Contact, looser.clone())
                .with(Class::Network, stricter.clone());
            assert_eq!(both.stricter(Class::Contact, Class::Network), Class::Network);
            assert_eq!(both.stricter(Class::Network, Class::Contact), Class::Network);
        }
    }
}

#[test]
fn actions_are_read_as_they_are_shown() {
    let text = "public=drop,contact=hash,network=network 24/48,financial=mask 4,acme:patient=replace a patient";
    let actions: Actions = text.parse().expect("valid");
    assert_eq!(actions.to_string().parse(), Ok(actions.clone()));
    assert_eq!(actions.action(Class::Public), &Action::Drop);
    assert_eq!(actions.action(Class::Identifier), &Action::Keep);
    assert_eq!(actions.action(Class::Own("acme:patient")), &Action::Replace("a patient".into()));
}

#[test]
fn what_is_no_action_is_told_with_what_to_write() {
    for (text, told) in [
        ("contact", "`class=action`"),
        ("contcat=hash", "`contact`"),
        ("contact=encrypt", "`truncate 3`"),
        ("contact=", "`truncate 3`"),
        ("contact=hash 3", "stand alone"),
        ("contact=mask four", "`mask 4`"),
        ("contact=mask -1", "`mask 4`"),
        ("contact=truncate", "`truncate 3`"),
        ("contact=network 33/48", "`network 24/48`"),
        ("contact=network 24", "`network 24/48`"),
        ("contact=replace", "`replace REDACTED`"),
        ("contact=hash,contact=mask", "twice"),
    ] {
        let refused = text.parse::<Actions>().expect_err(text).to_string();
        assert!(refused.contains(told), "{text}: {refused}");
    }
}

#[test]
fn a_key_is_not_shown_by_the_actions_that_have_it() {
    let keys = HashKeys::new("k1", b"hunter2-hunter2-hunter2-hunter2-").expect("valid");
    let actions = Actions::default().hash_keys(keys);
    let shown = format!("{actions} {actions:?}");
    assert!(
        shown.contains("k1") && !shown.contains("hunter2") && !shown.contains("104"),
        "{shown}"
    );
}
