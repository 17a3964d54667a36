//! What do spans hold?

/// What is special about a span, and its keys and texts.
pub(crate) const TEXTS: &[(&str, [(&str, &str); 5])] = &[
    ("nothing to find, no separators", NOTHING),
    ("two texts with spaces and `=`", [NOTHING[0], NOTHING[1], NOTHING[2], STATEMENT, MESSAGE]),
    ("a UUID and a trace id", [NOTHING[0], NOTHING[1], NOTHING[2], UUID, TRACE]),
    (
        "a text in Chinese",
        [NOTHING[0], NOTHING[1], NOTHING[2], NOTHING[3], ("note", "订单已创建，正在等待支付")],
    ),
    (
        "a password behind its name",
        [
            NOTHING[0],
            NOTHING[1],
            NOTHING[2],
            NOTHING[3],
            ("note", "login with password=hunter2 failed"),
        ],
    ),
    (
        "a card in groups",
        [
            NOTHING[0],
            NOTHING[1],
            NOTHING[2],
            NOTHING[3],
            ("note", "paid with 4111 1111 1111 1111 today"),
        ],
    ),
    (
        "a bearer token",
        [NOTHING[0], NOTHING[1], NOTHING[2], NOTHING[3], ("note", "Bearer mF_9.B5f-4.1JqM")],
    ),
    (
        "an e-mail address",
        [
            NOTHING[0],
            NOTHING[1],
            NOTHING[2],
            NOTHING[3],
            ("note", "mail to ada@example.com bounced"),
        ],
    ),
    (
        "an IP address",
        [NOTHING[0], NOTHING[1], NOTHING[2], NOTHING[3], ("note", "peer 192.0.2.7 left")],
    ),
];

/// 134 bytes.
const NOTHING: [(&str, &str); 5] = [
    ("http.route", "/api/v2/orders/{id}/items"),
    ("server.address", "checkout.shop.svc.cluster.local"),
    ("code.function.name", "shop-checkout.payment.authorize"),
    ("cloud.region", "eu-central-1-frankfurt"),
    ("deployment.environment.name", "production-canary-west-2b"),
];
const STATEMENT: (&str, &str) =
    ("db.query.text", "SELECT id, total FROM orders WHERE status = $1 ORDER BY id");
const MESSAGE: (&str, &str) = ("exception.message", "upstream did not answer within 250 ms");
const UUID: (&str, &str) = ("order.id", "550e8400-e29b-41d4-a716-446655440000");
const TRACE: (&str, &str) = ("link.trace", "4bf92f3577b34da6a3ce929d0e0e4736");
