//! Is this the name of personal data or of a secret?
//!
//! One list, in constant functions, so that `skip_pii` decides while the caller compiles.

/// Anywhere in a name.
const SUBSTRINGS: &[&str] = &[
    "passw",
    "passwd",
    "pwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "private_key",
    "privatekey",
    "credential",
    "crypt",
    "salt",
    "certificate",
    "signature",
    "session",
    "cookie",
    "social_security",
    "credit_card",
];

/// Whole words of a name, one or several in a row.
const WORDS: &[&str] = &[
    // Secrets.
    "auth",
    "authorization",
    "otp",
    "two_factor",
    "csrf",
    "xsrf",
    "jwt",
    "ssn",
    "cvv",
    "cvc",
    "sid",
    "phpsessid",
    "pin",
    "mfa",
    "pan",
    "iban",
    "dob",
    "bearer",
    "passphrase",
    // Personal data.
    "email",
    "e_mail",
    "phone",
    "mobile",
    "msisdn",
    "first_name",
    "last_name",
    "full_name",
    "date_of_birth",
    "birth_date",
    "street_address",
    "postcode",
    "zip",
    "passport",
    "national_id",
    "tax_id",
    "driver_license",
    "account_number",
    "routing_number",
    "card_number",
    "ip_address",
    "remote_addr",
    "x_forwarded_for",
    "x_real_ip",
    "client_address",
    "latitude",
    "longitude",
    "connection_string",
    "encryption_key",
];

/// At the end of a name.
const LAST_WORDS: &[&str] = &["key", "health"];

/// Harmless endings, in spite of the above.
const EXCEPTIONS: &[&str] = &[
    "author",
    "token_count",
    "session_count",
    "cache_key",
    "primary_key",
    "partition_key",
    "foreign_key",
    "sort_key",
];

const MAX: usize = 256;

