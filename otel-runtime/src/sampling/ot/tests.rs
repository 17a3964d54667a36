use super::*;

fn state(members: &[(&str, &str)]) -> TraceState {
    TraceState::from_key_value(members.iter().copied()).expect("valid")
}

fn threshold(digits: &str) -> Option<Threshold> {
    Threshold::parse(digits)
}

#[test]
fn a_threshold_is_set_in_front_and_everything_else_stays_in_order() {
    let table: [(&[(&str, &str)], &str); 8] = [
        (&[], "ot=th:c"),
        (&[("a", "1"), ("b", "2")], "ot=th:c,a=1,b=2"),
        (&[("a", "1"), ("ot", "th:8"), ("b", "2")], "ot=th:c,a=1,b=2"),
        (&[("ot", "rv:6e6d1a75832a2f")], "ot=th:c;rv:6e6d1a75832a2f"),
        (&[("ot", "p:8;th:8;r:62")], "ot=th:c;p:8;r:62"),
        (&[("ot", "th:8;rv:6e6d;x;:;Y:1;z:!;k:")], "ot=th:c;k:"),
        (&[("ot", "rubbish")], "ot=th:c"),
        (&[("a", "1"), ("ot", "x:1;th:c")], "a=1,ot=x:1;th:c"),
    ];
    for (members, expected) in table {
        assert_eq!(with_threshold(&state(members), threshold("c")).header(), expected);
    }
}

#[test]
fn a_threshold_is_removed_and_nothing_else() {
    let table: [(&[(&str, &str)], &str); 6] = [
        (&[], ""),
        (&[("a", "1")], "a=1"),
        (&[("a", "1"), ("ot", "th:8"), ("b", "2")], "a=1,b=2"),
        (&[("a", "1"), ("ot", "th:8;rv:6e6d1a75832a2f")], "ot=rv:6e6d1a75832a2f,a=1"),
        (&[("a", "1"), ("ot", "rv:6e6d1a75832a2f")], "a=1,ot=rv:6e6d1a75832a2f"),
        (&[("ot", "th:8;th:c")], ""),
    ];
    for (members, expected) in table {
        assert_eq!(with_threshold(&state(members), None).header(), expected, "{members:?}");
    }
}

#[test]
fn what_is_malformed_or_occurs_twice_says_nothing() {
    for list in ["th:", "th:C", "th:g", "th:123456789012345", "th", "th:8;th:8", "TH:8", " th:8"] {
        assert_eq!(read(&state(&[("ot", list)])).threshold, None, "{list:?}");
    }
    for list in ["rv:", "rv:6e6d", "rv:6E6d1a75832a2f", "rv:6e6d1a75832a2f0"] {
        assert_eq!(read(&state(&[("ot", list)])).randomness, None, "{list:?}");
    }
    let both = read(&state(&[("ot", "x:1;rv:6e6d1a75832a2f;th:8;rubbish")]));
    assert_eq!(both.threshold, threshold("8"));
    assert_eq!(both.randomness, Randomness::parse("6e6d1a75832a2f"));
    assert_eq!(read(&state(&[("tenant@ot", "th:8")])), Ot::default());
}

#[test]
fn of_thirty_two_members_the_last_makes_room() {
    let keys: Vec<_> = (0..32).map(|at| format!("k{at}")).collect();
    let members: Vec<_> = keys.iter().map(|key| (key.as_str(), "1")).collect();

    let with = with_threshold(&state(&members), threshold("c"));

    let kept: Vec<_> = with.into_iter().map(|(key, _)| key).collect();
    assert_eq!(kept[0], "ot");
    assert_eq!(kept[1..], keys.iter().map(String::as_str).collect::<Vec<_>>()[..31]);
}

#[test]
fn a_list_that_is_too_long_for_a_threshold_is_left_without_one() {
    let long = format!("x:{}", "1".repeat(250));
    let with = |list: &str| with_threshold(&state(&[("ot", list)]), threshold("c"));

    assert_eq!(with(&long).get("ot"), Some(long.as_str()));
    assert_eq!(with(&format!("{long};")).get("ot"), Some(long.as_str()));
    let fits = format!("x:{}", "1".repeat(249));
    assert_eq!(with(&fits).get("ot"), Some(format!("th:c;{fits}").as_str()));
}

/// Random lists of what may and may not stand in one, among other members.
#[test]
fn whatever_a_trace_state_holds_only_the_threshold_changes() {
    let pieces = [
        "th:c",
        "th:8",
        "th:zz",
        "rv:6e6d1a75832a2f",
        "rv:6e",
        "p:8",
        "k1:a.b_C-9",
        "",
        ":",
        "x",
        "x:",
        "Up:1",
        "1a:1",
        "a:b:c",
        "p:8",
        "th:",
    ];
    let mut random = fastrand::Rng::with_seed(20);
    for _ in 0..20_000 {
        let list: Vec<_> =
            (0..random.usize(..6)).map(|_| pieces[random.usize(..pieces.len())]).collect();
        let list = list.join(";");
        let place = random.usize(..34);
        let others: Vec<_> =
            (0..random.usize(..34)).map(|at| (format!("v{at}"), at.to_string())).collect();
        let mut members: Vec<_> =
            others.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        if !list.is_empty() {
            members.insert(place.min(members.len()), ("ot", &list));
        }
        let before = state(&members[..members.len().min(32)]);
        let set = random.bool().then(|| Threshold::of(random.f64()));

        let after = with_threshold(&before, set);

        let told = read(&after);
        assert_eq!(told, Ot { threshold: set, ..read(&before) }, "{list}");
        assert_eq!(with_threshold(&after, set), after, "{list}: once is enough");
        assert!(after.into_iter().len() <= 32);
        let of_others = |state: &TraceState| -> Vec<_> {
            let others = state.into_iter().filter(|(key, _)| *key != "ot");
            others.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
        };
        let (kept, had) = (of_others(&after), of_others(&before));
        assert!(had.starts_with(&kept), "in order");
        assert!(
            had.len() - kept.len() <= usize::from(had.len() == 32),
            "nothing is lost but for room"
        );
        if let Some(list) = after.get("ot") {
            let entries: Vec<_> = list.split(';').map(|entry| entry.split_once(':')).collect();
            assert!(entries.iter().all(Option::is_some), "{list}");
        }
    }
}
