//! Drops of a function whose result is looked at, on each way out.
use otel_runtime::traced;

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}

#[traced(attrs(way))]
fn ended(way: u8, argument: Loud, _: Loud) -> Result<Loud, Loud> {
    let local = Loud("local");
    match way {
        0 => Ok(argument),
        1 => return Err(local),
        2 => {
            let error: Result<u8, Loud> = Err(Loud("error"));
            error?;
            unreachable!()
        }
        _ => panic!("way {way}"),
    }
}
#[traced]
async fn later(way: u8, argument: Loud, _: Loud) -> Result<Loud, Loud> {
    let _local = Loud("local");
    tokio::task::yield_now().await;
    if way == 0 { Ok(argument) } else { Err(Loud("error")) }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    for way in 0..3 {
        let result = ended(way, Loud("argument"), Loud("unnamed"));
        println!("{way}: {}", result.is_ok());
    }
    for way in 0..2 {
        let result = later(way, Loud("argument"), Loud("unnamed")).await;
        println!("{way}: {}", result.is_ok());
    }
    let _ = ended(3, Loud("argument"), Loud("unnamed"));
}
