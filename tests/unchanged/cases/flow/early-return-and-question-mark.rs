//! `return` and `?` leave the function, wherever they stand.
use otel_runtime::traced;

#[traced]
fn parsed(text: &str) -> Result<i32, std::num::ParseIntError> {
    if text.is_empty() {
        return Ok(0);
    }
    let (left, right) = match text.split_once('+') {
        Some(parts) => parts,
        None => return text.trim().parse(),
    };
    Ok(left.parse::<i32>()? + parsed(right)?)
}

#[traced]
async fn sum(texts: &[&str]) -> Option<i32> {
    let mut sum = 0;
    for text in texts {
        tokio::task::yield_now().await;
        sum += text.parse::<i32>().ok()?;
        if sum > 10 {
            return Some(-1);
        }
    }
    Some(sum)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {:?} {:?}", parsed(""), parsed("1+2+3"), parsed("1+x"));
    println!("{:?} {:?} {:?}", sum(&["1", "2"]).await, sum(&["9", "2", "x"]).await, sum(&["x"]).await);
}
