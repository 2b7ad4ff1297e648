//! Detects the encoding of a text file and reads it as a stream of UTF-8. UTF-8 and UTF-16 by their byte order mark;
//! without one, UTF-16 by its zero bytes, UTF-8 when every byte of the file is, Windows-1258 otherwise.

use crate::usecase::import::source::FileError;
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1258};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Bytes read at a time.
const BLOCK: usize = 128 * 1024;

/// A text file as UTF-8, block by block.
pub(super) struct Text {
    file: File,
    name: String,
    encoding: &'static Encoding,
    decoder: Option<Decoder>,
    input: Vec<u8>,
    ended: bool,
    read: u64,
    length: u64,
}

impl Text {
    /// Looks at the whole file once and begins at its start.
    pub fn open(mut file: File, name: &str) -> Result<Self, FileError> {
        let length = file.metadata().map_err(|_| unreadable(name))?.len();
        let encoding = detect(&mut file).map_err(|_| unreadable(name))?.ok_or(FileError::NotATable)?;
        let mut text = Self {
            file,
            name: name.to_owned(),
            encoding,
            decoder: None,
            input: vec![0; BLOCK],
            ended: false,
            read: 0,
            length,
        };
        text.rewind()?;
        Ok(text)
    }

    /// Begins again at the start.
    pub fn rewind(&mut self) -> Result<(), FileError> {
        self.file.seek(SeekFrom::Start(0)).map_err(|_| unreadable(&self.name))?;
        self.decoder = Some(self.encoding.new_decoder_with_bom_removal());
        self.ended = false;
        self.read = 0;
        Ok(())
    }

    /// Thousandths of the file that were read.
    pub fn share(&self) -> u32 {
        (self.read * 1000).checked_div(self.length).unwrap_or(1000).min(1000) as u32
    }

    /// The next block of text into `out`; false at the end of the file.
    pub fn block(&mut self, out: &mut String) -> Result<bool, FileError> {
        out.clear();
        if self.ended {
            return Ok(false);
        }
        let count = self.file.read(&mut self.input).map_err(|_| unreadable(&self.name))?;
        self.read += count as u64;
        self.ended = count == 0;
        let Some(decoder) = &mut self.decoder else { return Ok(false) };
        let needed = decoder.max_utf8_buffer_length(count).unwrap_or(BLOCK * 4);
        out.reserve(needed);
        let (result, _, _) = decoder.decode_to_string(&self.input[..count], out, self.ended);
        // The reserve above holds the longest output there can be.
        debug_assert!(matches!(result, CoderResult::InputEmpty));
        Ok(true)
    }
}

fn unreadable(name: &str) -> FileError {
    FileError::Unreadable { file: name.to_owned() }
}

/// None for a file with zero bytes that is no UTF-16: not a text.
fn detect(file: &mut File) -> std::io::Result<Option<&'static Encoding>> {
    let mut block = vec![0; BLOCK];
    let mut kept = 0;
    let mut first = true;
    let mut utf8 = true;
    loop {
        let count = file.read(&mut block[kept..])?;
        if count == 0 {
            // Bytes of a letter that never came: no UTF-8.
            return Ok(Some(if utf8 && kept == 0 { UTF_8 } else { WINDOWS_1258 }));
        }
        let bytes = &block[..kept + count];
        if first {
            first = false;
            if let Some((encoding, _)) = Encoding::for_bom(bytes) {
                return Ok(Some(encoding));
            }
            if let Some(encoding) = utf16_without_mark(bytes) {
                return Ok(Some(encoding));
            }
        }
        if bytes.contains(&0) {
            return Ok(None);
        }
        let mut left = 0;
        if utf8 {
            match std::str::from_utf8(bytes) {
                Ok(_) => {}
                Err(error) if error.error_len().is_none() => left = bytes.len() - error.valid_up_to(),
                Err(_) => utf8 = false,
            }
        }
        let end = bytes.len();
        block.copy_within(end - left..end, 0);
        kept = left;
    }
}

/// Text of European languages in UTF-16 has a zero in nearly every second byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.len().min(4096) / 2;
    let zeros =
        |offset: usize| bytes.iter().skip(offset).step_by(2).take(pairs).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs > 3 && odd * 10 > pairs * 4 && even * 50 < pairs {
        Some(UTF_16LE)
    } else if pairs > 3 && even * 10 > pairs * 4 && odd * 50 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}
