//! Trait objects in and out, and annotated methods called through them.
use otel_runtime::traced;
use std::{any::Any, rc::Rc};

trait Shape {
    fn area(&self) -> f64;
    #[traced]
    fn name(&self) -> String {
        format!("shape of {}", self.area())
    }
}
struct Square(f64);
struct Circle(f64);
impl Shape for Square {
    #[traced]
    fn area(&self) -> f64 {
        self.0 * self.0
    }
}
#[traced]
impl Shape for Circle {
    fn area(&self) -> f64 {
        self.0 * self.0 * 3.0
    }
    fn name(&self) -> String {
        "circle".to_owned()
    }
}
#[traced]
fn made(round: bool) -> Box<dyn Shape> {
    if round { Box::new(Circle(1.0)) } else { Box::new(Square(2.0)) }
}
#[traced]
fn larger<'a>(left: &'a dyn Shape, right: &'a dyn Shape) -> &'a dyn Shape {
    if left.area() > right.area() { left } else { right }
}
#[traced]
fn any(value: Rc<dyn Any>) -> Result<u8, Rc<dyn Any>> {
    value.downcast::<u8>().map(|value| *value)
}

pub fn main() {
    let (square, circle) = (made(false), made(true));
    println!("{} {} {}", square.name(), circle.name(), larger(&*square, &*circle).area());
    println!("{:?} {}", any(Rc::new(3u8)).ok(), any(Rc::new("x")).is_err());
}
