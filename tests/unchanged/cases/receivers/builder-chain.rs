//! A reborrow of `&mut self` is returned, on every path.
use otel_runtime::traced;

#[derive(Debug, Default)]
struct Builder {
    names: Vec<String>,
    first: Option<String>,
}

impl Builder {
    #[traced(attrs(name))]
    fn name(&mut self, name: &str) -> &mut Self {
        if self.first.is_none() {
            self.first = Some(name.to_owned());
            return self;
        }
        self.names.push(name.to_owned());
        self
    }
    #[traced]
    fn tried(&mut self, name: &str) -> Result<&mut String, String> {
        let position = self.names.iter().position(|known| known == name);
        let position = position.ok_or_else(|| format!("no {name}"))?;
        Ok(&mut self.names[position])
    }
}

pub fn main() {
    let mut builder = Builder::default();
    builder.name("a").name("b").name("c");
    builder.tried("b").unwrap().push('!');
    println!("{:?}", builder.tried("x"));
    println!("{:?}", builder);
}
