//! How does a backend behave?

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// It is taken.
    Healthy,
    /// It is read, and never answered.
    Silent,
    /// It does not arrive: nobody listens.
    Refusing,
    /// Seven of ten are answered by 503, without a word about when to come again; the others are
    /// taken.
    Failing,
    /// It is taken, but over connections that are made from now on: those that there are go dead, and
    /// nobody hangs up.
    HalfOpen,
}

impl Backend {
    /// All, by their index.
    pub const ALL: [Backend; 5] =
        [Backend::Healthy, Backend::Silent, Backend::Refusing, Backend::Failing, Backend::HalfOpen];

    /// Whether the request with this number fails. Always the same ones, so that runs compare: never
    /// more than three in a row.
    #[must_use]
    pub fn fails(self, number: usize) -> bool {
        self == Backend::Failing && number * 7 % 10 < 7
    }
}
