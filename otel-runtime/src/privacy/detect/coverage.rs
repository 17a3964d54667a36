//! Which kinds of data are looked for?

/// Which kinds of data a [`Scanner`](super::Scanner) looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    /// What opens something, and payment cards: passwords, tokens, keys, connection strings.
    Secrets,
    /// All personal data: these, and addresses of people and of machines, telephone numbers, accounts, numbers that a
    /// state gave somebody, names in paths.
    Personal,
}
