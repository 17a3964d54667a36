//! Values behind names, however the two are written.

use super::super::testing::{finds, leaves};
use super::{NAMED, is_secret};

#[test]
fn a_value_goes_from_the_separator_to_its_own_end() {
    finds(
        &NAMED,
        &[
            "password=«ab/cd+ef%2Fgh»&x=1",
            "https://acme.example/cb?token=«abc.def~ghi»#top",
            "secret=\"«two words»\" x",
            "password: «hunter2», user: ada",
            "password=«ab,cd;ef» user=ada",
            "Server=db;User Id=sa;Password=«p;w»;Database=shop",
            "AccountName=shop;AccountKey=«abc+def/ghi==»;EndpointSuffix=core",
            "user=ada password=«pw» host=db",
            "failed (api_key=«7f3a9c21»)",
            "token «x»".replace("token «x»", "token=«x.y»").as_str(),
            "the password was password=«it's».",
        ],
    );
}

#[test]
fn a_value_is_found_in_json_and_in_what_debug_writes() {
    finds(
        &NAMED,
        &[
            r#"{"password":"«hunter2»","x":1}"#,
            r#"{"password" : "«a\"b»"}"#,
            r#"{\"password\":\"«hunter2»\",\"x\":1}"#,
            r#"{"pin":«1234»}"#,
            r#"{"credentials":«{"user":"a","pw":["b"]}»,"x":1}"#,
            r#"Client { token: "«s3cr3t-opaque»" }"#,
            r#"Client { token: «Some("s3cr3t")», x: 1 }"#,
            r#"Login { password: b"«x»" }"#,
            "{'secret': '«x''y»'}",
            r#"[("authorization", "«Digest x»")]"#,
            r#"["--password", "«hunter2»"]"#,
            "{\"password\":\n  \"«hunter2»\"}",
            "{\"password\":\"«cut off",
        ]
        .map(|text| if text.contains('»') { text.to_owned() } else { format!("{text}»") })
        .each_ref()
        .map(String::as_str),
    );
}

#[test]
fn a_value_is_found_in_headers_flags_and_tags() {
    finds(
        &NAMED,
        &[
            "x-api-key: «7f3a9c21»",
            "X-API-Key: «7f3a9c21»\r\nAccept: */*",
            "Authorization: «Bearer abc123def» rejected",
            "authorization: «Digest username=\"ada\", response=\"6629\"»\nx",
            "Cookie: «sid=abc; theme=dark»",
            "mysql --password «hunter2» shop",
            "--api-key=«7f3a9c21»",
            "app -token «abc» run",
            "<password>«hunter2»</password>",
            "密码 password：«hunter2»".replace('：', ":").as_str(),
        ],
    );
}

#[test]
fn what_is_said_of_a_secret_is_left() {
    leaves(
        &NAMED,
        &[
            "token: expired",
            "invalid token: unexpected end",
            "password: ***",
            "password=${PASSWORD}",
            "password = ?",
            "password = $1",
            "\"password\": null",
            "token_count=12, max_tokens: 512, token_type=Bearer",
            "author: Ada, keyboard=x, monkey: 7",
            "primary_key=7 cache_key=user:7",
            "password reset for a user",
            "std::token::new",
            "pass: 12, fail: 0",
            "shopping: 3, pin: 4",
            "Secret([REDACTED])",
            "password_reset_url=https://shop.example/reset",
            "[\"password\", \"email\"]",
        ],
    );
}

#[test]
fn a_secrets_name_is_known_however_it_is_written() {
    for name in [
        "password",
        "db.password",
        "userPassword",
        "X-Api-Key",
        "clientSecret",
        "AccountKey",
        "id_token",
        "AWS_SECRET_ACCESS_KEY",
        "aws_access_key_id",
        "PGPASSWORD",
        "http.request.header.authorization",
        "connect.sid",
    ] {
        assert!(is_secret(name), "{name}");
    }
    for name in [
        "author",
        "key",
        "cache_key",
        "token_count",
        "gen_ai.usage.input_tokens",
        "session.id",
        "tokenizer",
        "password.length",
        "secretary",
        "http.route",
        "messaging.rabbitmq.destination.routing_key",
        "compass",
    ] {
        assert!(!is_secret(name), "{name}");
    }
}
