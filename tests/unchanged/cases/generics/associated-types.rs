//! Associated types are projected as ever, in arguments and in results.
use otel_runtime::traced;

trait Shelf {
    type Item: ToString;
    fn top(&self) -> Option<Self::Item>;
}

impl Shelf for Vec<u16> {
    type Item = u16;
    #[traced]
    fn top(&self) -> Option<Self::Item> {
        self.last().copied()
    }
}

#[traced]
fn label<S: Shelf>(shelf: &S, spare: <S as Shelf>::Item) -> String {
    shelf.top().unwrap_or(spare).to_string()
}

#[traced]
fn total<I>(items: I) -> I::Item
where
    I: IntoIterator,
    I::Item: std::iter::Sum<I::Item>,
{
    items.into_iter().sum()
}

pub fn main() {
    println!("{} {} {}", label(&vec![1, 7], 0), label(&vec![], 4), total(vec![1.5, 2.0]));
}
