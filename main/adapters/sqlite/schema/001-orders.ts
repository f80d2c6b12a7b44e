/** @file Schema 1: the log, the orders as merged from it, documents, receipts and the audit trail. Changes the database it is given. */
import type { Database } from 'better-sqlite3'

/** Creates everything an order needs. */
export function orders(db: Database): void {
  db.exec(`
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    -- body: what the columns do not say, as JSON. applied = 0: of a later version, kept raw.
    CREATE TABLE events (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      order_id TEXT,
      kind TEXT NOT NULL,
      v INTEGER NOT NULL,
      stamp TEXT NOT NULL,
      at INTEGER NOT NULL,
      device TEXT NOT NULL,
      source TEXT,
      applied INTEGER NOT NULL,
      body TEXT NOT NULL
    );
    CREATE INDEX events_waiting ON events (seq) WHERE applied = 0;

    CREATE TABLE orders (
      id TEXT PRIMARY KEY,
      day TEXT,
      number TEXT,
      open INTEGER NOT NULL,
      closed_at INTEGER,
      body TEXT NOT NULL
    );
    CREATE INDEX orders_open ON orders (id) WHERE open = 1;
    CREATE INDEX orders_closed ON orders (closed_at) WHERE open = 0;
    CREATE INDEX orders_day ON orders (day);

    CREATE TABLE documents (name TEXT PRIMARY KEY, version INTEGER NOT NULL, stamp TEXT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE stock (menu_item TEXT PRIMARY KEY, out INTEGER NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE counters (day TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE cursors (peer TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;

    CREATE TABLE receipts (command TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE INDEX receipts_at ON receipts (at);

    CREATE TABLE audit (row INTEGER PRIMARY KEY, at INTEGER NOT NULL, order_id TEXT, body TEXT NOT NULL);
    CREATE INDEX audit_order ON audit (order_id, row) WHERE order_id IS NOT NULL;
  `)
}
