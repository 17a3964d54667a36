//! Are the names of personal data known, and no others?

use super::super::lists::{
    EXCEPTIONS, LAST_WORDS, OF_A_PERSON, PERSONS, QUALITIES, SUBSTRINGS, TOLD_BY_A_QUALITY, WORDS,
};

fn is_pii(name: &str) -> bool {
    super::is_pii(&[name], None)
}

#[track_caller]
fn all_personal(names: &[&str]) {
    let kept: Vec<_> = names.iter().filter(|name| !is_pii(name)).collect();
    assert!(kept.is_empty(), "kept: {kept:?}");
}

#[track_caller]
fn none_personal(names: &[&str]) {
    let dropped: Vec<_> = names.iter().filter(|name| is_pii(name)).collect();
    assert!(dropped.is_empty(), "dropped: {dropped:?}");
}

#[test]
fn secrets_are_known_by_name() {
    #[rustfmt::skip]
    all_personal(&[
        "password", "user_passwd", "dbPwd", "client-secret", "access_token", "API_KEY", "apiKey",
        "APIKey", "APIKEY", "x-api-key", "apikeys", "db.credentials", "encrypted", "salt", "session_id",
        "cookie", "stripe_key", "signing_keys", "auth", "authorization", "http.request.header.authorization",
        "oauth2", "x-csrf", "pin", "pinCode", "jwt", "otp", "mfa", "db_pass", "userpass", "pw",
        "aws_access_key_id", "recovery_codes", "seedPhrase", "DSN", "database_url", "redisUrl", "sid",
        "encryption_key", "private_key_path", "ssh_key", "passwort", "kennwort", "senha",
    ]);
}

#[test]
fn personal_data_are_known_by_name() {
    #[rustfmt::skip]
    all_personal(&[
        // Who.
        "username", "user_name", "userName", "USERNAME", "login", "github_login", "nickname", "screenName",
        "surname", "surnames", "forename", "first_name", "firstName", "firstname", "lastname", "fullname",
        "maidenName", "given-name", "cardholder", "card_holder_name", "vorname", "nachname", "prenom",
        "customer.name", "customer_name", "customerName", "customername", "customers.name", "user.name",
        "client.name", "patientName", "employee-name", "contact name", "person.name", "user.full_name",
        "user.email", "user.hash", "user.display_name", "recipient_name", "order.recipient.name",
        "account_owner_name", "customer.age", "patient_age", "enduser.id", "process.owner",
        // How to reach them.
        "email", "userEmail", "emails", "email2", "e-mail", "emailAddress", "emailaddress", "phone",
        "phone_numbers", "phonenumber", "home_phone", "telephone", "tel", "mobile", "fax", "address",
        "addresses", "address1", "address_line_2", "addressLine2", "shipping_address", "billingAddress",
        "street", "zip", "zip_code", "zipcode", "postcode", "postalCode", "house_number", "customer.city",
        "lat", "lng", "lon", "latitude", "longitude", "geo.location.lat", "latLng", "gps", "gps_position",
        "strasse", "telefon",
        // From where.
        "ip", "IP", "client_ip", "clientIp", "ips", "ipv4", "ip_v6", "ip_addr", "ipaddress", "remote_ip",
        "cf-connecting-ip", "addr", "peer_addr", "client.address", "source.address", "network.peer.address",
        "remote_addr", "x-forwarded-for", "user_agent", "userAgent", "useragent", "user_agent.original",
        "mac_address", "imei", "device_fingerprint",
        // What they have and are.
        "card", "cards", "card_number", "credit_card", "debitCard", "card_last4", "iban", "pan", "cvv2",
        "bank_account", "accountNumber", "sortCode", "salary", "ssn", "customer.ssn", "passport",
        "passport_no", "national_id", "tax_id", "drivers_license", "driverLicence", "license_plate", "vin",
        "birthday", "birthdays", "birthdate", "date of birth", "dateOfBirth", "birth_year", "dob", "gender",
        "sex", "nationality", "religion", "maritalStatus", "diagnosis", "patient_diagnoses", "allergies",
        "blood_type", "health", "patient_health",
        // However it is written.
        "user[email]", "user/email", "user:email", "user email", "_email", "email_", "__email__", "EMAIL",
    ]);
}

#[test]
fn look_alikes_are_not_personal() {
    #[rustfmt::skip]
    none_personal(&[
        "", "_", "user_id", "user.id", "userId", "customer_id", "client_id", "order.id", "user.roles",
        "file.name", "fileName", "filename", "name", "service.name", "host.name", "thread.name",
        "code.function.name", "db.collection.name", "product_name", "queue.name", "tenant_name", "hostname",
        "column_name", "display_name", "rename", "tablename", "driver_name", "worker.name",
        "port", "server.port", "client.port", "report", "import", "passthrough", "compass", "bypass",
        "ipc", "zipper", "gzip", "shipping", "shipment", "tip", "chip", "script", "clip", "pipeline", "recipe",
        "description", "multiple", "equipment", "card_count", "cardinality", "discard", "discarded",
        "dashboard", "wildcard", "scorecard", "latency", "lateral", "late", "plat", "flat", "platform",
        "translation", "template", "relation", "calculation", "balloon", "long", "length", "lang",
        "language", "colon", "salon", "addressed", "addrinfo", "server.address", "server_addr", "bind_addr",
        "listen_address", "memory_address", "local_ip", "pod_ip", "host.ip", "ip_version", "address_family",
        "loginless", "blogin", "last_login", "login_count", "login_attempts", "login_url", "microphone",
        "phoneme", "telemetry", "telegraph", "motel", "hotel", "mobility", "automobile", "health_check_interval",
        "healthy", "author", "authority", "token_count", "session_count", "session_timeout", "token_type",
        "email_count", "email_verified", "emailVerified", "password_length", "phone_verified", "card_type",
        "gen_ai.usage.input_tokens", "max_tokens", "cache_key", "db.primary_key", "partitionKey",
        "foreign_keys", "sort_key", "feature_flag.key", "aws.s3.key", "messaging.kafka.message.key",
        "messaging.rabbitmq.destination.routing_key", "idempotency-key", "public_key", "key", "keys",
        "keyboard", "monkey", "spin", "ping", "pinned", "pants", "company", "span", "panes", "side", "inside",
        "essex", "sexagesimal", "gendered", "vineyard", "streetlight", "page", "age", "max_age", "storage",
        "usage", "message", "customer.page", "users.count", "user_count", "clients", "client.namespace",
        "person_count", "member.nameless", "http.route", "url.path", "status", "state", "items", "amount",
        "currency", "race_condition", "fingerprint", "faxless", "birthright", "incoming", "lat_ms",
        "graphics_card", "city", "country", "location",
    ]);
}

