use otel_runtime::traced;

#[traced]
fn f(many: bool) -> impl Iterator<Item = u8> {
    if many {
        return vec![1_u8].into_iter();
    }
    std::iter::empty::<u8>()
}

#[traced]
async fn g() -> impl std::fmt::Display {
    vec![1_u8]
}

fn main() {}
