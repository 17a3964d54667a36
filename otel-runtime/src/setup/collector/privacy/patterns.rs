//! By which patterns does a Collector find what the detectors find?
//!
//! In RE2, without a look behind or ahead. A pattern finds whatever its detector finds, and more where the detector
//! goes on to a check.

use crate::privacy::{Class, Coverage};

pub(super) struct Pattern {
    /// That of the detector.
    pub(super) name: &'static str,
    pub(super) class: Class,
    pub(super) coverage: Coverage,
    pub(super) regex: &'static str,
    /// Which check of the detector the Collector cannot make.
    pub(super) unchecked: Option<&'static str>,
}

const fn exact(name: &'static str, regex: &'static str) -> Pattern {
    Pattern { name, class: Class::Credential, coverage: Coverage::Secrets, regex, unchecked: None }
}

const fn secret(name: &'static str, regex: &'static str, unchecked: &'static str) -> Pattern {
    Pattern { unchecked: Some(unchecked), ..exact(name, regex) }
}

const fn personal(
    name: &'static str,
    class: Class,
    regex: &'static str,
    unchecked: &'static str,
) -> Pattern {
    Pattern { class, coverage: Coverage::Personal, ..secret(name, regex, unchecked) }
}

pub(super) const PATTERNS: [Pattern; 24] = [
    secret(
        "pem",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
        "whether a key is one of the documentation",
    ),
    secret(
        "connection",
        r#"[^\s"'`/:=@]+:[^\s"'`]*@(?:tcp|unix)\(|(?i:jdbc:oracle:[a-z]+:[^\s/@"']+/[^\s@"']*@)"#,
        "where in it user and password stand",
    ),
    secret(
        "url",
        r#"://[^\s/@"'<>]+@|(?i:[?&#;](?:x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|awsaccesskeyid|signature|sig|code|key|auth|access_token|refresh_token|id_token|api_?key|client_secret)=[^\s&#"'<>]+)"#,
        "where in it user and password stand, and whether a value is one of the documentation",
    ),
    secret(
        "bearer",
        r"(?i)bearer(?:[ :=+]|%20)+[a-z0-9._~+/-]{6,}=*",
        "whether what follows is a word",
    ),
    secret(
        "basic",
        r"(?i)basic(?:[ :=+]|%20)+[a-z0-9+/_-]{4,}=*",
        "whether what follows is a user and a password",
    ),
    secret(
        "jwt",
        r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){0,3}",
        "whether its header decodes",
    ),
    secret(
        "aws",
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
        "whether it stands alone, and is none of the documentation",
    ),
    exact("github", r"\b(?:gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_[0-9A-Za-z_]{22,255})"),
    exact(
        "gitlab",
        r"\b(?:gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent)-[0-9A-Za-z_-]{20,}(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?|gloas-[0-9a-f]{64})",
    ),
    exact("gcp", r"\b(?:AIza[0-9A-Za-z_-]{35}|GOCSPX-[0-9A-Za-z_-]{28}|ya29\.[0-9A-Za-z_-]{20,})"),
    exact(
        "azure",
        r"\b[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}|\b[A-Za-z0-9/+]{76}(?:APIM|ACDb|\+ABa|\+AMC|\+ASt)[A-Za-z0-9/+]{5}[AQgw]==|\b[A-Za-z0-9_/+-]{42,44}(?:AzFu|AzSe|AzCa)[A-Za-z0-9_/+-]{5}[AQgw]=",
    ),
    secret(
        "slack",
        r"\bxox[a-z]{1,2}-[0-9A-Za-z-]{8,}|hooks\.slack\.com/services/[A-Za-z0-9/]{20,}",
        "how its parts are put together",
    ),
    secret(
        "stripe",
        r"\b(?:sk|rk|pk|whsec)_(?:live_|test_)?[0-9A-Za-z]{10,}",
        "how long it is, and whether it is for tests",
    ),
    secret(
        "openai",
        r"\bsk-(?:proj-|svcacct-|admin-|ant-|or-)?[0-9A-Za-z_-]{20,}",
        "how its parts are put together",
    ),
    secret("npm", r"\bnpm_[0-9A-Za-z]{30,}", "how long it is"),
    secret("pypi", r"\bpypi-[0-9A-Za-z_-]{16,}", "whether it decodes"),
    secret(
        "named",
        r#"(?i)(?:(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[ _-]?key|private[ _-]?key|access[ _-]?key|credentials?|authorization|cookie|session(?:[ _-]?id)?)["'\]\\]*\s*(?:[:=]+>?|%3[ad])\s*\\?|--?[a-z-]*(?:password|passwd|secret|token|key)\s+)(?:(?:basic|bearer|digest|negotiate|ntlm|token|api-?key)(?:[ :=+]|%20)+)?(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s"'&;,)\]}]+)"#,
        "whether what follows the name of a secret is a value",
    ),
    Pattern {
        name: "card",
        class: Class::Financial,
        coverage: Coverage::Secrets,
        regex: r"\b[0-9](?:[ .-]?[0-9]){12,18}\b",
        unchecked: Some("its issuer, its check digit, and what stands near it"),
    },
    personal(
        "email",
        Class::Contact,
        r#"[^\s@"'<>()\[\],;:/=]+@[^\s@"'<>()\[\],;:/]+\.[^\s@"'<>()\[\],;:/.]{2,}"#,
        "whether it is the name of a file or of a machine",
    ),
    personal(
        "iban",
        Class::Financial,
        r"(?i)\b[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}\b",
        "its check digits",
    ),
    personal(
        "ssn",
        Class::Government,
        r"\b[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4}\b",
        "its area, and what stands near it",
    ),
    personal(
        "ip",
        Class::Network,
        r#"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b|(?i:\b[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}\b|\b[0-9a-f]{0,3}[0-9][0-9a-f]{0,3}(?::[0-9a-f]{1,4}){0,6}::[0-9a-f:.]*|\b[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}::[0-9a-f:]*[0-9][0-9a-f:.]*|(?:^|[\s"'(\[=,])::[0-9a-f:.]*[0-9][0-9a-f:.]*)"#,
        "whether it is an address of somebody",
    ),
    personal(
        "home",
        Class::Network,
        r"(?i)(?:/home/|[/\\]+users[/\\]+|[/\\]+documents and settings[/\\]+)[^/\\:*?<>|\x00-\x1f ,;)\]}]+",
        "whether it is the name of a person",
    ),
    personal(
        "phone",
        Class::Contact,
        r"(?:\+|\b00)[1-9][0-9](?:[ ().-]*[0-9]){5,12}\b|\(?\b[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b",
        "its country, and what stands near it",
    ),
];

/// Names of attributes whose value is a secret, whatever it is.
pub(super) const SECRET_KEYS: &str = r"(?i)pass(?:w|phrase|code)|pwd|secret|api[._-]?key|private[._-]?key|access[._-]?key|credential|(?:^|[._-])(?:auth|authorization|cookie|set-cookie|jwt|token|(?:access|refresh|id|session|auth|csrf|xsrf|bearer)[._-]?token)$";

/// Literals of a statement: a text, which may be cut, and a long number.
pub(super) const TEXT_OF_STATEMENT: &str = r"'(?:[^']|'')*(?:'|$)";
pub(super) const NUMBER_OF_STATEMENT: &str = r"([\s=(,<>+-])[0-9]{4,}(?:\.[0-9]+)?";
pub(super) const IS_STATEMENT: &str = r#"(?is)(?:^|[\s"'(:])(?:select|insert\s+into|update|delete\s+from|merge\s+into|with|replace\s+into|call|exec)\s.*['0-9]"#;
