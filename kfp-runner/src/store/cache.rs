//! Cached results: what a step with the same key gave before.

use std::collections::BTreeMap;

use kfp_model::value;
use rusqlite::{OptionalExtension as _, params};
use serde_json::Value;

use super::{RunId, Store, StoreError};
use crate::clock;

impl Store {
    /// What a step with that key gave, if that is no longer ago than `max_age_seconds`.
    pub(crate) fn cached(
        &self,
        key: &str,
        max_age_seconds: u64,
    ) -> Result<Option<BTreeMap<String, Value>>, StoreError> {
        let max_age = i64::try_from(max_age_seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        let oldest = clock::now().saturating_sub(max_age);
        let text: Option<String> = self
            .connection
            .query_row(
                "SELECT outputs FROM cache WHERE key = ?1 AND created_at > ?2",
                params![key, oldest],
                |row| row.get(0),
            )
            .optional()
            .map_err(|cause| self.failed(cause))?;
        Ok(text.and_then(|text| match value::decode(&text) {
            Ok(Value::Object(outputs)) => Some(outputs.into_iter().collect()),
            _ => None,
        }))
    }

    /// Keeps what a step gave for later runs.
    pub(crate) fn keep(
        &mut self,
        key: &str,
        run: &RunId,
        path: &str,
        outputs: &BTreeMap<String, Value>,
    ) -> Result<(), StoreError> {
        let outputs = Value::Object(outputs.clone().into_iter().collect());
        self.transaction(|connection| {
            connection.execute(
                "INSERT OR REPLACE INTO cache (key, run, path, outputs, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![key, run.as_str(), path, value::encode(&outputs), clock::now()],
            )
        })?;
        Ok(())
    }
}
