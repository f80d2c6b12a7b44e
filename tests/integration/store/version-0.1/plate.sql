-- A database as version 0.1 left it (schema 5): what it refused, what two PCs did and why something waits is told in sentences. Never changes: shipped files look like this.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('clean','1');
INSERT INTO meta VALUES('device','8bc079d2-cbba-4d58-824b-2ab26729dcaa');
INSERT INTO meta VALUES('stamp','001795198140000-000002-8bc079d2-cbba-4d58-824b-2ab26729dcaa');
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
INSERT INTO events VALUES(1,'01930000-0000-7000-8000-000000000002',NULL,'document.published',1,'001795197660000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa',1795197660000,'8bc079d2-cbba-4d58-824b-2ab26729dcaa',NULL,1,'{"staff":{"id":"ana","name":"Ana"},"command":"01930000-0000-7000-8000-000000000001","data":{"name":"menu","version":1,"body":{"courses":[],"categories":[{"id":"mains","name":"Mains","route":[{"station":"grill","step":1}]}],"modifierGroups":[],"items":[{"id":"bass","name":"Bass","category":"mains","price":1850,"allergens":["fish"],"modifierGroups":[]},{"id":"ribs","name":"Ribs","category":"mains","price":1650,"allergens":[],"modifierGroups":[]}]}}}');
INSERT INTO events VALUES(2,'01930000-0000-7000-8000-000000000005',NULL,'document.published',1,'001795197780000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa',1795197780000,'8bc079d2-cbba-4d58-824b-2ab26729dcaa',NULL,1,'{"staff":{"id":"ana","name":"Ana"},"command":"01930000-0000-7000-8000-000000000004","data":{"name":"stations","version":1,"body":{"stations":[{"id":"grill","name":"Grill","warnAfter":300,"lateAfter":600}]}}}');
INSERT INTO events VALUES(3,'01930000-0000-7000-8000-000000000009','01930000-0000-7000-8000-000000000006','order.opened',1,'001795197840000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa',1795197840000,'8bc079d2-cbba-4d58-824b-2ab26729dcaa',NULL,1,'{"staff":{"id":"ana","name":"Ana"},"command":"01930000-0000-7000-8000-000000000008","data":{"number":"1","day":"2026-11-20","type":"takeaway","table":null,"covers":0,"server":{"id":"ana","name":"Ana"},"note":"","priority":"normal"}}');
INSERT INTO events VALUES(4,'01930000-0000-7000-8000-000000000010','01930000-0000-7000-8000-000000000006','item.added',1,'001795197840000-000001-8bc079d2-cbba-4d58-824b-2ab26729dcaa',1795197840000,'8bc079d2-cbba-4d58-824b-2ab26729dcaa',NULL,1,'{"staff":{"id":"ana","name":"Ana"},"command":"01930000-0000-7000-8000-000000000008","data":{"item":"01930000-0000-7000-8000-000000000007","line":{"menuItem":"ribs","name":"Ribs","price":1650,"quantity":1,"modifiers":[],"seat":null,"course":null,"note":"","allergens":[],"allergies":[]},"tasks":[{"id":"01930000-0000-7000-8000-000000000007:0","station":"grill","step":1}],"held":false}}');
INSERT INTO events VALUES(5,'01930000-0000-7000-8000-000000000012',NULL,'stock.set',1,'001795197900000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa',1795197900000,'8bc079d2-cbba-4d58-824b-2ab26729dcaa',NULL,1,'{"staff":{"id":"ana","name":"Ana"},"command":"01930000-0000-7000-8000-000000000011","data":{"menuItem":"bass","out":true}}');
INSERT INTO events VALUES(6,'01930000-0000-7000-8000-000000000020','01930000-0000-7000-8000-000000000017','order.opened',1,'001795198080000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa',1795198080000,'8bc079d2-cbba-4d58-824b-2ab26729dcaa',NULL,1,'{"staff":{"id":"ana","name":"Ana"},"command":"01930000-0000-7000-8000-000000000019","data":{"number":"2","day":"2026-11-20","type":"takeaway","table":null,"covers":0,"server":{"id":"ana","name":"Ana"},"note":"","priority":"normal"}}');
INSERT INTO events VALUES(7,'01930000-0000-7000-8000-000000000021','01930000-0000-7000-8000-000000000017','item.added',1,'001795198080000-000001-8bc079d2-cbba-4d58-824b-2ab26729dcaa',1795198080000,'8bc079d2-cbba-4d58-824b-2ab26729dcaa',NULL,1,'{"staff":{"id":"ana","name":"Ana"},"command":"01930000-0000-7000-8000-000000000019","data":{"item":"01930000-0000-7000-8000-000000000018","line":{"menuItem":"ribs","name":"Ribs","price":1650,"quantity":1,"modifiers":[],"seat":null,"course":null,"note":"","allergens":[],"allergies":[]},"tasks":[{"id":"01930000-0000-7000-8000-000000000018:0","station":"grill","step":1}],"held":false}}');
INSERT INTO events VALUES(8,'01930000-0000-7000-8000-000000000023','01930000-0000-7000-8000-000000000017','order.cancelled',1,'001795198140000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa',1795198140000,'8bc079d2-cbba-4d58-824b-2ab26729dcaa',NULL,1,'{"staff":{"id":"ana","name":"Ana"},"command":"01930000-0000-7000-8000-000000000022","data":{"reason":"guest left"}}');
INSERT INTO events VALUES(9,'01930000-0000-7000-8000-000000000024','01930000-0000-7000-8000-000000000017','order.changed',1,'001795198050000-000000-0b000000-0000-4000-8000-000000000000',1795198050000,'0b000000-0000-4000-8000-000000000000','bar',1,'{"staff":{"id":"ben","name":"Ben"},"command":"01930000-0000-7000-8000-000000000025","data":{"fields":{"note":"ring twice"}}}');
CREATE TABLE orders (
      id TEXT PRIMARY KEY,
      day TEXT,
      number TEXT,
      open INTEGER NOT NULL,
      closed_at INTEGER,
      body TEXT NOT NULL
    );
