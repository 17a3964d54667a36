//! How are spans written to a file?
//!
//! One request a line. A line is written in one piece, so that several processes can append to one
//! file. Nothing is buffered: an exported span has been handed to the operating system.
//!
//! Specification: [OTLP file exporter](https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/).

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_sdk::Resource;

use super::encode::Encoder;
use super::{append, failure, json};
use crate::export::blocking::Calls;
use crate::export::settings::{Output, Signal};
use crate::export::{Export, ExportError, Exported, Exporting};
use crate::record::Batch;

pub(crate) struct FileExporter {
    lines: Arc<Mutex<Lines>>,
    /// On a thread of its own, since writing to a pipe that nobody reads blocks.
    writes: Calls,
    encoder: Encoder,
    destination: String,
}

impl FileExporter {
    /// Opens the file, and creates it if it does not exist.
    pub(crate) fn open(output: &Output) -> io::Result<Self> {
        let stream: Box<dyn Write + Send> = match output {
            Output::File(path) => Box::new(append::open(path)?),
            Output::Stdout => Box::new(io::stdout()),
        };
        Ok(FileExporter {
            lines: Arc::new(Mutex::new(Lines { stream, is_cut: false })),
            writes: Calls::default(),
            encoder: Encoder::new(&Resource::builder_empty().build()),
            destination: output.to_string(),
        })
    }
}

impl Export for FileExporter {
    fn destination(&self) -> String {
        self.destination.clone()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.encoder = Encoder::new(resource);
    }

    fn export(&mut self, batch: &Batch) -> Exporting {
        let request = json::encode(self.encoder.encode(batch.iter()).into(), Signal::Traces)
            .map_err(|error| failure::chain(error.as_ref()));
        let (lines, writes) = (Arc::clone(&self.lines), self.writes.clone());
        let destination = self.destination.clone();
        Box::pin(async move {
            let failed = |why: String| ExportError::Failed(format!("{destination}: {why}"));
            let request = request.map_err(failed)?;
            let write =
                move || lines.lock().unwrap_or_else(PoisonError::into_inner).write(&request);
            let written = writes.call(write).await?;
            written.map_err(|error| failed(failure::chain(&error)))?;
            Ok(Exported::default())
        })
    }
}

struct Lines {
    stream: Box<dyn Write + Send>,
    /// The last line is cut off, without a line break: there was no room for the rest.
    is_cut: bool,
}

impl Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let mut text = Vec::with_capacity(line.len() + 2);
        if self.is_cut {
            // The cut line is lost. Without this line break, the next one would be too.
            text.push(b'\n');
        }
        text.extend_from_slice(line);
        text.push(b'\n');
        let mut rest = text.as_slice();
        while !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            self.is_cut = !rest.is_empty();
        }
        self.stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written, and for how many bytes more there is room.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<(Vec<u8>, usize)>>);

    impl Write for Disk {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let mut disk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let written = text.len().min(disk.1);
            if written == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            disk.0.extend_from_slice(&text[..written]);
            disk.1 -= written;
            Ok(written)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_that_was_cut_spoils_no_other() {
        let disk = Disk::default();
        let room = |bytes| disk.0.lock().unwrap_or_else(PoisonError::into_inner).1 = bytes;
        let mut lines = Lines { stream: Box::new(disk.clone()), is_cut: false };

        room(5);
        lines.write(b"{1}").expect("room");
        lines.write(b"{2}").expect_err("room for one byte");
        lines.write(b"{3}").expect_err("no room");
        room(100);
        lines.write(b"{4}").expect("room");
        lines.write(b"{5}").expect("room");

        let written = disk.0.lock().unwrap_or_else(PoisonError::into_inner).0.clone();
        assert_eq!(String::from_utf8(written).as_deref(), Ok("{1}\n{\n{4}\n{5}\n"));
    }
}
