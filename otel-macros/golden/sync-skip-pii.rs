#[traced(skip_pii, attrs(user_id, contact = %customer.email))]
fn greet(user_id: u64, customer: &Customer) {}