#[test]
fn a_harmless_ending_does_not_excuse_what_stands_before_it() {
    #[rustfmt::skip]
    all_personal(&[
        "password_cache_key", "email.token_count", "email.card_count", "customer.name.cache_key",
        "email_template_version", "count_of_email", "verified_email", "card_count_of_card",
    ]);
}

#[test]
fn every_entry_of_every_list_has_an_effect() {
    for entry in SUBSTRINGS {
        assert!(is_pii(entry) && is_pii(&format!("a{entry}b")), "{entry}");
    }
    for entry in WORDS.iter().flat_map(|(_, entries)| *entries) {
        let joined = entry.replace('_', "");
        for name in [entry, &*format!("order_{entry}_x"), &*joined, &*format!("{entry}2")] {
            assert!(is_pii(name), "{name}");
        }
    }
    for person in PERSONS {
        assert!(!is_pii(person), "{person}");
        for of in OF_A_PERSON {
            assert!(!is_pii(of) && is_pii(&format!("{person}.{of}")), "{person}.{of}");
        }
    }
    for last in LAST_WORDS {
        assert!(is_pii(&format!("stripe_{last}")) && !is_pii(&format!("{last}_x")), "{last}");
    }
    for exception in EXCEPTIONS {
        assert!(!is_pii(exception) && !is_pii(&format!("order_{exception}")), "{exception}");
    }
    for quality in QUALITIES {
        assert!(!is_pii(&format!("card_{quality}")), "{quality}");
        assert!(!is_pii(&format!("token_{quality}")), "{quality}");
        assert!(!is_pii(&format!("customer_name_{quality}")), "{quality}");
        for told in TOLD_BY_A_QUALITY {
            assert!(is_pii(&format!("{told}_{quality}")), "{told}_{quality}");
        }
    }
}

#[test]
fn a_name_too_long_to_look_at_counts_as_personal() {
    assert!(is_pii(&"x".repeat(300)));
    assert!(!is_pii(&"x".repeat(200)));
}

#[test]
fn a_program_may_add_names_of_its_own() {
    let more = Some("legal_ref, shoeSize ,,Matrikel-Nummer");
    for name in
        ["legal_ref", "legalRef", "order.legalref", "legal_ref2", "shoe_size", "matrikel.nummer"]
    {
        assert!(super::is_pii(&[name], more), "{name}");
        assert!(!super::is_pii(&[name], None), "{name}");
    }
    for name in ["legal", "illegal_ref", "legal_reference", "shoe", "size", "", "ü"] {
        assert!(!super::is_pii(&[name], more), "{name}");
    }
    for more in ["", ",", " ", "_", &"x".repeat(1000)] {
        assert!(!super::is_pii(&["order"], Some(more)), "{more}");
    }
    assert!(super::is_pii(&["order", "email"], more), "the lists hold anyway");
    // The program's own list contains `author`, so nothing excuses it.
    assert!(super::is_pii(&["author_count"], Some("author")));
}

/// `docs/personal-data.md`, made from the lists.
fn document() -> String {
    let quoted = |entries: &[&str]| {
        entries.iter().map(|entry| format!("`{entry}`")).collect::<Vec<_>>().join(", ")
    };
    let mut text = include_str!("personal-data.md").to_owned();
    let words = WORDS.iter().map(|(heading, entries)| format!("- {heading}: {}.", quoted(entries)));
    for (place, list) in [
        ("WORDS", words.collect::<Vec<_>>().join("\n")),
        ("PERSONS", quoted(PERSONS)),
        ("OF_A_PERSON", quoted(OF_A_PERSON)),
        ("SUBSTRINGS", quoted(SUBSTRINGS)),
        ("LAST_WORDS", quoted(LAST_WORDS)),
        ("QUALITIES", quoted(QUALITIES)),
        ("TOLD_BY_A_QUALITY", quoted(TOLD_BY_A_QUALITY)),
        ("EXCEPTIONS", quoted(EXCEPTIONS)),
    ] {
        let place = format!("{{{place}}}");
        assert_eq!(text.matches(&place).count(), 1, "{place}");
        text = text.replace(&place, &list);
    }
    text
}

#[test]
fn the_published_lists_are_those_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/personal-data.md");
    let document = document();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &document).expect("written");
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == document, "BLESS=1 writes {path} anew");
}
