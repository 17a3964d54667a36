//! What is installed in this process?

use std::sync::OnceLock;

use crate::config::Description;

static INSTALLED: OnceLock<Installed> = OnceLock::new();

/// What `init` installed, for those who ask later.
pub(crate) struct Installed {
    pub(crate) description: Description,
}

/// Remembers what was installed: `init` does so once in the life of the process.
pub(crate) fn remember(installed: Installed) {
    // It cannot be there already, because `init` succeeds once.
    let _ = INSTALLED.set(installed);
}

pub(crate) fn get() -> Option<&'static Installed> {
    INSTALLED.get()
}

/// Every setting that holds in this process, and who set it; `None` before [`init`](crate::init), and
/// where a provider was adopted.
///
/// ```
/// if let Some(description) = otel_runtime::describe() {
///     println!("{description}");
/// }
/// ```
#[must_use]
pub fn describe() -> Option<Description> {
    get().map(|installed| installed.description.clone())
}
