"""The ledger's tables, and the steps that bring an older file up to date."""

from __future__ import annotations

import sqlite3

# For `history`, which looks at all profiles at once.
BY_TIME_ALONE = "CREATE INDEX tasks_by_time_alone ON tasks (created_at)"

# Migration n brings a file from version n to n + 1; they are only ever added to.
MIGRATIONS = (
    """
    CREATE TABLE tasks (
        row         INTEGER PRIMARY KEY,
        id          TEXT UNIQUE,
        kind        TEXT NOT NULL,
        profile     TEXT NOT NULL,
        model       TEXT,
        prompt      TEXT,
        status      TEXT NOT NULL,
        request     TEXT NOT NULL,
        output      TEXT,
        facts       TEXT NOT NULL DEFAULT '{}',
        estimate    TEXT,
        cost        TEXT,
        error       TEXT,
        request_id  TEXT,
        created_at  REAL NOT NULL,
        finished_at REAL
    );
    CREATE INDEX tasks_by_time ON tasks (profile, created_at);
    CREATE TABLE files (
        task_row INTEGER NOT NULL REFERENCES tasks (row),
        path     TEXT NOT NULL,
        role     TEXT NOT NULL,
        bytes    INTEGER NOT NULL,
        sha256   TEXT NOT NULL,
        facts    TEXT NOT NULL DEFAULT '{}',
        saved_at REAL NOT NULL,
        UNIQUE (task_row, path)
    );
    """,
    """
    CREATE TABLE chains (
        id         TEXT PRIMARY KEY,
        profile    TEXT NOT NULL,
        plan       TEXT NOT NULL,
        created_at REAL NOT NULL
    );
    ALTER TABLE tasks ADD COLUMN chain TEXT;
    ALTER TABLE tasks ADD COLUMN step INTEGER;
    CREATE INDEX tasks_by_chain ON tasks (chain, step);
    """,
    "ALTER TABLE tasks ADD COLUMN lost_at REAL",
    """
    ALTER TABLE tasks ADD COLUMN missing_at REAL;
    ALTER TABLE tasks ADD COLUMN removed_at REAL;
    """,
    """
    CREATE TABLE pictures (
        task_row   INTEGER NOT NULL REFERENCES tasks (row),
        place      INTEGER NOT NULL,
        url        TEXT,
        kept       TEXT,
        layer      TEXT,
        expires_at REAL,
        saved_at   REAL,
        PRIMARY KEY (task_row, place)
    );
    """,
    """
    ALTER TABLE tasks ADD COLUMN batch TEXT;
    ALTER TABLE tasks ADD COLUMN name TEXT;
    ALTER TABLE tasks ADD COLUMN key TEXT;
    CREATE INDEX tasks_by_key ON tasks (key) WHERE key IS NOT NULL;
    CREATE INDEX tasks_by_batch ON tasks (batch) WHERE batch IS NOT NULL;
    """,
    BY_TIME_ALONE,
)


def migrate(connection: sqlite3.Connection) -> bool:
    """Bring the file up to date; False leaves one of a newer release as it is, to be read only."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version >= len(MIGRATIONS):
        return bool(version == len(MIGRATIONS))
    # Two first runs at once: the lock lets one migrate, and the other then finds it done.
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for migration in MIGRATIONS[version:]:
        for statement in migration.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.execute("COMMIT")
    return True
