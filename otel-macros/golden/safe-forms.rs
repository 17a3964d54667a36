#[traced(
    skip_pii,
    attrs(hash(email), card = mask(card.number(), 4), phone = truncate(phone, 3), note, login, password),
    pii(note = address, login = public),
    scoped(tenant = hash(tenant)),
)]
fn pay(email: &str, card: &Card, phone: &str, note: &str, login: &str, password: &str, tenant: &str) {}
