//! What of a command to a store of keys is nobody's data?

use std::borrow::Cow;

/// Commands whose first argument is a key, and no value or password.
const KEYED: [&str; 47] = [
    "get",
    "set",
    "setex",
    "psetex",
    "setnx",
    "getset",
    "getdel",
    "getex",
    "append",
    "strlen",
    "incr",
    "decr",
    "incrby",
    "decrby",
    "del",
    "unlink",
    "exists",
    "expire",
    "pexpire",
    "expireat",
    "persist",
    "ttl",
    "pttl",
    "type",
    "hget",
    "hset",
    "hmset",
    "hmget",
    "hgetall",
    "hdel",
    "hlen",
    "hkeys",
    "hincrby",
    "lpush",
    "rpush",
    "lpop",
    "rpop",
    "lrange",
    "llen",
    "sadd",
    "srem",
    "smembers",
    "sismember",
    "zadd",
    "zrange",
    "zrem",
    "xadd",
];

/// The command and, where it has one, its key; a `?` for every other argument. As the conventions for Redis have it:
/// `HSET cart:7 ? ?`.
pub(super) fn command(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let mut words = line.split_whitespace();
        let command = words.next().unwrap_or_default();
        out.push_str(command);
        let has_key = KEYED.iter().any(|keyed| command.eq_ignore_ascii_case(keyed));
        for (index, word) in words.enumerate() {
            out.push(' ');
            // A key with a space in it is quoted.
            let stays = index == 0 && has_key && !word.starts_with(['"', '\'']);
            out.push_str(if stays { word } else { "?" });
        }
    }
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}
