//! Deletes what nobody needs from the bucket.

use super::{BYTES, Files, SWEEP, WAITS};
use crate::error::Result;
use crate::parts::jobs::When;
use crate::{Bucket, Timestamp};

/// The number of files that are deleted in one call of the bucket.
const DELETED_AT_ONCE: u32 = 1_000;

impl Files {
    /// Deletes the files that are to be deleted, and those that belong to no item for too long.
    pub(super) async fn sweep(&self) -> Result<()> {
        let Some(bucket) = self.bucket() else { return Ok(()) };
        let expired = "UPDATE party_files SET item = 0 WHERE item IS NULL AND at <= ?";
        self.0.sql.execute(expired, (self.0.room.now() - WAITS,))?;
        loop {
            let query = "SELECT id, size FROM party_files WHERE item = 0 LIMIT ?";
            let unwanted: Vec<(String, u64)> = self.0.sql.query(query, (DELETED_AT_ONCE,))?;
            if unwanted.is_empty() {
                break;
            }
            let keys: Vec<String> = unwanted.iter().filter_map(|(id, _)| self.key(id)).collect();
            bucket.delete(&keys).await?;
            self.0.sql.transaction(|| self.forget(&unwanted))?;
        }
        let query = "SELECT min(at) FROM party_files WHERE item IS NULL";
        let (oldest,): (Option<Timestamp>,) = self.0.sql.query_one(query, ())?;
        match oldest {
            Some(at) => self.jobs()?.set(SWEEP.0, SWEEP.1, When::at(at + WAITS), &()),
            None => Ok(()),
        }
    }

    /// Forgets files that the bucket has deleted.
    fn forget(&self, deleted: &[(String, u64)]) -> Result<()> {
        for (id, _) in deleted {
            self.0.sql.execute("DELETE FROM party_files WHERE id = ?", (id,))?;
        }
        let bytes = deleted.iter().map(|(_, size)| size).sum();
        self.0.room.storage().put(BYTES, &self.bytes()?.saturating_sub(bytes))
    }
}

/// Deletes everything in a folder, if there is one.
pub(super) async fn empty(bucket: Bucket, folder: Option<String>) -> Result<()> {
    let Some(folder) = folder else { return Ok(()) };
    loop {
        let keys = bucket.list(&folder).await?;
        if keys.is_empty() {
            return Ok(());
        }
        bucket.delete(&keys).await?;
    }
}
