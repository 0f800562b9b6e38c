import type { JournalStore } from '../../../gateway/ports/journal.ts'
import type { Sender } from '../../../gateway/ports/sender.ts'
import type { Seam } from './runSeed.ts'

/** Defects as they are made in services like this one, planted between it and what it works with: each must be found. */
export const DEFECTS: Readonly<Record<string, Seam>> = {
  'an outcome that is not known is taken as a failure': {
    sender: (sender) => ({
      ...sender,
      async send(attempt, o) {
        const outcome = await sender.send(attempt, o)
        return outcome.kind === 'unknown' ? { kind: 'failed', reason: 'rejected_by_rail', detail: 'no answer' } : outcome
      },
    }),
  },
  'a try is sent before it is durable': { journal: late },
  'what a rail does not find is taken as failed, although the call is still on its way': {
    sender: (sender) => ({
      ...sender,
      async lookup(id, sent) {
        const outcome = await sender.lookup(id, sent)
        return outcome.kind === 'failed' && outcome.reason === 'never_sent' ? { kind: 'failed', reason: 'rejected_by_rail' } : outcome
      },
    }),
  },
  'a broken connection is taken as a failure': {
    sender: (sender) => ({
      ...sender,
      send: (attempt, o) => sender.send(attempt, o).catch(() => ({ kind: 'failed', reason: 'no_route' })),
    }),
  },
  'what is handed over again has a new key for its rail': { sender: newKeys },
  'what a rail says of one payment is taken for another': { sender: mixedUp },
  'a fee is told as more than was taken': {
    sender: (sender) => ({
      ...sender,
      async lookup(id, sent) {
        const outcome = await sender.lookup(id, sent)
        return outcome.kind === 'settled' ? { ...outcome, fee: { ...outcome.fee, units: outcome.fee.units + 1n } } : outcome
      },
    }),
  },
}

/** Answers at once that a try is durable, and writes it only with the next block: the last is lost with its process. */
function late(journal: JournalStore): JournalStore {
  let waiting: Parameters<JournalStore['append']>[0] | undefined
  return {
    ...journal,
    async append(block) {
      if (waiting) await journal.append(waiting)
      waiting = Buffer.from(block.data).includes('attempt.sent') ? block : undefined
      if (!waiting) await journal.append(block)
    },
    read(after) {
      // Whoever reads has just been started.
      waiting = undefined
      return journal.read(after)
    },
  }
}

/** A try that is handed over again is another payment for its rail, which is then asked for that one. */
function newKeys(sender: Sender): Sender {
  const keys = new Map<string, `at_${string}`>()
  return {
    ...sender,
    send(attempt, o) {
      const before = keys.get(attempt.id)
      const key: `at_${string}` = before ? `${before}a` : attempt.id
      keys.set(attempt.id, key)
      return sender.send({ ...attempt, id: key }, o)
    },
    lookup: (id, sent) => sender.lookup(keys.get(id) ?? id, sent),
  }
}

/** The answer is that of the try before it. */
function mixedUp(sender: Sender): Sender {
  let before: `at_${string}` | undefined
  return {
    ...sender,
    lookup(id, sent) {
      const asked = before ?? id
      before = id
      return sender.lookup(asked, sent)
    },
  }
}
