//! The work, untraced.

use crate::work::{CHILDREN, Refused, pause, price};

#[inline(never)]
pub(crate) fn root(item: i64, customer: &str) -> Result<i64, Refused> {
    (item..item + CHILDREN).map(|item| child(item, customer)).sum()
}

#[inline(never)]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    price(item, customer)
}

pub(crate) async fn async_root(item: i64, customer: &str) -> Result<i64, Refused> {
    Ok(branch(item, customer).await? + branch(item + 1, customer).await?)
}

async fn branch(item: i64, customer: &str) -> Result<i64, Refused> {
    Ok(leaf(item, customer).await? + leaf(item + 1, customer).await?)
}

async fn leaf(item: i64, customer: &str) -> Result<i64, Refused> {
    pause().await;
    price(item, customer)
}
