//! A spawned closure's result is coerced, and its arguments are inferred.
use otel_runtime::traced;

#[traced]
fn boxed() -> Box<dyn std::fmt::Debug + Send> {
    let thread = std::thread::spawn(|| -> Box<dyn std::fmt::Debug + Send> { Box::new(1) });
    thread.join().unwrap()
}
#[traced]
fn typed() -> Result<u8, String> {
    let thread: std::thread::JoinHandle<Result<u8, String>> = std::thread::spawn(|| {
        let number: u8 = "3".parse().map_err(|_| "no number".to_owned())?;
        Ok(number)
    });
    thread.join().unwrap()
}

pub fn main() {
    println!("{:?} {:?}", boxed(), typed());
}
