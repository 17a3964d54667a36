//! A block of functions: methods, defaults, associated functions, constants and types.
use otel_runtime::traced;

struct Shelf {
    items: Vec<u32>,
}

#[traced]
impl Shelf {
    const LIMIT: usize = 2;

    fn new() -> Self {
        Shelf { items: Vec::new() }
    }
    const fn limit() -> usize {
        Self::LIMIT
    }
    #[traced(attrs(item), kind = client)]
    fn put(&mut self, item: u32) -> Result<&mut Self, String> {
        if self.items.len() == Self::limit() {
            return Err(format!("full: {item}"));
        }
        self.items.push(item);
        Ok(self)
    }
    #[traced(off)]
    fn len(&self) -> usize {
        self.items.len()
    }
}

#[traced(level = debug)]
trait Total {
    type Sum: std::fmt::Debug;
    fn total(&self) -> Self::Sum;
    fn shown(&self) -> String {
        format!("{:?}", self.total())
    }
}
#[traced]
impl Total for Shelf {
    type Sum = u32;
    fn total(&self) -> u32 {
        self.items.iter().sum()
    }
}

pub fn main() {
    let mut shelf = Shelf::new();
    println!("{:?}", shelf.put(1).and_then(|shelf| shelf.put(2)).and_then(|shelf| shelf.put(3)).map(|_| ()));
    println!("{} {}", shelf.len(), shelf.shown());
}
