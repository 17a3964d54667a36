//! What is done with messages?

/// What an operation does: `messaging.operation.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Create,
    Send,
    Receive,
    Process,
    Settle,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Kind::Create => "create",
            Kind::Send => "send",
            Kind::Receive => "receive",
            Kind::Process => "process",
            Kind::Settle => "settle",
        }
    }
}
