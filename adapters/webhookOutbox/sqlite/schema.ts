/** Marks the file as an outbox of webhooks ("swyw"). */
export const APPLICATION_ID = 0x73777977
export const FORMAT = 1

/** Times in ms since 1970. `tries` is JSON. A line's `failing_since` is 0 where something has arrived. */
export const SCHEMA = `
  CREATE TABLE lines (
    endpoint TEXT PRIMARY KEY, cursor TEXT NOT NULL, replay INTEGER NOT NULL, replay_cursor TEXT NOT NULL, failing_since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE deliveries (
    endpoint TEXT NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, next_at INTEGER NOT NULL,
    tries TEXT NOT NULL, PRIMARY KEY (endpoint, event)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_by_state ON deliveries (endpoint, state, event);
`
