//! What does a key say of its value?

use super::super::table::Table;
use super::name::Name;

/// What the key of an attribute says of its value.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub(super) struct Hints {
    /// `payment.card`: a number without spaces may be a card.
    pub(super) is_card: bool,
    /// `order.id`, `created_at`: a number without spaces is none.
    pub(super) is_identifier: bool,
    /// `user.ssn`: nine digits are one.
    pub(super) is_ssn: bool,
    /// `contact.phone`: digits without spaces are one.
    pub(super) is_phone: bool,
    /// `service.version`, `user_agent.original`: four numbers with dots are no address.
    pub(super) is_version: bool,
}

const CARDS: &Table<11> = &Table::new(&[&[
    "card",
    "cards",
    "pan",
    "cc",
    "creditcard",
    "debitcard",
    "primary_account_number",
    "visa",
    "mastercard",
    "amex",
    "cardnumber",
]]);
const NOT_CARDS: &Table<4> =
    &Table::new(&[&["graphics_card", "network_card", "card_id", "card_token"]]);
const IDENTIFIERS: &Table<50> = &Table::new(&[&[
    "id",
    "ids",
    "uid",
    "guid",
    "uuid",
    "trace",
    "span",
    "order",
    "invoice",
    "transaction",
    "txn",
    "tx",
    "ref",
    "reference",
    "tracking",
    "sequence",
    "seq",
    "serial",
    "offset",
    "snowflake",
    "nonce",
    "time",
    "timestamp",
    "ts",
    "at",
    "epoch",
    "date",
    "ms",
    "us",
    "ns",
    "nanos",
    "micros",
    "millis",
    "size",
    "bytes",
    "length",
    "count",
    "sku",
    "ean",
    "gtin",
    "isbn",
    "imei",
    "version",
    "hash",
    "checksum",
    "message",
    "event",
    "request",
    "correlation",
    "random",
]]);
const SSNS: &Table<4> = &Table::new(&[&["ssn", "social_security", "tax_id", "tin"]]);
const PHONES: &Table<9> = &Table::new(&[&[
    "phone",
    "telephone",
    "tel",
    "mobile",
    "cell",
    "fax",
    "msisdn",
    "whatsapp",
    "sms",
]]);
const VERSIONS: &Table<4> = &Table::new(&[&["version", "user_agent", "release", "build"]]);

impl Hints {
    /// Those of a key; a key that is too long to be looked at says nothing.
    pub(super) fn of(key: &str) -> Self {
        let Some(name) = Name::of(key) else { return Self::default() };
        let is_card = name.has_word(CARDS) && !name.has_word(NOT_CARDS);
        Self {
            is_card,
            is_identifier: !is_card && name.has_word(IDENTIFIERS),
            is_ssn: name.has_word(SSNS),
            is_phone: name.has_word(PHONES),
            is_version: name.has_word(VERSIONS),
        }
    }
}
