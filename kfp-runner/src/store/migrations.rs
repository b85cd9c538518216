//! The tables of the store, as numbered migrations from one version to the next.
//!
//! A released migration is never changed: each change of the tables is a new migration.

/// The migrations; the version of a store is the number of migrations that have been applied.
pub(super) const MIGRATIONS: [&str; 7] = [
    "
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        pipeline TEXT NOT NULL,
        version TEXT,
        digest TEXT NOT NULL,
        arguments TEXT NOT NULL,
        state TEXT NOT NULL,
        message TEXT,
        pid INTEGER NOT NULL,
        process TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER
    ) STRICT;

    CREATE TABLE tasks (
        run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        position INTEGER NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        message TEXT,
        exit_code INTEGER,
        class TEXT,
        cache_key TEXT,
        started_at INTEGER,
        ended_at INTEGER,
        PRIMARY KEY (run, path)
    ) STRICT;

    CREATE TABLE attempts (
        run TEXT NOT NULL,
        path TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        state TEXT NOT NULL,
        message TEXT,
        exit_code INTEGER,
        class TEXT,
        pid INTEGER,
        process TEXT,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        PRIMARY KEY (run, path, attempt),
        FOREIGN KEY (run, path) REFERENCES tasks (run, path) ON DELETE CASCADE
    ) STRICT;

    CREATE TABLE parameters (
        run TEXT NOT NULL,
        path TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('input', 'output')),
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (run, path, direction, name),
        FOREIGN KEY (run, path) REFERENCES tasks (run, path) ON DELETE CASCADE
    ) STRICT;

    CREATE TABLE artifacts (
        run TEXT NOT NULL,
        path TEXT NOT NULL,
        name TEXT NOT NULL,
        key TEXT NOT NULL,
        uri TEXT NOT NULL,
        type TEXT NOT NULL,
        metadata TEXT NOT NULL,
        PRIMARY KEY (run, path, name, key),
        FOREIGN KEY (run, path) REFERENCES tasks (run, path) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX artifacts_by_key ON artifacts (key);

    CREATE TABLE edges (
        run TEXT NOT NULL,
        path TEXT NOT NULL,
        input TEXT NOT NULL,
        key TEXT NOT NULL,
        PRIMARY KEY (run, path, input, key),
        FOREIGN KEY (run, path) REFERENCES tasks (run, path) ON DELETE CASCADE
    ) STRICT;

    CREATE TABLE metrics (
        run TEXT NOT NULL,
        path TEXT NOT NULL,
        artifact TEXT NOT NULL,
        name TEXT NOT NULL,
        value REAL NOT NULL,
        PRIMARY KEY (run, path, artifact, name),
        FOREIGN KEY (run, path) REFERENCES tasks (run, path) ON DELETE CASCADE
    ) STRICT;

    CREATE TABLE cache (
        key TEXT PRIMARY KEY,
        run TEXT NOT NULL,
        path TEXT NOT NULL,
        outputs TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT;
",
    "ALTER TABLE runs ADD COLUMN programs TEXT;",
    // The keys of results have changed, and files are stored by digest, so earlier results cannot be used.
    "
    DELETE FROM cache;

    CREATE TABLE cache_files (
        key TEXT NOT NULL REFERENCES cache (key) ON DELETE CASCADE,
        output TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (key, output)
    ) STRICT;
    CREATE INDEX cache_files_by_digest ON cache_files (digest);
",
    // Runs of the same pipeline share its document.
    "
    CREATE TABLE documents (
        digest TEXT PRIMARY KEY,
        document TEXT NOT NULL
    ) STRICT;
    ALTER TABLE runs ADD COLUMN document TEXT REFERENCES documents (digest);
",
    "ALTER TABLE tasks ADD COLUMN label TEXT;",
    "ALTER TABLE tasks ADD COLUMN cached_from TEXT;",
    "ALTER TABLE cache ADD COLUMN parts TEXT;",
];
