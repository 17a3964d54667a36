//! Which services are drawn here, and in which colour?

use super::text::clean;

/// How many columns the service's name may take.
const NAME: usize = 24;
/// So many services have a number of their own; there is only one that is not of a stranger's making.
const MOST: usize = 64;

/// The number of this process's service.
pub(super) const OWN: usize = 0;

/// The names of services, each with its number, which is that of its colour.
pub(super) struct Services(Vec<String>);

impl Services {
    pub(super) fn new(own: &str) -> Self {
        Self(vec![clean(own, NAME)])
    }

    pub(super) fn number(&mut self, name: &str) -> usize {
        let name = clean(name, NAME);
        if let Some(known) = self.0.iter().position(|known| *known == name) {
            return known;
        }
        if self.0.len() < MOST {
            self.0.push(name);
        }
        self.0.len() - 1
    }

    pub(super) fn name(&self, number: usize) -> &str {
        self.0.get(number).map_or("", String::as_str)
    }
}
