//! How is what must not leave the process taken out of spans?
//!
//! Their fields are read one by one, as they are going to be sent. Where nothing is found, nothing is copied. What
//! is common to all spans of a function (its name, its place, its scope) is looked at once.

mod attribute;
mod edit;
mod keys;
mod origin;
mod span;
#[cfg(test)]
mod tests;

use super::stages::Rewrite;
use crate::privacy::Redactor;
use crate::process::panics;
use crate::record::{Block, Finished, Limits, attributes};
use attribute::Attributes;
use keys::Keys;
use origin::Origins;

/// How much memory for changed fields is kept: a block of the usual size has less.
const SPARE: usize = 64 * 1024;

/// Takes out of spans what must not leave the process, for all exporters.
#[derive(Debug)]
pub(crate) struct Redaction {
    redactor: Redactor,
    limits: Limits,
    keys: Keys,
    origins: Origins,
    /// Memory that is used again.
    spare: Vec<u8>,
}

impl Redaction {
    /// Of `limits`, the length of values counts. They were recorded longer, so that what lies across the limit is
    /// found, and a hash is that of the whole value.
    pub(crate) fn new(redactor: Redactor, limits: Limits) -> Redaction {
        Redaction {
            redactor,
            limits,
            keys: Keys::default(),
            origins: Origins::default(),
            spare: Vec::new(),
        }
    }

    /// Changes one span: appends its new fields to `out`, unless its fields stay, which is false.
    pub(crate) fn span(&mut self, finished: &mut Finished, old: &[u8], out: &mut Vec<u8>) -> bool {
        let start = out.len();
        self.origins.look(finished, &self.redactor, out);
        let attributes = Attributes {
            redactor: &self.redactor,
            limits: &self.limits,
            keys: &mut self.keys,
            span: old,
            has_new_key: false,
        };
        let (is_changed, has_new_key) = span::rewrite(attributes, finished, old, start, out);
        if has_new_key {
            // What stands for two keys may be the same.
            let mut own = out.split_off(start);
            attributes::keep_last(&mut own);
            out.append(&mut own);
        }
        is_changed
    }
}

impl Rewrite for Redaction {
    fn rewrite(&mut self, mut block: Block) -> Block {
        let mut spare = std::mem::take(&mut self.spare);
        // What a detector says when it panics may be what it looked at.
        panics::quietly(|| {
            block.rewrite(&mut spare, |finished, fields, out| self.span(finished, fields, out));
        });
        spare.clear();
        spare.shrink_to(SPARE);
        self.spare = spare;
        block
    }
}