INSERT INTO orders VALUES('01930000-0000-7000-8000-000000000006','2026-11-20','1',1,NULL,'{"id":"01930000-0000-7000-8000-000000000006","fields":{},"fired":{},"items":{"01930000-0000-7000-8000-000000000007":{"id":"01930000-0000-7000-8000-000000000007","fields":{},"tasks":{},"added":{"at":1795197840000,"stamp":"001795197840000-000001-8bc079d2-cbba-4d58-824b-2ab26729dcaa","by":{"id":"ana","name":"Ana"},"line":{"menuItem":"ribs","name":"Ribs","price":1650,"quantity":1,"modifiers":[],"seat":null,"course":null,"note":"","allergens":[],"allergies":[]},"tasks":[{"id":"01930000-0000-7000-8000-000000000007:0","station":"grill","step":1}],"held":false}}},"seen":{},"top":"001795197840000-000001-8bc079d2-cbba-4d58-824b-2ab26729dcaa","opened":{"at":1795197840000,"stamp":"001795197840000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa","by":{"id":"ana","name":"Ana"},"number":"1","day":"2026-11-20","type":"takeaway","table":null,"covers":0,"server":{"id":"ana","name":"Ana"},"note":"","priority":"normal"}}');
INSERT INTO orders VALUES('01930000-0000-7000-8000-000000000017','2026-11-20','2',1,NULL,'{"id":"01930000-0000-7000-8000-000000000017","fields":{"note":[{"at":1795198050000,"stamp":"001795198050000-000000-0b000000-0000-4000-8000-000000000000","by":{"id":"ben","name":"Ben"},"value":"ring twice","notify":false}]},"fired":{},"items":{"01930000-0000-7000-8000-000000000018":{"id":"01930000-0000-7000-8000-000000000018","fields":{},"tasks":{},"added":{"at":1795198080000,"stamp":"001795198080000-000001-8bc079d2-cbba-4d58-824b-2ab26729dcaa","by":{"id":"ana","name":"Ana"},"line":{"menuItem":"ribs","name":"Ribs","price":1650,"quantity":1,"modifiers":[],"seat":null,"course":null,"note":"","allergens":[],"allergies":[]},"tasks":[{"id":"01930000-0000-7000-8000-000000000018:0","station":"grill","step":1}],"held":false}}},"seen":{},"top":"001795198140000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa","opened":{"at":1795198080000,"stamp":"001795198080000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa","by":{"id":"ana","name":"Ana"},"number":"2","day":"2026-11-20","type":"takeaway","table":null,"covers":0,"server":{"id":"ana","name":"Ana"},"note":"","priority":"normal"},"cancelled":{"at":1795198140000,"stamp":"001795198140000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa","by":{"id":"ana","name":"Ana"},"reason":"guest left"}}');
CREATE TABLE documents (name TEXT PRIMARY KEY, version INTEGER NOT NULL, stamp TEXT NOT NULL, body TEXT NOT NULL);
INSERT INTO documents VALUES('menu',1,'001795197660000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa','{"courses":[],"categories":[{"id":"mains","name":"Mains","route":[{"station":"grill","step":1}]}],"modifierGroups":[],"items":[{"id":"bass","name":"Bass","category":"mains","price":1850,"allergens":["fish"],"modifierGroups":[]},{"id":"ribs","name":"Ribs","category":"mains","price":1650,"allergens":[],"modifierGroups":[]}]}');
INSERT INTO documents VALUES('stations',1,'001795197780000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa','{"stations":[{"id":"grill","name":"Grill","warnAfter":300,"lateAfter":600}]}');
CREATE TABLE stock (menu_item TEXT PRIMARY KEY, out INTEGER NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO stock VALUES('bass',1,'001795197900000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa');
CREATE TABLE counters (day TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counters VALUES('2026-11-20',3);
CREATE TABLE cursors (peer TEXT PRIMARY KEY, seq INTEGER NOT NULL, event TEXT) WITHOUT ROWID;
INSERT INTO cursors VALUES('bar',7,NULL);
CREATE TABLE receipts (command TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000001',1795197660000,'{"ok":true,"value":{"version":1}}');
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000003',1795197720000,'{"ok":false,"error":{"code":"invalid","message":"✖ Invalid input\n  → at stations[0].warnAfter\n✖ Invalid input\n  → at stations[0].lateAfter","at":"body"}}');
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000004',1795197780000,'{"ok":true,"value":{"version":1}}');
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000008',1795197840000,'{"ok":true,"value":{"order":"01930000-0000-7000-8000-000000000006","number":"1"}}');
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000011',1795197900000,'{"ok":true,"value":{}}');
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000015',1795197960000,'{"ok":false,"error":{"code":"soldOut","message":"Bass is 86: it has run out. Choose another dish.","at":"items.01930000-0000-7000-8000-000000000014"}}');
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000016',1795198020000,'{"ok":false,"error":{"code":"notAllowed","message":"Your role may not do this (voidItem). Ask a manager."}}');
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000019',1795198080000,'{"ok":true,"value":{"order":"01930000-0000-7000-8000-000000000017","number":"2"}}');
INSERT INTO receipts VALUES('01930000-0000-7000-8000-000000000022',1795198140000,'{"ok":true,"value":{}}');
CREATE TABLE audit (row INTEGER PRIMARY KEY, at INTEGER NOT NULL, order_id TEXT, body TEXT NOT NULL);
INSERT INTO audit VALUES(1,1795197660000,NULL,'{"command":"01930000-0000-7000-8000-000000000001","name":"publishDocument","number":null,"staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"ok","message":"","args":"{\"name\":\"menu\",\"base\":0}"}');
INSERT INTO audit VALUES(2,1795197720000,NULL,'{"command":"01930000-0000-7000-8000-000000000003","name":"publishDocument","number":null,"staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"invalid","message":"✖ Invalid input\n  → at stations[0].warnAfter\n✖ Invalid input\n  → at stations[0].lateAfter","args":"{\"name\":\"stations\",\"base\":0}"}');
INSERT INTO audit VALUES(3,1795197780000,NULL,'{"command":"01930000-0000-7000-8000-000000000004","name":"publishDocument","number":null,"staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"ok","message":"","args":"{\"name\":\"stations\",\"base\":0}"}');
INSERT INTO audit VALUES(4,1795197840000,'01930000-0000-7000-8000-000000000006','{"command":"01930000-0000-7000-8000-000000000008","name":"placeOrder","number":"1","staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"ok","message":"","args":"{\"order\":\"01930000-0000-7000-8000-000000000006\",\"type\":\"takeaway\",\"items\":[{\"id\":\"01930000-0000-7000-8000-000000000007\",\"menuItem\":\"ribs\",\"quantity\":1}]}"}');
INSERT INTO audit VALUES(5,1795197900000,NULL,'{"command":"01930000-0000-7000-8000-000000000011","name":"setStock","number":null,"staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"ok","message":"","args":"{\"menuItem\":\"bass\",\"out\":true}"}');
INSERT INTO audit VALUES(6,1795197960000,'01930000-0000-7000-8000-000000000013','{"command":"01930000-0000-7000-8000-000000000015","name":"placeOrder","number":null,"staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"soldOut","message":"Bass is 86: it has run out. Choose another dish.","args":"{\"order\":\"01930000-0000-7000-8000-000000000013\",\"type\":\"takeaway\",\"items\":[{\"id\":\"01930000-0000-7000-8000-000000000014\",\"menuItem\":\"bass\",\"quantity\":1}]}"}');
INSERT INTO audit VALUES(7,1795198020000,'01930000-0000-7000-8000-000000000006','{"command":"01930000-0000-7000-8000-000000000016","name":"voidItem","number":"1","staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"notAllowed","message":"Your role may not do this (voidItem). Ask a manager.","args":"{\"order\":\"01930000-0000-7000-8000-000000000006\",\"item\":\"01930000-0000-7000-8000-000000000007\",\"reason\":\"x\"}"}');
INSERT INTO audit VALUES(8,1795198080000,'01930000-0000-7000-8000-000000000017','{"command":"01930000-0000-7000-8000-000000000019","name":"placeOrder","number":"2","staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"ok","message":"","args":"{\"order\":\"01930000-0000-7000-8000-000000000017\",\"type\":\"takeaway\",\"items\":[{\"id\":\"01930000-0000-7000-8000-000000000018\",\"menuItem\":\"ribs\",\"quantity\":1}]}"}');
INSERT INTO audit VALUES(9,1795198140000,'01930000-0000-7000-8000-000000000017','{"command":"01930000-0000-7000-8000-000000000022","name":"cancelOrder","number":"2","staff":{"id":"ana","name":"Ana"},"device":{"id":"console","name":"Console"},"outcome":"ok","message":"","args":"{\"order\":\"01930000-0000-7000-8000-000000000017\",\"reason\":\"guest left\"}"}');
INSERT INTO audit VALUES(10,1795198140000,'01930000-0000-7000-8000-000000000017','{"command":"01930000-0000-7000-8000-000000000024","name":"merge","number":"2","staff":{"id":"ben","name":"Ben"},"device":{"id":"0b000000-0000-4000-8000-000000000000","name":"Bar"},"outcome":"ok","message":"Ben (Bar, 20 Nov, 18:07) changed the order; Ana (Till, 20 Nov, 18:09) cancelled the order (guest left). The two met only later: the order stays cancelled.","args":"{\"kind\":\"cancelled\",\"fact\":\"the order\",\"won\":\"known\",\"known\":\"001795198140000-000000-8bc079d2-cbba-4d58-824b-2ab26729dcaa\",\"news\":\"001795198050000-000000-0b000000-0000-4000-8000-000000000000\",\"command\":\"01930000-0000-7000-8000-000000000025\"}"}');
CREATE TABLE devices (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE peers (device TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE journaled (device TEXT PRIMARY KEY, upto INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO journaled VALUES('8bc079d2-cbba-4d58-824b-2ab26729dcaa',11);
CREATE TABLE parked (seq INTEGER PRIMARY KEY, lane TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL);
INSERT INTO parked VALUES(3,'01930000-0000-7000-8000-000000000006','invalid','The cloud cannot read a change. Update Plate on this PC, then choose "Send again".',1795198140000);
INSERT INTO parked VALUES(4,'01930000-0000-7000-8000-000000000006','invalid','The cloud cannot read a change. Update Plate on this PC, then choose "Send again".',1795198140000);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('meta','meta','2 1');
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat4 VALUES('meta','meta','1','0','0',X'0217636c65616e');
INSERT INTO sqlite_stat4 VALUES('meta','meta','1','1','1',X'0219646576696365');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('events',9);
CREATE INDEX events_waiting ON events (seq) WHERE applied = 0;
CREATE INDEX orders_open ON orders (id) WHERE open = 1;
CREATE INDEX orders_closed ON orders (closed_at) WHERE open = 0;
CREATE INDEX orders_day ON orders (day);
CREATE INDEX receipts_at ON receipts (at);
CREATE INDEX audit_order ON audit (order_id, row) WHERE order_id IS NOT NULL;
CREATE INDEX parked_lane ON parked (lane, seq);
CREATE INDEX audit_notes ON audit (row) WHERE json_extract(body, '$.name') IN ('merge', 'peerRemoved', 'cloudRefused', 'cloudRetry', 'cloudWithdraw');
COMMIT;
PRAGMA application_id = 1347174740;
PRAGMA user_version = 5;
