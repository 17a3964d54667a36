//! Does whoever looks want to see this?

use super::bar::Window;
use super::span::ShownSpan;
use crate::export::settings::Shown;

/// Whether spans that would be drawn together are. A name is looked for in what a line says.
pub(super) fn is_wanted(shown: &Shown, spans: &[ShownSpan]) -> bool {
    let Shown { errors, slower, name } = shown;
    let is_failed = || spans.iter().any(ShownSpan::is_failed);
    let is_slow = |least| Window::of(spans.iter()).duration >= least;
    let is_named = |name: &String| spans.iter().any(|span| span.name.contains(name));
    (!errors || is_failed()) && slower.is_none_or(is_slow) && name.as_ref().is_none_or(is_named)
}
