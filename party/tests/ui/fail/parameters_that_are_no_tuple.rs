// One parameter of a statement is a tuple too.
use party::{Result, Sql};

pub fn forget(sql: &Sql, id: &str) -> Result<()> {
    sql.execute("DELETE FROM messages WHERE id = ?", id)
}

fn main() {}
