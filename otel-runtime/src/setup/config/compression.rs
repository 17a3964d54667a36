//! How are requests made smaller?

use super::problems::Problems;
use super::source::Given;
use crate::export::settings::Compression;

pub(super) fn resolve(given: Option<&Given<Compression>>, problems: &mut Problems) -> Compression {
    let Some(&Given { value, ref from }) = given else { return Compression::default() };
    if value == Compression::Zstd && !cfg!(feature = "zstd") {
        let remedy = "build with the feature `zstd` of otel-runtime, or choose gzip";
        problems.add(from, Some(value.to_string()), remedy);
    }
    value
}
