#[traced(root, links(&caller, batch.iter().map(Message::span)))]
fn consume(caller: Context, batch: &[Message]) {
    drop(caller);
}
