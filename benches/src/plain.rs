//! The work, untraced.

use crate::work::{BRANCHES, Refused, below, pause, price, sell};

#[inline(never)]
pub(crate) fn root(children: i64, item: i64, customer: &str) -> Result<i64, Refused> {
    (item..item + children).map(|item| child(item, customer)).sum()
}

#[inline(never)]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    price(item, customer)
}

pub(crate) async fn async_root(item: i64, customer: &str) -> i64 {
    let mut total = 0;
    for item in item..item + BRANCHES {
        total += branch(item, customer).await;
    }
    total
}

async fn branch(item: i64, customer: &str) -> i64 {
    let mut total = 0;
    for item in below(item) {
        total += leaf(item, customer, 2, 0.5, true).await.unwrap_or(0);
    }
    total
}

async fn leaf(
    item: i64,
    customer: &str,
    quantity: i64,
    weight: f64,
    express: bool,
) -> Result<i64, Refused> {
    let _ = (quantity, weight, express);
    pause().await;
    sell(item, customer)
}
