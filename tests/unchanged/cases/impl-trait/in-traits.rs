//! Methods of traits that return `impl Trait`.
use otel_runtime::traced;

trait Words {
    fn words(&self) -> impl Iterator<Item = &str>;
    #[traced]
    fn lengths(&self) -> impl Iterator<Item = usize> {
        self.words().map(str::len)
    }
}
impl Words for String {
    #[traced]
    fn words(&self) -> impl Iterator<Item = &str> {
        self.split(' ')
    }
}

pub fn main() {
    println!("{:?}", "a bcd".to_owned().lengths().collect::<Vec<_>>());
}
