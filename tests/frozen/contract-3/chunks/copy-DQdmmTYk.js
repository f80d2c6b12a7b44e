import{i as e,n as t,t as n}from"./errors-NYSSIqu3.js";import{closeSync as r,mkdirSync as i,openSync as a,readSync as o,rmSync as s,statSync as c}from"node:fs";import l from"node:path";import u from"better-sqlite3";function d(e){e.exec(`
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
  `)}function f(e){e.exec(`
    CREATE TABLE devices (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE peers (device TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE journaled (device TEXT PRIMARY KEY, upto INTEGER NOT NULL) WITHOUT ROWID;
  `)}function p(e){e.exec(`
    CREATE TABLE parked (seq INTEGER PRIMARY KEY, lane TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE INDEX parked_lane ON parked (lane, seq);
  `)}function m(e){e.exec(`ALTER TABLE cursors ADD COLUMN event TEXT`)}var h=`json_extract(body, '$.name') IN ('merge', 'peerRemoved', 'cloudRefused', 'cloudRetry', 'cloudWithdraw')`;function g(e){e.exec(`CREATE INDEX audit_notes ON audit (row) WHERE ${h}`)}function _(e){e.exec(`
    ALTER TABLE parked RENAME COLUMN message TO says;
    UPDATE parked SET says = json_object('code', 'cloud.saidBefore', 'params', json_object('text', says));
  `)}function v(e){e.exec(`
    CREATE INDEX events_in_part ON events (seq) WHERE applied = 2;
    CREATE TABLE garbage (row INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, source TEXT NOT NULL, raw TEXT NOT NULL);
  `)}var y=1347174740,b=[d,f,p,m,g,_,v],x=b.length;function S(e){return e.pragma(`user_version`,{simple:!0})}function C(e,t=b){for(let n=S(e);n<t.length;n++)e.transaction(()=>{t[n]?.(e),e.pragma(`application_id = ${y}`),e.pragma(`user_version = ${n+1}`)}).immediate()}var w=100,T=`SQLite format 3\0`,E=16,D=60,O=68;function k(e){i(e,{recursive:!0,mode:448})}function A(e){k(l.dirname(e)),r(a(e,`a`,384))}function j(e){let t=Buffer.alloc(w),n=a(e,`r`);try{return t.subarray(0,o(n,t,0,w,0))}finally{r(n)}}function M(t){let r=j(t);if(r.length===0)return`missing`;if(r.length<w||r.toString(`latin1`,0,16)!==T)return`damaged`;let i=r.readUInt32BE(O);if(i!==1347174740&&(i!==0||N(t,r)))throw new n(`storeTooNew`,e(`store.otherProgram`,{file:t}));return P(t,r.readUInt32BE(D)),`ours`}function N(e,t){let n=t.readUInt16BE(E);return(c(`${e}-wal`,{throwIfNoEntry:!1})?.size??0)===0&&c(e).size>n}function P(t,r){if(!(r<=x))throw new n(`storeTooNew`,e(`store.newerSchema`,{schema:r,known:x,file:t}))}function F(e){let t=new u(e,{timeout:5e3});try{return t.pragma(`journal_mode = WAL`),t.pragma(`synchronous = FULL`),process.platform===`darwin`&&(t.pragma(`fullfsync = 1`),t.pragma(`checkpoint_fullfsync = 1`)),t.pragma(`foreign_keys = ON`),t.pragma(`journal_size_limit = 67108864`),P(e,t.pragma(`user_version`,{simple:!0})),t}catch(e){throw t.close(),e}}function I(e){try{return e.pragma(`quick_check(1)`,{simple:!0})===`ok`}catch(e){if(t(e))return!1;throw e}}function L(e){for(let t of[``,`-wal`,`-shm`,`-journal`])s(e+t,{force:!0})}async function R({from:e,to:t}){try{let n=new u(e,{readonly:!0,timeout:5e3});try{await n.backup(t,{progress:()=>2147483647})}finally{n.close()}let r=new u(t);try{if(r.pragma(`journal_mode = DELETE`),!I(r))throw Error(`The copy of ${e} is not whole`)}finally{r.close()}}catch(e){throw L(t),e}}export{k as a,x as c,h as d,A as i,C as l,L as n,M as o,F as r,I as s,R as t,S as u};