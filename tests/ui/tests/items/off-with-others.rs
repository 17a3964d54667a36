use otel_runtime::traced;

#[traced(off, kind = client)]
fn alone() {}

#[traced]
mod shop {
    #[traced(attrs(id), off, kinds = client)]
    pub(super) fn load(id: u64) {
        let _ = id;
    }
}

fn main() {
    alone();
    shop::load(1);
}
