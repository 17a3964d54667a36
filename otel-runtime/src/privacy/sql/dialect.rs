//! How does a database read quotes and comments?

/// The ways in which one reading differs from the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect(u16);

/// `"x"` is a text, and not a name.
pub(super) const DOUBLE_IS_TEXT: u16 = 1;
/// A backslash in a text takes the next character's meaning.
pub(super) const BACKSLASH: u16 = 1 << 1;
/// It does in `E'x'`.
pub(super) const E_TEXT: u16 = 1 << 2;
/// `$tag$x$tag$` is a text.
pub(super) const DOLLAR: u16 = 1 << 3;
/// `` `x` `` is a name.
pub(super) const BACKTICK: u16 = 1 << 4;
/// `[x]` is a name.
pub(super) const BRACKET: u16 = 1 << 5;
/// `#` begins a comment.
pub(super) const HASH: u16 = 1 << 6;
/// A comment may stand in a comment.
pub(super) const NESTED: u16 = 1 << 7;
/// `--` begins a comment only before a space.
pub(super) const DASH_SPACE: u16 = 1 << 8;
/// `q'[x]'` is a text.
pub(super) const Q_TEXT: u16 = 1 << 9;
/// A text before a `:` is a key and no value.
pub(super) const KEYS: u16 = 1 << 10;
/// `'''x'''` and `"""x"""` are texts.
pub(super) const TRIPLE: u16 = 1 << 11;

impl Dialect {
    pub(super) const fn has(self, way: u16) -> bool {
        self.0 & way != 0
    }
}

const POSTGRES: Dialect = Dialect(E_TEXT | DOLLAR | NESTED);
const MYSQL: Dialect = Dialect(DOUBLE_IS_TEXT | BACKSLASH | BACKTICK | HASH | DASH_SPACE);
const SQL_SERVER: Dialect = Dialect(BRACKET | NESTED);
const ORACLE: Dialect = Dialect(Q_TEXT);
/// Takes `"x"` for a text where no column has this name.
const SQLITE: Dialect = Dialect(DOUBLE_IS_TEXT | BACKTICK | BRACKET);
const CLICKHOUSE: Dialect = Dialect(BACKSLASH | BACKTICK | HASH | NESTED | DOLLAR);
const SNOWFLAKE: Dialect = Dialect(BACKSLASH | DOLLAR);
const SPARK: Dialect = Dialect(DOUBLE_IS_TEXT | BACKSLASH | BACKTICK | HASH | TRIPLE);

pub(super) const JSON: Dialect = Dialect(DOUBLE_IS_TEXT | BACKSLASH | KEYS);

/// By `db.system.name`, and by what it was called before the conventions were stable. Several readings where it is
/// not known: what one of them takes for a literal is one.
pub(super) fn of(system: Option<&str>) -> &'static [Dialect] {
    match system.unwrap_or_default() {
        "postgresql" | "postgres" | "cockroachdb" | "cassandra" | "h2database" | "h2"
        | "hsqldb" | "derby" | "ibm.db2" | "db2" | "sap.hana" | "hanadb" | "trino" | "duckdb"
        | "teradata" | "vertica" | "greenplum" => &[POSTGRES],
        "mysql" | "mariadb" => &[MYSQL],
        "microsoft.sql_server" | "mssql" | "mssqlcompact" => &[SQL_SERVER],
        "oracle.db" | "oracle" => &[ORACLE],
        "sqlite" => &[SQLITE],
        "clickhouse" => &[CLICKHOUSE],
        "snowflake" | "aws.redshift" | "redshift" => &[SNOWFLAKE],
        "gcp.spanner" | "spanner" | "gcp.bigquery" | "bigquery" | "spark" | "hive"
        | "databricks" | "neo4j" => &[SPARK],
        _ => &[POSTGRES, MYSQL, SQL_SERVER, ORACLE, SPARK],
    }
}
