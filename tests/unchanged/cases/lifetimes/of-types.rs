//! Types with lifetimes, among them `Self` and those that are left out.
use otel_runtime::traced;

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    #[traced]
    fn new(rest: &'t str) -> Self {
        Self { rest }
    }
    #[traced]
    fn word(&mut self) -> Option<&'t str> {
        let (word, rest) = self.rest.split_once(' ')?;
        self.rest = rest;
        Some(word)
    }
    #[traced]
    fn peek(&self) -> &str {
        &self.rest[..1]
    }
    #[traced]
    async fn all(&mut self) -> Vec<&'t str> {
        let mut words = vec![];
        while let Some(word) = self.word() {
            words.push(word);
            tokio::task::yield_now().await;
        }
        words
    }
    #[traced]
    fn split(&self) -> (Parser<'_>, Parser<'t>) {
        (Parser { rest: self.rest }, Parser::new(self.rest))
    }
}
#[traced]
fn hidden(parser: &Parser) -> usize {
    parser.rest.len()
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let text = String::from("a b c ");
    let mut parser = Parser::new(&text);
    println!("{:?} {} {}", parser.word(), parser.peek(), hidden(&parser));
    println!("{:?} {}", parser.all().await, parser.split().0.rest.len());
}
