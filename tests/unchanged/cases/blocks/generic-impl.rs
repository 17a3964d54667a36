//! A generic block, with a `where` clause, for every type there is.
use otel_runtime::traced;
use std::fmt::Debug;

struct Pair<A, B>(A, B);

#[traced(skip_pii)]
impl<A, B> Pair<A, B>
where
    A: Debug + Clone,
    B: Debug,
{
    fn swapped(self) -> Pair<B, A> {
        Pair(self.1, self.0)
    }
    async fn shown<T: Debug>(&self, more: T) -> String {
        format!("{:?} {:?} {more:?}", self.0, self.1)
    }
}

trait Described {
    fn described(&self) -> String;
}
#[traced]
impl<T: Debug + ?Sized> Described for T {
    fn described(&self) -> String {
        format!("<{self:?}>")
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", Pair(1, "a").swapped().shown('x').await, "text".described());
}
