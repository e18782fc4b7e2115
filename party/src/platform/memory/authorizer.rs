//! The permissions of a room's own statements, by the rules of the platform: `isAuthorized` and `setupSecurity` in
//! [workerd](https://github.com/cloudflare/workerd/blob/main/src/workerd/util/sqlite.c%2B%2B).
//!
//! `tests/conformance/database.json` holds both platforms to each rule.

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext};
use rusqlite::limits::Limit;

/// The limits of a statement and of what it reads and writes
/// ([limits](https://developers.cloudflare.com/durable-objects/platform/limits/)).
///
/// A text, a blob or a row has at most 2 MB: that is what the platform promises. A local workerd lets through more.
const LIMITS: &[(Limit, i32)] = &[
    (Limit::SQLITE_LIMIT_LENGTH, 2_000_000),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_COLUMN, 100),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 5),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 127),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// The functions that a statement may call, in the order of their names.
const FUNCTIONS: &[&str] = &[
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "bm25",
    "ceil",
    "changes",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "highlight",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_each",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_patch",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_tree",
    "json_type",
    "json_valid",
    "jsonb",
    "jsonb_array",
    "jsonb_extract",
    "jsonb_group_array",
    "jsonb_group_object",
    "jsonb_insert",
    "jsonb_object",
    "jsonb_patch",
    "jsonb_remove",
    "jsonb_replace",
    "jsonb_set",
    "julianday",
    "lag",
    "last_insert_rowid",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log2",
    "lower",
    "ltrim",
    "match",
    "max",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "pi",
    "pow",
    "printf",
    "quote",
    "radians",
    "random",
    "randomblob",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtreecheck",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "snippet",
    "sqlite_drop_column",
    "sqlite_rename_column",
    "sqlite_rename_quotefix",
    "sqlite_rename_table",
    "sqlite_rename_test",
    "sqrt",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "tan",
    "tanh",
    "time",
    "timediff",
    "total",
    "total_changes",
    "trim",
    "trunc",
    "typeof",
    "unhex",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
    "zeroblob",
];

/// The kinds of virtual tables that a room can create.
const MODULES: &[&str] = &["fts5", "fts5vocab", "rtree", "rtree_i32"];

/// Tables of the embedded SQLite that the platform does not have. (`sqlite_stat4` is another, without which it could
/// not `ANALYZE`.)
const MISSING_TABLES: &[&str] = &["dbstat"];

/// The argument of a pragma.
enum Argument {
    None,
    Boolean,
    Name,
    NameOrNone,
    NumberOrNone,
    NameNumberOrNone,
    Any,
}

/// Sets the limits and the safety switches of a connection.
pub(super) fn restrict(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    for (limit, value) in LIMITS {
        connection.set_limit(*limit, *value)?;
    }
    Ok(())
}

/// Returns whether a room's own statement may do this.
pub(super) fn allows(context: &AuthContext<'_>) -> bool {
    use AuthAction as A;
    let database = match context.action {
        // What SQLite names beside the table is then a column.
        A::AlterTable { database_name, .. } => Some(database_name),
        _ => context.database_name,
    };
    match database {
        Some("main") | None => {}
        // Nothing can be created there.
        Some("temp") => {
            return matches!(context.action, A::Read { table_name, .. } | A::Update { table_name, .. } if is_free(table_name));
        }
        Some(_) => return false,
    }
    match context.action {
        A::Select | A::Recursive => true,
        A::Read { table_name, .. } => is_free(table_name) && !MISSING_TABLES.contains(&table_name),
        A::Update { table_name, .. }
        | A::Insert { table_name }
        | A::Delete { table_name }
        | A::CreateTable { table_name }
        | A::DropTable { table_name }
        | A::AlterTable { table_name, .. }
        | A::Analyze { table_name } => is_free(table_name),
        A::CreateView { view_name } | A::DropView { view_name } => is_free(view_name),
        A::Reindex { index_name } => is_free(index_name),
        A::CreateIndex { index_name: name, table_name }
        | A::DropIndex { index_name: name, table_name }
        | A::CreateTrigger { trigger_name: name, table_name }
        | A::DropTrigger { trigger_name: name, table_name } => is_free(name) && is_free(table_name),
        A::CreateVtable { table_name, module_name } | A::DropVtable { table_name, module_name } => {
            is_free(table_name) && MODULES.iter().any(|module| module.eq_ignore_ascii_case(module_name))
        }
        A::Function { function_name } => {
            FUNCTIONS.binary_search(&function_name.to_ascii_lowercase().as_str()).is_ok()
        }
        A::Pragma { pragma_name, pragma_value } => allows_pragma(pragma_name, pragma_value),
        // Transactions are the platform's, through `transactionSync`. The rest concerns temporary or other databases.
        _ => false,
    }
}

fn allows_pragma(name: &str, value: Option<&str>) -> bool {
    let argument = match name {
        "data_version" | "page_size" => Argument::None,
        "case_sensitive_like"
        | "defer_foreign_keys"
        | "foreign_keys"
        | "ignore_check_constraints"
        | "legacy_alter_table"
        | "recursive_triggers"
        | "reverse_unordered_selects" => Argument::Boolean,
        "foreign_key_list" | "index_info" | "index_list" | "index_xinfo" | "table_info" | "table_xinfo" => {
            Argument::Name
        }
        "foreign_key_check" => Argument::NameOrNone,
        "optimize" => Argument::NumberOrNone,
        "quick_check" => Argument::NameNumberOrNone,
        "table_list" => Argument::Any,
        _ => return false,
    };
    match (argument, value) {
        (Argument::Name, None) => false,
        (_, None) | (Argument::Any, _) => true,
        (Argument::None, Some(_)) => false,
        (Argument::Boolean, Some(value)) => is_boolean(value),
        (Argument::NumberOrNone, Some(value)) => is_number(value),
        (Argument::NameNumberOrNone, Some(value)) => is_number(value) || is_free(value),
        (Argument::Name | Argument::NameOrNone, Some(value)) => is_free(value),
    }
}

/// Returns whether a name is not one of the platform's own.
pub(super) fn is_free(name: &str) -> bool {
    !name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("_cf_"))
}

/// Returns whether a value is a boolean. As on the platform, only its first letters count.
fn is_boolean(value: &str) -> bool {
    let value = value.trim_matches(['\'', '"']).to_ascii_lowercase();
    ["true", "false", "yes", "no", "on", "off", "1", "0"].iter().any(|word| value.starts_with(word))
}

fn is_number(value: &str) -> bool {
    let value = value.strip_prefix(['-', '+']).unwrap_or(value);
    value.bytes().next().is_some_and(|first| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_are_in_order() {
        assert!(FUNCTIONS.is_sorted());
    }

    #[test]
    fn names_of_the_platform_are_told_from_names_that_only_contain_its_prefix() {
        assert!(["_cf_KV", "_CF_kv", "_cf_"].iter().all(|name| !is_free(name)));
        assert!(["", "_cf", "party_cf_x", "é_cf_", "cf_"].iter().all(|name| is_free(name)));
    }
}
