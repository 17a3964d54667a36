//! How are the fields of spans changed after they have ended?

use super::{Block, Finished};

impl Block {
    /// Calls `rewrite` for each span, with its fields and a place for other ones. Where it returns true, what it
    /// has appended there stands in place of the span's fields.
    ///
    /// Nothing is copied before the first span that changes. `spare` is memory that is used again; what is in it
    /// is lost. The block takes more memory only if the new fields have no room.
    pub(crate) fn rewrite(
        &mut self,
        spare: &mut Vec<u8>,
        mut rewrite: impl FnMut(&mut Finished, &[u8], &mut Vec<u8>) -> bool,
    ) {
        spare.clear();
        let Block { slots, len, fields } = self;
        // The fields of the first span that has changed begin here, and those in `spare` stand for all from
        // here on.
        let mut changed_from = None;
        let mut start = 0;
        for slot in slots.iter_mut().take(*len) {
            let end = slot.fields_end;
            let before = spare.len();
            let old = fields.get(start..end).unwrap_or_default();
            let is_changed = rewrite(&mut slot.finished, old, spare);
            if is_changed && changed_from.is_none() {
                changed_from = Some(start);
            }
            slot.fields_end = if let Some(from) = changed_from {
                if !is_changed {
                    spare.truncate(before);
                    spare.extend_from_slice(old);
                }
                from + spare.len()
            } else {
                spare.clear();
                end
            };
            start = end;
        }
        if let Some(from) = changed_from {
            fields.truncate(from);
            fields.reserve_exact(spare.len());
            fields.extend_from_slice(spare);
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::SpanId;

    use super::super::Limits;
    use super::super::tests::random;
    use super::*;

    fn finished() -> Finished {
        Finished::from_sdk(random::plain(), &Limits::default()).0
    }

    /// A span whose fields are this text.
    fn block(texts: &[&str]) -> Block {
        let mut block = Block::with_capacity(texts.len() + 1, 64);
        for text in texts {
            assert!(block.push(&finished(), 7, text.as_bytes()));
        }
        block
    }

    fn texts(block: &Block) -> Vec<String> {
        let spans = (0..block.len()).filter_map(|index| block.get(index));
        spans.map(|span| String::from_utf8_lossy(span.fields).into_owned()).collect()
    }

    /// Upper case for those that begin with `x`, however long `times` makes them.
    fn shout(block: &mut Block, times: usize) {
        block.rewrite(&mut vec![b'?'; 9], |_, old, new| {
            new.extend(old.to_ascii_uppercase().repeat(times));
            old.starts_with(b"x")
        });
    }

    #[test]
    fn the_spans_that_change_are_changed_and_all_others_stay() {
        for all in [
            &["ab", "xc", "", "de", "xf", "g"][..],
            &["xa", "b"],
            &["a", "xb"],
            &["x"],
            &["a", "b"],
            &[],
        ] {
            for times in [0, 1, 2, 40] {
                let mut block = block(all);
                shout(&mut block, times);
                let expected = all.iter().map(|text| {
                    if text.starts_with('x') {
                        text.to_uppercase().repeat(times)
                    } else {
                        (*text).to_owned()
                    }
                });
                assert_eq!(texts(&block), expected.collect::<Vec<_>>(), "{all:?} {times}");
            }
        }
    }

    #[test]
    fn a_block_with_room_for_the_new_fields_takes_no_more_memory() {
        let mut block = block(&["a", "xb", "c"]);
        let before = block.capacity();
        shout(&mut block, 4);
        assert_eq!(block.capacity(), before);
        assert!(block.has_room(64 - 10) && !block.has_room(64 - 9));
        shout(&mut block, 1);
        assert!(block.push(&finished(), 7, b"more"));
        assert_eq!(texts(&block), ["a", "XBXBXBXB", "c", "more"]);
    }

    #[test]
    fn what_every_span_has_can_be_changed_too() {
        let mut block = block(&["a", "b"]);
        block.rewrite(&mut Vec::new(), |finished, _, _| {
            finished.parent_span_id = SpanId::from_bytes([1; 8]);
            false
        });
        let parents = (0..2).filter_map(|index| block.get(index));
        assert!(parents.map(|it| it.finished.parent_span_id).eq([SpanId::from_bytes([1; 8]); 2]));
    }
}
