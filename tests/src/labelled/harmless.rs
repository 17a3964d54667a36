//! What is recorded in texts that hold nothing of anybody?

use fastrand::Rng;

use super::{ALNUM, DIGITS, LOWER, characters, pick};

const TEXTS: &[&str] = &[
    "GET /api/v2/orders/{id}/items",
    "SELECT id, total FROM orders WHERE status = $1 AND created_at > $2 ORDER BY id",
    "shop::checkout::payment::PaymentService::authorize",
    "connection refused (os error 111)",
    "application/json; charset=utf-8",
    "the upstream service did not answer within 250 ms, attempt 3 of 5",
    "thread 'tokio-runtime-worker' panicked at src/handlers/cart.rs:127:14",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "POST /twirp/users.api.v1.UserService/Update",
    "https://acme.example/wiki/spaces/ENG/pages/1234567890/Weekly",
    "订单已创建，正在等待支付",
    "Bestellung ist unterwegs, kein Grund zur Sorge",
    "list_recommendations_for_user",
    "us-east-1",
    "production",
    "OK",
    "grpc",
    "rust 1.95.0 (59807616e 2026-04-14)",
    "k8s.pod.name=checkout-7d9c5b6f4-x2x9q",
];

pub(super) fn text(rng: &mut Rng) -> String {
    match rng.u8(..10) {
        0 => format!("order_id={}", characters("123456789", 1, rng) + &characters(DIGITS, 15, rng)),
        1 => format!("created at {}", 1_700_000_000_000_u64 + rng.u64(..100_000_000_000)),
        2 => format!(
            "span took {} ns from {}",
            rng.u32(..),
            1_700_000_000_000_000_000_u64 + rng.u64(..100_000_000_000_000_000)
        ),
        3 => format!("snowflake {}", rng.u64(1_000_000_000_000_000_000..2_000_000_000_000_000_000)),
        4 => format!("{:032x}", rng.u128(..)),
        5 => {
            let id = format!("{:032x}", rng.u128(..));
            format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..])
        }
        6 => format!("sha256:{:064x}", rng.u128(..)),
        7 => format!("{}_{}", characters(LOWER, 12, rng), characters(ALNUM, 6, rng)),
        _ => pick(TEXTS, rng).to_owned(),
    }
}
