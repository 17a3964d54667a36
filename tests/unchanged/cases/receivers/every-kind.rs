//! `self` in every form that the language has.
use otel_runtime::traced;
use std::{pin::Pin, rc::Rc, sync::Arc};

#[derive(Clone, Debug)]
struct Counter(u32);

impl Counter {
    #[traced]
    fn by_value(self) -> u32 {
        self.0
    }
    #[traced]
    fn by_mut_value(mut self) -> Self {
        self.0 += 1;
        self
    }
    #[traced]
    fn by_ref(&self) -> &u32 {
        &self.0
    }
    #[traced]
    fn by_mut(&mut self) -> &mut u32 {
        self.0 += 10;
        &mut self.0
    }
    #[traced]
    fn by_box(self: Box<Self>) -> u32 {
        self.0
    }
    #[traced]
    fn by_rc(self: Rc<Self>) -> usize {
        Rc::strong_count(&self)
    }
    #[traced]
    fn by_arc_ref(self: &Arc<Self>) -> Arc<Self> {
        Arc::clone(self)
    }
    #[traced]
    fn by_pin(self: Pin<&mut Self>) -> u32 {
        let counter = self.get_mut();
        counter.0 += 100;
        counter.0
    }
    #[traced]
    fn by_pin_ref(self: &Pin<Box<Self>>) -> u32 {
        self.0
    }
}

pub fn main() {
    let mut counter = Counter(1);
    *counter.by_mut() += 1;
    println!("{}", counter.by_ref());
    println!("{}", Pin::new(&mut counter).by_pin());
    println!("{:?} {}", counter.clone().by_mut_value(), counter.clone().by_value());
    println!("{} {}", Box::new(counter.clone()).by_box(), Rc::new(counter.clone()).by_rc());
    println!("{:?} {}", Arc::new(counter.clone()).by_arc_ref(), Box::pin(counter).by_pin_ref());
}
