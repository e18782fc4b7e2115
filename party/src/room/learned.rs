//! A cache of data from the database. It is valid until a transaction is rolled back, which may have changed it.

use std::cell::RefCell;

use crate::error::Result;
use crate::room::sql::Sql;

/// A value that was learned from the database.
///
/// A part that may be opened several times keeps one [for each room](crate::Room::shared).
pub(crate) struct Learned<T>(RefCell<Option<Known<T>>>);

struct Known<T> {
    value: T,
    /// The number of transactions that had been rolled back by then.
    undone: u64,
}

impl<T> Learned<T> {
    /// Calls `ask` with the value, which is loaded first if it is not known or no longer valid.
    pub(crate) fn ask<A>(
        &self,
        sql: &Sql,
        learn: impl FnOnce() -> Result<T>,
        ask: impl FnOnce(&T) -> A,
    ) -> Result<A> {
        // Taken out meanwhile: nothing is borrowed while anything else runs.
        let value = match self.take(sql) {
            Some(value) => value,
            None => learn()?,
        };
        let answer = ask(&value);
        self.set(sql, value);
        Ok(answer)
    }

    /// Calls `change` with the value, which is loaded first if it is not known or no longer valid. After an error it is
    /// no longer known.
    #[cfg(feature = "document")]
    pub(crate) fn change<A>(
        &self,
        sql: &Sql,
        learn: impl FnOnce() -> Result<T>,
        change: impl FnOnce(&mut T) -> Result<A>,
    ) -> Result<A> {
        let mut value = match self.take(sql) {
            Some(value) => value,
            None => learn()?,
        };
        let answer = change(&mut value)?;
        self.set(sql, value);
        Ok(answer)
    }

    /// Changes the value as the database has been changed. One that is not known is learned when it is asked for.
    pub(crate) fn update(&self, sql: &Sql, change: impl FnOnce(&mut T)) {
        if let Some(mut value) = self.take(sql) {
            change(&mut value);
            self.set(sql, value);
        }
    }

    /// Sets the value.
    pub(crate) fn set(&self, sql: &Sql, value: T) {
        self.0.replace(Some(Known { value, undone: sql.undone() }));
    }

    /// Forgets the value, which may have changed.
    pub(crate) fn forget(&self) {
        self.0.replace(None);
    }

    fn take(&self, sql: &Sql) -> Option<T> {
        let known = self.0.take()?;
        (known.undone == sql.undone()).then_some(known.value)
    }
}

impl<T: Copy> Learned<T> {
    /// Returns the value, if it holds.
    pub(crate) fn get(&self, sql: &Sql) -> Option<T> {
        let value = self.take(sql)?;
        self.set(sql, value);
        Some(value)
    }
}

impl<T> Default for Learned<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}
