import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientConfig } from 'pg'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Block, JournalStore } from '../../../gateway/ports/journal.ts'
import { connectionOf, showServer } from './connection.ts'
import { isPassing } from './connectionError.ts'
import { createLeadership, type Leadership } from './leadership.ts'
import { readLease } from './lease.ts'
import { readBlocks } from './readBlocks.ts'
import { retry } from './retry.ts'
import { prepareSchema } from './schema.ts'
import { createSession, type Session } from './session.ts'

/** A lease that was not renewed for this long may be taken by another. */
const LEASE_MS = 10_000
/** How long an append, or the first connection, is tried for before its outcome is given up as unknown. */
const DEADLINE_MS = 20_000
/** How long one statement of the writer may take, and one of a reader. */
const WRITE_STATEMENT_MS = 5_000
const READ_STATEMENT_MS = 30_000
/** How often who waits looks for the lease and for new blocks. */
const POLL_MS = 100

export type PostgresJournalOptions = Readonly<{
  /** See `connectionOf`. */
  url: string
  /** Who leads, for messages; the machine and process when absent. */
  holder?: string
  leaseMs?: number
  deadlineMs?: number
  /** Called once when this process can not write any more, also while nothing is appended: another took over, or an append failed. It must exit. */
  onLost?: (error: Error) => void
}>

/**
 * Opens the journal in PostgreSQL for writing. While another process leads it waits, at most `waitMs`, and tells `onWait` once who that is; then throws
 * `not_leader`. A standby that need not be warm waits here for ever (`Infinity`).
 */
export async function openPostgresJournal(
  options: PostgresJournalOptions & { waitMs: number; onWait?: (holder: string) => void; signal?: AbortSignal },
): Promise<JournalStore> {
  const parts = await connect(options)
  const { writer, leadership } = parts
  const until = performance.now() + options.waitMs
  let told = false
  try {
    while (!(await retry(parts.deadlineMs, () => leadership.take()))) {
      const { holder } = await retry(parts.deadlineMs, () => readLease(writer))
      if (performance.now() >= until) throw leadsAlready(parts.connection, holder)
      if (!told) options.onWait?.(holder)
      told = true
      await pause(POLL_MS, undefined, { signal: options.signal })
    }
  } catch (error) {
    await parts.close()
    throw error
  }
  return storeOf(parts, (after) => readBlocks(parts.reader, after))
}

/**
 * Opens the journal as a warm standby: reading it does not end while another process leads, but goes on with what that writes, and ends when this
 * process has taken over. Books that start on it are therefore replayed up to the last block when their start returns, and lead.
 */
export async function openPostgresStandby(options: PostgresJournalOptions & { signal?: AbortSignal }): Promise<JournalStore> {
  const parts = await connect(options)
  return storeOf(parts, (after) => follow(parts, after, options.signal))
}

type Parts = Readonly<{
  connection: ClientConfig
  writer: Session
  reader: Session
  leadership: Leadership
  deadlineMs: number
  close(): Promise<void>
}>

async function connect(options: PostgresJournalOptions): Promise<Parts> {
  const { holder = `${hostname()}:${process.pid}`, leaseMs = LEASE_MS, deadlineMs = DEADLINE_MS, onLost = () => undefined } = options
  const connection = connectionOf(options.url)
  const writer = createSession(connection, { statementMs: Math.min(WRITE_STATEMENT_MS, deadlineMs) })
  const reader = createSession(connection, { statementMs: READ_STATEMENT_MS })
  const leadership = createLeadership(writer, { holder, leaseMs, appendDeadlineMs: deadlineMs, onLost })
  try {
    await retry(deadlineMs, () => prepareSchema(writer))
  } catch (error) {
    await writer.close()
    if (!isPassing(error)) throw error
    throw new GatewayError('journal_unavailable', `PostgreSQL at ${showServer(connection)} did not answer within ${deadlineMs} ms`, {
      cause: error,
    })
  }
  return {
    connection,
    writer,
    reader,
    leadership,
    deadlineMs,
    async close() {
      await leadership.release().catch(() => undefined) // The lease ends by itself where the server is away.
      await Promise.all([writer.close(), reader.close()])
    },
  }
}

function storeOf({ leadership, writer, close }: Parts, read: (after: number) => AsyncIterable<Block>): JournalStore {
  return {
    append: (block) => leadership.append(block),
    read,
    head: async () => leadership.head() ?? (await readLease(writer)).head,
    close,
  }
}

async function* follow({ reader, leadership, deadlineMs }: Parts, after: number, signal?: AbortSignal): AsyncGenerator<Block> {
  let from = after
  for (;;) {
    // Leading is looked at before reading: then no other process can add a block behind what is read here.
    const leads = leadership.head() !== undefined || (await retry(deadlineMs, () => leadership.take()))
    for await (const block of readBlocks(reader, from)) {
      yield block
      from = block.seq
    }
    if (leads) return
    await pause(POLL_MS, undefined, { signal })
  }
}

function leadsAlready(connection: ClientConfig, holder: string): GatewayError {
  return new GatewayError('not_leader', `${holder} leads the journal at ${showServer(connection)}`, {
    hint: 'Nothing was started. Stop that gateway, or start this one as a standby, which waits until it may lead.',
  })
}
