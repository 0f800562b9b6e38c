import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Session } from './session.ts'
import { formatRow } from './wire.ts'

/** The tables' layout. A program that finds another one leaves them alone. */
const FORMAT = 1
/** Advisory lock under which the tables are made ("swyd"), so that two processes that start together do not both try. It fences nothing. */
const SCHEMA_LOCK = 0x73777964

/**
 * One row a block, and the lease: who leads (`epoch`, `holder` and its session), up to when (`renewed_at`, the server's clock), and the head. Blocks
 * are stored without compression, which costs more CPU than it saves. The lease changes with every block, so its page keeps room to do so in place.
 */
const TABLES = `
  CREATE SCHEMA IF NOT EXISTS switchyard;
  CREATE TABLE switchyard.journal (
    seq bigint PRIMARY KEY CHECK (seq > 0),
    at bigint NOT NULL,
    n integer NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    data bytea NOT NULL
  );
  ALTER TABLE switchyard.journal ALTER COLUMN data SET STORAGE EXTERNAL;
  CREATE TABLE switchyard.journal_lease (
    id integer PRIMARY KEY CHECK (id = 1),
    format integer NOT NULL,
    epoch bigint NOT NULL,
    holder text,
    pid integer,
    backend_start timestamptz,
    renewed_at timestamptz NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32)
  ) WITH (fillfactor = 10);
  INSERT INTO switchyard.journal_lease (id, format, epoch, renewed_at, seq, hash)
    VALUES (1, ${FORMAT}, 0, clock_timestamp(), 0, decode(repeat('00', 32), 'hex'));`

/** Makes the tables in an empty database, or checks that those that stand are of this format. */
export async function prepareSchema(session: Session): Promise<void> {
  // One statement without parameters is one transaction, and the lock ends with it.
  await session.run({
    text: `DO $$ BEGIN
      PERFORM pg_advisory_xact_lock(${SCHEMA_LOCK});
      IF to_regclass('switchyard.journal_lease') IS NULL THEN ${TABLES} END IF;
    END $$`,
  })
  const { rows } = await session.run({ text: 'SELECT format FROM switchyard.journal_lease WHERE id = 1' })
  const format = rows[0] === undefined ? undefined : formatRow.parse(rows[0]).format
  if (format === FORMAT) return
  throw new GatewayError(
    'unsafe_configuration',
    `The database holds a journal of format ${format ?? 'unknown'}, and this program reads ${FORMAT}`,
    {
      hint: 'Name another database, or start the version of the program that wrote it.',
    },
  )
}
