//! Temporary stores, each in a schema of its own on a server and removed with its handle: for tests, which run in
//! memory or, when the variable names a server, on PostgreSQL, and for benchmarks.

use super::StoreError;
use super::place::Place;
use super::postgres::{self, Address};

/// Names the server to test on; unset means in memory.
const VARIABLE: &str = "TONGDAI_TEST_POSTGRES";
/// Connections of one test's store: many tests run at once.
const POOL: usize = 4;

/// A schema of one's own.
#[derive(Debug)]
pub struct Trial {
    base: Address,
    address: Address,
    schema: String,
}

impl Trial {
    /// Makes a schema; none without a server.
    pub fn start() -> Result<Option<Self>, StoreError> {
        let Ok(url) = std::env::var(VARIABLE) else { return Ok(None) };
        let Place::Server(base) = Place::parse(&url)? else {
            return Err(StoreError::BadPlace { what: VARIABLE.to_owned() });
        };
        Self::on(base.with_pool(POOL)).map(Some)
    }

    /// Makes a schema on a server.
    pub fn on(base: Address) -> Result<Self, StoreError> {
        let schema = format!("t_{}", ulid::Ulid::generate().to_string().to_lowercase());
        postgres::create_schema(&base, &schema)?;
        let address = base.clone().in_schema(&schema);
        Ok(Self { base, address, schema })
    }

    /// Where the schema is.
    pub const fn address(&self) -> &Address {
        &self.address
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Err(error) = postgres::drop_schema(&self.base, &self.schema) {
            tracing::warn!(kind = error.kind(), "a test's schema was not removed");
        }
    }
}
