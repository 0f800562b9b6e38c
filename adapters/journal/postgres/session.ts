import { Client, type ClientConfig, DatabaseError, type QueryConfig, type QueryResult } from 'pg'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { showServer } from './connection.ts'
import { ConnectionError, connectionError } from './connectionError.ts'
import { serverRow } from './wire.ts'

/** How long a connection may take to come about. */
const CONNECT_DEADLINE_MS = 5_000
/** How much longer we wait than the server may work: its own word about a late statement is better than none. */
const GRACE_MS = 1_000
/** From here on a transaction that was left open is ended by the server, so that a client that froze inside one can not keep the lease locked. */
const TRANSACTION_TIMEOUT_SINCE = 170_000

/** One connection, made when it is needed and made again after it broke. Statements run one after the other. */
export type Session = Readonly<{
  run(statement: QueryConfig): Promise<QueryResult<Record<string, unknown>>>
  close(): Promise<void>
}>

/** A session whose statements end within `statementMs`, or their outcome is unknown and the connection is given up. */
export function createSession(connection: ClientConfig, options: { statementMs: number }): Session {
  const { statementMs } = options
  let client: Client | undefined
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  async function connect(): Promise<Client> {
    const fresh = new Client({
      ...connection,
      application_name: 'switchyard',
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      query_timeout: statementMs + GRACE_MS,
      keepAlive: true,
    })
    // Without a listener a connection that breaks while idle would end the process.
    fresh.on('error', () => discard(fresh))
    try {
      await fresh.connect()
      await prepareServer(fresh, { statementMs, connection })
      return fresh
    } catch (error) {
      discard(fresh)
      throw connectionError(error)
    }
  }

  function discard(broken: Client): void {
    if (client === broken) client = undefined
    // Ends the socket at once when a statement is under way.
    broken.end().catch(() => undefined)
  }

  async function run(statement: QueryConfig): Promise<QueryResult<Record<string, unknown>>> {
    if (closed) throw new Error('the session with the journal is closed')
    client ??= await connect()
    const current = client
    try {
      return await current.query(statement)
    } catch (error) {
      // The server's own refusal leaves the connection usable; anything else leaves it in a state that nobody knows.
      if (!(error instanceof DatabaseError)) discard(current)
      throw connectionError(error)
    }
  }

  return {
    run(statement) {
      const mine = last.then(() => run(statement))
      last = mine.catch(() => undefined)
      return mine
    },
    async close() {
      await last
      closed = true
      await client?.end()
      client = undefined
    },
  }
}

/** Sets the limits of a new connection, and refuses a server on which a commit is not durable or that only replays another. */
async function prepareServer(client: Client, o: { statementMs: number; connection: ClientConfig }): Promise<void> {
  const { rows } = await client.query({
    text: `SELECT current_setting('fsync') AS fsync, pg_is_in_recovery() AS replica,
      set_config('statement_timeout', $1, false),
      set_config('idle_in_transaction_session_timeout', $1, false),
      CASE WHEN current_setting('server_version_num')::int >= ${TRANSACTION_TIMEOUT_SINCE} THEN set_config('transaction_timeout', $2, false) END,
      CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END`,
    values: [String(o.statementMs), String(o.statementMs + GRACE_MS)],
  })
  const server = serverRow.parse(rows[0])
  // True for a while after a failover, until another server is promoted or the name points to it.
  if (server.replica) throw new ConnectionError(`${showServer(o.connection)} is a replica that takes no writes`)
  if (server.fsync === 'on') return
  throw new GatewayError('unsafe_configuration', `The PostgreSQL server at ${showServer(o.connection)} runs with fsync = ${server.fsync}`, {
    hint: 'Nothing was started. Set fsync = on: without it a commit can be lost when the machine fails.',
  })
}
