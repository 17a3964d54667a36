//! Which names are those of secrets?

use super::super::super::table::Table;
use super::super::name::Name;
use super::separator::Kind;

/// Each name of a secret has one of these in it.
pub(super) const PARTS: &[&str] = &[
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "auth",
    "cred",
    "jwt",
    "otp",
    "pin",
    "cvv",
    "cvc",
    "csrf",
    "xsrf",
    "cookie",
    "sess",
    "sid",
    "sig",
    "dsn",
    "conn",
    "mnemonic",
    "seed",
    "recovery",
    "backup",
    "security",
    "database",
    "kennwort",
    "senha",
    "contrase",
    "mot_de_passe",
    "pw",
];

/// The same, as one pattern.
pub(super) const PATTERN: &str = "(?i)(?:pass|pwd|secret|token|key|auth|cred|jwt|otp|pin|cv[vc]|[cx]srf|cookie|sess|\
    sid|sig|dsn|conn|mnemonic|seed|recovery|backup|security|database|kennwort|senha|contrase|mot_de_passe|pw)";

/// In a name, inside a word too.
const INSIDE: &[&str] =
    &["passw", "pwd", "secret", "api_key", "private_key", "credential", "passphrase", "kennwort"];

/// Whole words of a name, one or several in a row.
const WORDS: &[&str] = &[
    "token",
    "accesstoken",
    "authtoken",
    "refreshtoken",
    "idtoken",
    "usertoken",
    "bearertoken",
    "csrftoken",
    "xsrftoken",
    "auth",
    "authorization",
    "oauth",
    "jwt",
    "otp",
    "totp",
    "pin",
    "pin_code",
    "cvv",
    "cvc",
    "csrf",
    "xsrf",
    "cookie",
    "cookies",
    "phpsessid",
    "jsessionid",
    "sessionid",
    "aspsessionid",
    "session_key",
    "connect_sid",
    "sig",
    "signature",
    "pass",
    "passcode",
    "pw",
    "creds",
    "dsn",
    "connection_string",
    "conn_string",
    "conn_str",
    "database_url",
    "database_uri",
    "mnemonic",
    "seed_phrase",
    "recovery_code",
    "backup_code",
    "security_code",
    "security_answer",
    "senha",
    "contrasena",
    "mot_de_passe",
    "access_key",
    "access_key_id",
    "account_key",
    "shared_key",
    "shared_access_key",
    "signing_key",
    "encryption_key",
    "decryption_key",
    "master_key",
    "auth_key",
    "license_key",
    "client_key",
    "server_key",
    "ssh_key",
    "host_key",
    "deploy_key",
    "webhook_key",
    "storage_key",
    "function_key",
    "functions_key",
    "subscription_key",
    "hmac_key",
    "write_key",
    "admin_key",
    "rsa_key",
    "aes_key",
    "app_key",
    "application_key",
    "stripe_key",
    "sendgrid_key",
    "openai_key",
];

/// Last words of a name that is of a secret, and tells something about it, or of another kind of key.
const HARMLESS: &[&str] = &[
    "count",
    "total",
    "length",
    "len",
    "size",
    "limit",
    "type",
    "kind",
    "version",
    "format",
    "valid",
    "verified",
    "enabled",
    "required",
    "present",
    "ttl",
    "timeout",
    "duration",
    "attempt",
    "attempts",
    "method",
    "algorithm",
    "alg",
    "provider",
    "template",
    "expiry",
    "expires",
    "expired",
    "expires_in",
    "expiration",
    "at",
    "policy",
    "name",
    "names",
    "id",
    "ids",
    "uri",
    "url",
    "path",
    "file",
    "field",
    "fields",
    "strength",
    "min",
    "max",
    "index",
    "hint",
    "usage",
    "budget",
    "rotation",
    "age",
    "prefix",
    "error",
    "errors",
    "status",
    "state",
    "scope",
    "scopes",
    "source",
    "schema",
    "endpoint",
    "secretary",
    "secretariat",
    "tokenizer",
    "limits",
    "rate",
    "reset",
    "arn",
    "ref",
    "manager",
    "service",
    "store",
    "changed",
    "lifetime",
    "ms",
    "ns",
    "us",
    "seconds",
    "bits",
    "spec",
    "column",
    "columns",
    "row",
    "public_key",
    "domain",
    "samesite",
    "secure",
    "mode",
    "level",
    "ok",
    "result",
    "check",
    "flow",
    "server",
    "host",
];

/// Names that end with a harmless word, and are of secrets all the same.
const WHATEVER: &[&str] = &["access_key_id", "database_url", "database_uri"];

const BY_INSIDE: &Table<{ INSIDE.len() }> = &Table::new(&[INSIDE]);
const BY_WORD: &Table<{ WORDS.len() }> = &Table::new(&[WORDS]);
const BY_HARMLESS: &Table<{ HARMLESS.len() }> = &Table::new(&[HARMLESS]);
const BY_WHATEVER: &Table<{ WHATEVER.len() }> = &Table::new(&[WHATEVER]);

const HEADERS: &Table<1> = &Table::new(&[&["authorization"]]);
const LINES: &Table<5> =
    &Table::new(&[&["cookie", "cookies", "passphrase", "mnemonic", "seed_phrase"]]);
const PASS: &Table<1> = &Table::new(&[&["pass"]]);
const CODES: &Table<7> =
    &Table::new(&[&["pin", "otp", "totp", "cvv", "cvc", "pin_code", "security_code"]]);
const SIGNATURES: &Table<2> = &Table::new(&[&["signature", "sig"]]);

/// The name of a secret.
pub(super) struct SecretName(Name);

impl SecretName {
    /// `None` if it is no secret's.
    pub(super) fn of(name: &str) -> Option<Self> {
        let name = Name::of(name)?;
        let is_secret = name.has_word(BY_WORD) || name.has_inside(BY_INSIDE);
        (is_secret && (!name.ends_with(BY_HARMLESS) || name.ends_with(BY_WHATEVER)))
            .then_some(Self(name))
    }

    /// `Authorization`: its value may be of several words.
    pub(super) fn is_header(&self) -> bool {
        self.0.has_word(HEADERS)
    }

    /// `Cookie`: its value goes to the end of the line.
    pub(super) fn is_whole_line(&self) -> bool {
        self.0.has_word(LINES)
    }

    /// Whether a value may be that of this name. Words that have other meanings too are believed only where the value
    /// looks like one: `pass: 12`, `pin: 4` and `signature: ok` say something else.
    pub(super) fn allows(&self, value: &[u8], separator: Kind) -> bool {
        let is_number = value.iter().take(8).all(u8::is_ascii_digit);
        if is_number && self.0.has_word(PASS) || value.len() < 3 && self.0.has_word(CODES) {
            return false;
        }
        separator != Kind::Colon || value.len() >= 16 || !self.0.has_word(SIGNATURES)
    }
}

/// Whether a value with this name, as the key of an attribute, goes whatever it is.
pub(in super::super) fn is_secret(name: &str) -> bool {
    SecretName::of(name).is_some()
}
