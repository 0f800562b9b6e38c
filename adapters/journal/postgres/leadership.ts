import type { Block, JournalHead } from '../../../gateway/ports/journal.ts'
import { appendBlock, notLeader } from './appendBlock.ts'
import { type Lead, lastBlock, releaseLease, renewLease, takeLease } from './lease.ts'
import type { Session } from './session.ts'

/** How often the lease is renewed within its length, when nothing is appended. */
const RENEWALS = 4

type LeadershipOptions = Readonly<{ holder: string; leaseMs: number; appendDeadlineMs: number; onLost: (error: Error) => void }>

/** Whether this process leads the journal, and the appends that it makes as the leader. */
export type Leadership = Readonly<{
  /** Tries once to lead. True when this process leads now. */
  take(): Promise<boolean>
  /** The head that this process has written or found when it took the lead; undefined while it does not lead. */
  head(): JournalHead | undefined
  append(block: Block): Promise<void>
  /** Gives the lease back when this process holds it. */
  release(): Promise<void>
}>

/** A process that does not lead yet. `onLost` is told once when another took over. */
export function createLeadership(session: Session, options: LeadershipOptions): Leadership {
  let lead: Lead | undefined
  let lost: Error | undefined
  let renewedAt = 0
  let renewing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function lose(error: Error): void {
    if (lost) return
    lost = error
    clearInterval(timer)
    options.onLost(error)
  }

  async function renew(epoch: string): Promise<void> {
    try {
      if ((await renewLease(session, epoch)) === undefined) lose(notLeader('this one stops'))
      else renewedAt = performance.now()
    } catch {
      // The server is away. The next renewal tries again; what is appended meanwhile looks for itself.
    }
  }

  function keep(epoch: string): void {
    const everyMs = options.leaseMs / RENEWALS
    timer = setInterval(() => {
      if (renewing || performance.now() - renewedAt < everyMs / 2) return
      renewing = renew(epoch).finally(() => {
        renewing = undefined
      })
    }, everyMs)
    timer.unref()
  }

  return {
    async take() {
      lead = await takeLease(session, options)
      if (!lead) return false
      await checkEnd(session, lead.head)
      renewedAt = performance.now()
      keep(lead.epoch)
      return true
    },
    head: () => lead?.head,
    async append(block) {
      if (lost) throw lost
      if (!lead) throw notLeader('nothing is appended')
      const { head, epoch } = lead
      if (block.seq !== head.seq + 1) throw new Error(`block ${block.seq} does not follow the journal's head ${head.seq}`)
      try {
        await appendBlock(session, block, { epoch, deadlineMs: options.appendDeadlineMs })
      } catch (error) {
        // Whatever it is, this process can not write any more: it must stop and replay.
        lose(error instanceof Error ? error : new Error(String(error)))
        throw error
      }
      lead = { epoch, head: { seq: block.seq, hash: block.hash } }
      renewedAt = performance.now()
    },
    async release() {
      clearInterval(timer)
      await renewing
      if (lead && !lost) await releaseLease(session, lead.epoch)
      lead = undefined
    },
  }
}

/** The lease names the head, and the head must be there: a tail that was cut off shows here. */
async function checkEnd(session: Session, head: JournalHead): Promise<void> {
  const last = await lastBlock(session)
  const seq = last?.seq ?? 0
  if (seq !== head.seq) {
    throw new Error(`the journal ends at block ${seq}, but block ${head.seq} was committed: data was lost. Restore it from a copy.`)
  }
  if (last && Buffer.compare(last.hash, head.hash) !== 0) {
    throw new Error(`block ${seq} of the journal is not the one that was committed: the journal was changed. Restore it from a copy.`)
  }
}
