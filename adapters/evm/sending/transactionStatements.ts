import type { DatabaseSync } from 'node:sqlite'

/** The statements by which the operators' nonces and their signed forms are kept, prepared once. Wei and fees are text. */
export function transactionStatements(database: DatabaseSync) {
  return {
    insert: database.prepare(
      "INSERT INTO transactions (operator, nonce, action_id, receiver, data, gas, fee_cap, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'live')",
    ),
    insertCarried: database.prepare('INSERT INTO carried VALUES (?, ?, ?, ?)'),
    selectCarried: database.prepare('SELECT action_id FROM carried WHERE operator = ? AND nonce = ? ORDER BY place'),
    insertForm: database.prepare('INSERT INTO signed VALUES (?, ?, ?, ?, ?, ?, ?)'),
    selectLive: database.prepare(
      `SELECT * FROM transactions WHERE state = 'live' AND (operator, nonce) NOT IN (SELECT operator, nonce FROM left_behind)
       ORDER BY operator, nonce`,
    ),
    selectForms: database.prepare('SELECT * FROM signed WHERE operator = ? AND nonce = ? ORDER BY rowid'),
    selectSignedFor: database.prepare(
      `SELECT hash FROM (SELECT operator, nonce FROM transactions WHERE action_id = ?1
         UNION ALL SELECT operator, nonce FROM carried WHERE action_id = ?1)
       CROSS JOIN signed USING (operator, nonce) ORDER BY signed.rowid`,
    ),
    selectFinal: database.prepare("SELECT * FROM transactions WHERE state = 'final' AND block BETWEEN ? AND ? ORDER BY block, place"),
    selectFinalBlocks: database.prepare(
      "SELECT DISTINCT block, block_hash AS hash FROM transactions WHERE state = 'final' ORDER BY block DESC LIMIT ?",
    ),
    selectSigned: database.prepare('SELECT 1 FROM signed WHERE hash = ?'),
    selectMax: database.prepare(
      `SELECT nonce FROM transactions WHERE operator = ? AND (operator, nonce) NOT IN (SELECT operator, nonce FROM left_behind)
       ORDER BY nonce DESC LIMIT 1`,
    ),
    selectSpent: database.prepare("SELECT nonce FROM transactions WHERE operator = ? AND state <> 'live' ORDER BY nonce DESC LIMIT 1"),
    countBetween: database.prepare('SELECT count(*) AS found FROM transactions WHERE operator = ? AND nonce >= ? AND nonce < ?'),
    selectNonce: database.prepare('SELECT 1 FROM transactions WHERE operator = ? AND nonce = ?'),
    finish: database.prepare(
      `UPDATE transactions SET state = 'final', hash = ?, block = ?, block_hash = ?, place = ?, cost = ?, at = ?
       WHERE operator = ? AND nonce = ? AND state = 'live'`,
    ),
    displace: database.prepare("UPDATE transactions SET state = 'displaced', hash = ? WHERE operator = ? AND nonce = ? AND state = 'live'"),
    selectTaken: database.prepare(
      "SELECT operator, nonce, hash AS taker FROM transactions WHERE action_id = ? AND state = 'displaced' AND hash IS NOT NULL ORDER BY nonce DESC LIMIT 1",
    ),
    leaveBehind: database.prepare('INSERT INTO left_behind VALUES (?, ?)'),
    reach: database.prepare('DELETE FROM left_behind WHERE operator = ? AND nonce < ?'),
    selectFirstLeft: database.prepare('SELECT nonce FROM left_behind WHERE operator = ? ORDER BY nonce LIMIT 1'),
    selectLeft: database.prepare(
      'SELECT operator, nonce FROM left_behind CROSS JOIN transactions USING (operator, nonce) WHERE action_id = ? ORDER BY nonce DESC LIMIT 1',
    ),
    cancel: database.prepare("UPDATE transactions SET cancelled = ? WHERE operator = ? AND nonce = ? AND state = 'live' AND cancelled = 0"),
    revive: database.prepare(
      `UPDATE transactions SET state = 'live', hash = NULL, block = NULL, block_hash = NULL, place = NULL, cost = NULL, at = NULL
       WHERE state = 'final' AND block >= ?`,
    ),
  }
}
