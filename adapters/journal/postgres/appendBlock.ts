import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { Block } from '../../../gateway/ports/journal.ts'
import { isPassing } from './connectionError.ts'
import { hashOfBlock, renewLease } from './lease.ts'
import { retry } from './retry.ts'
import type { Session } from './session.ts'

/** Largest block, in bytes of data: far from PostgreSQL's own limit of a gigabyte a message. */
const BLOCK_BYTES_MAX = 256 * 1024 * 1024

/**
 * The fence and the block in one statement: the lease row is compared with our epoch and the head we know, and moved on, or nothing is inserted. A
 * takeover meanwhile waits for the row, or has changed the epoch before.
 */
const APPEND = `WITH fence AS (
    UPDATE switchyard.journal_lease SET seq = $2::bigint, hash = $5::bytea, renewed_at = clock_timestamp()
    WHERE id = 1 AND epoch = $1::bigint AND seq = $2::bigint - 1 RETURNING id
  ) INSERT INTO switchyard.journal (seq, at, n, hash, data) SELECT $2::bigint, $3::bigint, $4::integer, $5::bytea, $6::bytea FROM fence`

/**
 * Makes a block durable under this epoch, or throws: `not_leader` when another leads and the block is not durable, `outcome_unknown` when the server
 * did not say within `deadlineMs`. A connection that broke under the append is no answer: the lease's head tells whether it took place.
 */
export async function appendBlock(session: Session, block: Block, o: { epoch: string; deadlineMs: number }): Promise<void> {
  if (block.data.byteLength > BLOCK_BYTES_MAX) throw new Error(`block ${block.seq} is longer than ${BLOCK_BYTES_MAX} bytes`)
  const statement = {
    name: 'append_block',
    text: APPEND,
    values: [o.epoch, block.seq, block.at, block.count, block.hash, block.data],
  }
  let uncertain = false
  try {
    await retry(o.deadlineMs, async () => {
      if (uncertain && (await isDurable(session, block, o.epoch))) return
      uncertain = true
      const { rowCount } = await session.run(statement)
      // No row: another leads, or an earlier try of ours took place after all.
      if (rowCount === 0 && !(await isDurable(session, block, o.epoch)))
        throw new Error(`block ${block.seq} was fenced off by our own lease`)
    })
  } catch (error) {
    if (!isPassing(error)) throw error
    throw new GatewayError('outcome_unknown', `PostgreSQL did not say within ${o.deadlineMs} ms whether block ${block.seq} was written`, {
      cause: error,
    })
  }
}

/** Looks up what became of an append. Repeating it afterwards is harmless, because the fence lets one through. */
async function isDurable(session: Session, block: Block, epoch: string): Promise<boolean> {
  const head = await renewLease(session, epoch)
  if (head === undefined) {
    const stands = await hashOfBlock(session, block.seq)
    if (stands && Buffer.compare(stands, block.hash) === 0) return true
    throw notLeader(`block ${block.seq} was not written`)
  }
  if (head.seq === block.seq && Buffer.compare(head.hash, block.hash) === 0) return true
  if (head.seq === block.seq - 1) return false
  throw new Error(
    `the journal's head is block ${head.seq}, but block ${block.seq - 1} was acknowledged: the database lost commits, or is another one. Restore it from a copy.`,
  )
}

/** The error of a process that has lost the lease. */
export function notLeader(what: string): GatewayError {
  return new GatewayError('not_leader', `Another process leads the journal, so ${what}`)
}
