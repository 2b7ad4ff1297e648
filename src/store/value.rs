//! Values that both engines hold — 64-bit integers, text, bytes, nothing — and rows of them.

use super::error::StoreError;
use crate::domain::id::{
    AppointmentId, BatchId, CallId, CaseId, CustomerId, DoctorId, LeadId, ListId, MatterId, RegistrationId,
    ShiftId, SmsId, StaffId, TaskId,
};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;

/// A value on its way into or out of the store. Booleans are 0 and 1, times epoch milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.ms())
    }
}

impl From<&StaffId> for Value {
    fn from(value: &StaffId) -> Self {
        Self::Text(value.0.clone())
    }
}

impl From<PhoneNumber> for Value {
    fn from(value: PhoneNumber) -> Self {
        Self::Int(value.digits())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! id_values {
    ($($name:ident),* $(,)?) => {$(
        impl From<$name> for Value {
            fn from(id: $name) -> Self {
                Self::Int(id.0)
            }
        }
    )*};
}

id_values!(
    AppointmentId,
    BatchId,
    CallId,
    CaseId,
    CustomerId,
    DoctorId,
    LeadId,
    ListId,
    MatterId,
    RegistrationId,
    ShiftId,
    SmsId,
    TaskId
);

/// A slice of [`Value`]s from anything that converts: `args![phone, name, now]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Value::from($value)),*] as &[$crate::store::Value] };
}

/// The end of an audit chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// Number of the last row; 0 before the first.
    pub seq: i64,
    /// Its hash; zeros before the first.
    pub hash: [u8; 32],
}

/// One row, by column number from 0. A column of another type than asked for is a broken promise of the schema
/// and becomes an internal error, never a panic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    fn mismatch(&self, column: usize, wanted: &str) -> StoreError {
        StoreError::internal(&format!("column {column} of {} is no {wanted}", self.0.len()))
    }

    /// An integer.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        match self.0.get(column) {
            Some(Value::Int(value)) => Ok(*value),
            _ => Err(self.mismatch(column, "integer")),
        }
    }

    /// An integer or nothing.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Int(value)) => Ok(Some(*value)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.mismatch(column, "integer or null")),
        }
    }

    /// 0 or 1.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(value)) => Ok(value.clone()),
            _ => Err(self.mismatch(column, "text")),
        }
    }

    /// Text or nothing.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(value)) => Ok(Some(value.clone())),
            Some(Value::Null) => Ok(None),
            _ => Err(self.mismatch(column, "text or null")),
        }
    }

    /// Bytes.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        match self.0.get(column) {
            Some(Value::Blob(value)) => Ok(value.clone()),
            _ => Err(self.mismatch(column, "blob")),
        }
    }

    /// An instant.
    pub fn time(&self, column: usize) -> Result<Timestamp, StoreError> {
        self.int(column).map(Timestamp)
    }

    /// An instant or nothing.
    pub fn opt_time(&self, column: usize) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int(column)?.map(Timestamp))
    }

    /// A phone number.
    pub fn phone(&self, column: usize) -> Result<PhoneNumber, StoreError> {
        PhoneNumber::from_digits(self.int(column)?).ok_or_else(|| self.mismatch(column, "phone number"))
    }

    /// A public code, read by `parse`.
    pub fn code<T>(&self, column: usize, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(value)) => parse(value).ok_or_else(|| self.mismatch(column, "known code")),
            _ => Err(self.mismatch(column, "code")),
        }
    }

    /// A public code or nothing.
    pub fn opt_code<T>(
        &self,
        column: usize,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.code(column, parse).map(Some),
        }
    }
}