/// Whether `name` is on the list. Upper and lower case, `camelCase`, `-`, `.` and spaces make no
/// difference, nor does a plural or a number behind a word. A name of more than 256 bytes counts
/// as personal, since nobody has looked at it.
#[must_use]
pub const fn is_pii(name: &str) -> bool {
    let Some(words) = Words::new(name) else { return true };
    let words = words.without_exception();
    let mut at = 0;
    while at < SUBSTRINGS.len() {
        if words.contains(SUBSTRINGS[at].as_bytes()) {
            return true;
        }
        at += 1;
    }
    at = 0;
    while at < WORDS.len() {
        if words.contains_words(WORDS[at].as_bytes()) {
            return true;
        }
        at += 1;
    }
    at = 0;
    while at < LAST_WORDS.len() {
        // A name that is nothing but `key` is a map's, not a secret's.
        if words.ends_with_word(LAST_WORDS[at].as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// A name in lower case with `_` between its words.
#[derive(Clone, Copy)]
struct Words {
    bytes: [u8; MAX],
    len: usize,
}

impl Words {
    const fn new(name: &str) -> Option<Words> {
        let name = name.as_bytes();
        let mut words = Words { bytes: [0; MAX], len: 0 };
        let mut at = 0;
        while at < name.len() {
            if starts_word(name, at) {
                words.push_separator();
            }
            match name[at] {
                b'-' | b'.' | b' ' | b'_' => words.push_separator(),
                byte => {
                    if words.len + 2 >= MAX {
                        return None;
                    }
                    words.bytes[words.len] = byte.to_ascii_lowercase();
                    words.len += 1;
                }
            }
            at += 1;
        }
        Some(words)
    }

    const fn push_separator(&mut self) {
        if self.len > 0 && self.bytes[self.len - 1] != b'_' {
            self.bytes[self.len] = b'_';
            self.len += 1;
        }
    }

    /// Cuts a harmless ending off.
    const fn without_exception(mut self) -> Words {
        let mut at = 0;
        while at < EXCEPTIONS.len() {
            let exception = EXCEPTIONS[at].as_bytes();
            if let Some(from) = self.ending(exception) {
                self.len = from;
                return self;
            }
            at += 1;
        }
        self
    }

    const fn contains(&self, part: &[u8]) -> bool {
        let mut from = 0;
        while from + part.len() <= self.len {
            if self.has_at(from, part) {
                return true;
            }
            from += 1;
        }
        false
    }

    const fn contains_words(&self, part: &[u8]) -> bool {
        let mut from = 0;
        while from + part.len() <= self.len {
            if self.is_start(from) && self.has_at(from, part) && self.is_end(from + part.len()) {
                return true;
            }
            from += 1;
        }
        false
    }

    const fn ends_with_word(&self, part: &[u8]) -> bool {
        match self.ending(part) {
            // `health` alone is personal, `key` alone is not.
            Some(0) => part[0] == b'h',
            Some(_) => true,
            None => false,
        }
    }

    /// Where `part` begins, if these are the last words.
    const fn ending(&self, part: &[u8]) -> Option<usize> {
        let mut from = 0;
        while from + part.len() <= self.len {
            if self.is_start(from)
                && self.has_at(from, part)
                && self.after_suffix(from + part.len()) == self.len
            {
                return Some(from);
            }
            from += 1;
        }
        None
    }

    const fn has_at(&self, from: usize, part: &[u8]) -> bool {
        let mut at = 0;
        while at < part.len() {
            if self.bytes[from + at] != part[at] {
                return false;
            }
            at += 1;
        }
        true
    }

    const fn is_start(&self, at: usize) -> bool {
        at == 0 || self.bytes[at - 1] == b'_'
    }

    const fn is_end(&self, at: usize) -> bool {
        let at = self.after_suffix(at);
        at == self.len || self.bytes[at] == b'_'
    }

    /// Behind the plural and the number that a word may have.
    const fn after_suffix(&self, mut at: usize) -> usize {
        if at < self.len && self.bytes[at] == b's' {
            at += 1;
        }
        while at < self.len && self.bytes[at].is_ascii_digit() {
            at += 1;
        }
        at
    }
}

/// Whether a capital letter begins a word: `userEmail`, `APIKey`.
const fn starts_word(name: &[u8], at: usize) -> bool {
    if at == 0 || !name[at].is_ascii_uppercase() {
        return false;
    }
    let next_is_lower = at + 1 < name.len() && name[at + 1].is_ascii_lowercase();
    !name[at - 1].is_ascii_uppercase() || next_is_lower
}

#[cfg(test)]
mod tests {
    use super::is_pii;

    #[test]
    fn secrets_and_personal_data_are_known_by_name() {
        for name in [
            "password",
            "user_passwd",
            "dbPwd",
            "client-secret",
            "access_token",
            "API_KEY",
            "apiKey",
            "APIKey",
            "APIKEY",
            "db.credentials",
            "encrypted",
            "salt",
            "session_id",
            "cookie",
            "stripe_key",
            "signing_keys",
            "auth",
            "authorization",
            "x-csrf",
            "ssn",
            "customer.ssn",
            "pin",
            "email",
            "user.email",
            "userEmail",
            "emails",
            "email2",
            "e-mail",
            "phone",
            "phone_numbers",
            "first_name",
            "firstName",
            "date of birth",
            "zip",
            "zip_code",
            "ip_address",
            "client.address",
            "health",
            "patient_health",
            "encryption_key",
            "jwt",
        ] {
            assert!(is_pii(name), "{name}");
        }
    }

    #[test]
    fn look_alikes_are_not() {
        for name in [
            "user_id",
            "order.id",
            "gzip",
            "microphone",
            "health_check_interval",
            "author",
            "token_count",
            "session_count",
            "cache_key",
            "db.primary_key",
            "partitionKey",
            "foreign_keys",
            "sort_key",
            "key",
            "keyboard",
            "monkey",
            "spin",
            "pants",
            "company",
            "span",
            "mobility",
            "",
            "_",
        ] {
            assert!(!is_pii(name), "{name}");
        }
    }

    #[test]
    fn a_harmless_ending_does_not_excuse_what_stands_before_it() {
        assert!(is_pii("password_cache_key"));
        assert!(is_pii("email.token_count"));
    }

    #[test]
    fn a_name_too_long_to_look_at_counts_as_personal() {
        assert!(is_pii(&"x".repeat(300)));
        assert!(!is_pii(&"x".repeat(200)));
    }
}
