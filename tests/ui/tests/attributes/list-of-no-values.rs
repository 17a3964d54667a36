use otel_runtime::traced;

#[traced(attrs(ids))]
fn load(ids: &[Option<u64>]) -> usize {
    ids.len()
}

#[traced(attrs(rows))]
fn parse(rows: Vec<Vec<u8>>) -> usize {
    rows.len()
}

struct Item;

#[traced(attrs(count = items.len(), items))]
fn ship(items: &[Item]) {
    let _ = items;
}

fn main() {}
