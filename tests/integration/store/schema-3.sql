-- A database as schema 3 left it, with one open order, a paired screen and a peer. Never changes: shipped files look like this.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
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
CREATE TABLE devices (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE peers (device TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE journaled (device TEXT PRIMARY KEY, upto INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE parked (seq INTEGER PRIMARY KEY, lane TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX parked_lane ON parked (lane, seq);
PRAGMA application_id = 1347174740;
PRAGMA user_version = 3;
INSERT INTO meta VALUES ('clean', '1'), ('device', '0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d'), ('letter', 'A'), ('stamp', '001795173600000-000001-0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d');
INSERT INTO events (id, order_id, kind, v, stamp, at, device, source, applied, body) VALUES
  ('01931a00-0000-7000-8000-000000000001', '01931a00-0000-7000-8000-0000000000aa', 'order.opened', 1, '001795173600000-000000-0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d', 1795173600000, '0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d', NULL, 1,
   '{"staff":null,"command":"01931a00-0000-7000-8000-0000000000c1","data":{"number":"A7","day":"2026-11-20","type":"takeaway","table":null,"covers":0,"server":null,"note":"","priority":"normal"}}'),
  ('01931a00-0000-7000-8000-000000000002', '01931a00-0000-7000-8000-0000000000aa', 'order.changed', 1, '001795173600000-000001-0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d', 1795173600000, '0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d', NULL, 1,
   '{"staff":null,"command":"01931a00-0000-7000-8000-0000000000c2","data":{"fields":{"note":"ring twice"}}}');
INSERT INTO orders VALUES ('01931a00-0000-7000-8000-0000000000aa', '2026-11-20', 'A7', 1, NULL,
   '{"id":"01931a00-0000-7000-8000-0000000000aa","opened":{"at":1795173600000,"stamp":"001795173600000-000000-0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d","by":null,"number":"A7","day":"2026-11-20","type":"takeaway","table":null,"covers":0,"server":null,"note":"","priority":"normal"},"fields":{"note":[{"at":1795173600000,"stamp":"001795173600000-000001-0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d","by":null,"value":"ring twice","notify":false}]},"fired":{},"items":{},"seen":{},"top":"001795173600000-000001-0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d"}');
INSERT INTO devices VALUES ('0193-grill', '{"id":"0193-grill","name":"Grill","kind":"kitchen","station":"grill","tokenHash":"h","pairedAt":1795173600000,"lastSeen":null,"revokedAt":null,"version":null}');
INSERT INTO peers VALUES ('0193-bar', '{"device":"0193-bar","name":"Bar","url":"wss://bar:7443","token":"t","fingerprint":"f"}');
INSERT INTO journaled VALUES ('0a6f6dd1-8d5c-4b7c-9a55-0d3c2a4b5c6d', 4);
INSERT INTO cursors VALUES ('0193-bar', 12);
