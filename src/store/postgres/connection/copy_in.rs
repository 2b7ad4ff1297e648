//! Copies many rows into one table by one `COPY … FROM STDIN BINARY`, to copy a whole store. Columns are those of the
//! schema: 64-bit integers, text, bytes.

use super::super::super::StoreError;
use super::super::super::value::{Row, Value};
use super::{Connection, within};
use futures_util::SinkExt;
use std::pin::Pin;
use tokio_postgres::CopyInSink;
use tokio_postgres::types::private::BytesMut;

/// The header of a binary copy: the signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Its trailer.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// A copy under way. Dropped before its end, it and its transaction fail.
pub struct CopyIn<'c> {
    connection: &'c mut Connection,
    sink: Pin<Box<CopyInSink<BytesMut>>>,
}

impl std::fmt::Debug for CopyIn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CopyIn").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Connection {
    /// Starts a copy. `sql` names the table and its columns.
    pub fn copy_in(&mut self, sql: &str) -> Result<CopyIn<'_>, StoreError> {
        let (statement, begin) = self.ready(sql)?;
        if let Some(begin) = begin {
            self.batch(&begin)?;
        }
        let Self { client: Some(client), runtime, deadline, .. } = &*self else { return Err(self.lost()) };
        let outcome = within(runtime, *deadline, client.copy_in(&statement));
        let sink = Box::pin(self.settle(outcome)?);
        let mut copy = CopyIn { connection: self, sink };
        copy.push(BytesMut::from(HEADER))?;
        Ok(copy)
    }
}

impl CopyIn<'_> {
    /// Sends rows.
    pub fn send(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        let mut bytes = BytesMut::new();
        for row in rows {
            bytes.extend_from_slice(&(row.0.len() as i16).to_be_bytes());
            for value in &row.0 {
                match value {
                    Value::Null => bytes.extend_from_slice(&(-1_i32).to_be_bytes()),
                    Value::Int(value) => field(&mut bytes, &value.to_be_bytes()),
                    Value::Text(text) => field(&mut bytes, text.as_bytes()),
                    Value::Blob(blob) => field(&mut bytes, blob),
                }
            }
        }
        self.push(bytes)
    }

    /// Ends the copy: the server has checked its rows, and they are part of the transaction.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.push(BytesMut::from(TRAILER.as_slice()))?;
        let outcome = within(&self.connection.runtime, self.connection.deadline, self.sink.as_mut().finish());
        self.connection.settle(outcome).map(drop)
    }

    fn push(&mut self, bytes: BytesMut) -> Result<(), StoreError> {
        let outcome = within(&self.connection.runtime, self.connection.deadline, self.sink.send(bytes));
        self.connection.settle(outcome)
    }
}

/// A field behind its length.
fn field(bytes: &mut BytesMut, value: &[u8]) {
    bytes.extend_from_slice(&(value.len() as i32).to_be_bytes());
    bytes.extend_from_slice(value);
}
