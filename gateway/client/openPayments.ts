import { GroundError } from '../errors/groundError.ts'
import type { BudgetStore } from './budget/budgetStore.ts'
import { storedText, storeFailed } from './budget/storedText.ts'
import { type OpenPayment, readOpen, writeOpen } from './keptPayment.ts'

/** The key under which a store keeps payments that are open. */
const OPEN_KEY = 'switchyard-client/open'
/** With this many open payments nothing new is paid, which bounds what is stored. */
export const OPEN_MAX = 256
/** With this many at one origin nothing new is paid there, so that a server that never answers does not stop the payments to others. */
export const OPEN_PER_ORIGIN_MAX = 32
/** Clocks may be this far apart before a signature that is no longer valid is believed to be so. */
export const SLACK_S = 600

/** Payments under way and payments whose request was not answered: the next same request takes one up again, in whichever process it is made. */
export interface OpenPayments {
  /** Writes it down, durably, before anything can leave. Throws `too_busy` when there are too many, after dropping signatures that expired. */
  keep(payment: OpenPayment): Promise<void>
  /** One for the same request that this process is not busy with. */
  take(key: string): Promise<OpenPayment | undefined>
  /** It stays, for the next same request. */
  leave(id: string): void
  /** Its request has been answered, or it certainly did not happen. */
  end(id: string): Promise<void>
  /** Ends all that this process is not busy with for one request; answers how many. */
  forget(key: string): Promise<number>
  /** Of all that are open, in whichever process. */
  ids(): Promise<ReadonlySet<string>>
}

/** `settle` counts as spent what payments cost that may have been made; called before they are forgotten. */
type Parts = Readonly<{ now: () => number; settle: (ids: readonly string[]) => Promise<void> }>

/** Keeps open payments in the store that also holds what was spent. */
export function createOpenPayments(store: BudgetStore, { now, settle }: Parts): OpenPayments {
  const stored = storedText(store, OPEN_KEY)
  const busy = new Set<string>()
  const change = (next: (open: readonly OpenPayment[]) => readonly OpenPayment[] | undefined) =>
    stored.change((before) => {
      const after = next(openIn(before))
      return after && writeOpen(after)
    })
  /** Its proof can take nothing any more. It is kept as long as there is room: the server may still have the answer. */
  const hasExpired = ({ id, kept }: OpenPayment) => kept.kind === 'signed' && !busy.has(id) && (kept.validBefore + SLACK_S) * 1_000 < now()
  return {
    async keep(payment) {
      const before = openIn(await stored.read()).filter(({ id }) => id !== payment.id)
      const gone = fullFor(payment, before) ? before.filter(hasExpired).map(({ id }) => id) : []
      if (gone.length > 0) await settle(gone)
      await change((open) => {
        const kept = open.filter(({ id }) => id !== payment.id && !gone.includes(id))
        const full = fullFor(payment, kept)
        if (full) throw full
        return [...kept, payment]
      })
      busy.add(payment.id)
    },
    async take(key) {
      const found = openIn(await stored.read()).find((payment) => payment.key === key && !busy.has(payment.id))
      if (found) busy.add(found.id)
      return found
    },
    leave: (id) => void busy.delete(id),
    async end(id) {
      await change((open) => (open.some((payment) => payment.id === id) ? open.filter((payment) => payment.id !== id) : undefined))
      busy.delete(id)
    },
    async forget(key) {
      const known = openIn(await stored.read()).filter((payment) => payment.key === key && !busy.has(payment.id))
      const gone = known.map(({ id }) => id)
      if (gone.length > 0) {
        await settle(gone)
        await change((open) => open.filter(({ id }) => !gone.includes(id)))
      }
      return gone.length
    },
    ids: async () => new Set(openIn(await stored.read()).map(({ id }) => id)),
  }
}

/** The refusal of one more, where there are too many. */
function fullFor({ url }: OpenPayment, others: readonly OpenPayment[]): GroundError | undefined {
  const { origin } = new URL(url)
  const here = others.filter((other) => new URL(other.url).origin === origin).length
  const full = (what: string) =>
    new GroundError('too_busy', what, {
      hint: 'Nothing was paid now. Repeat their requests first, which pays nothing, or forget them.',
      meta: { origin },
    })
  if (here >= OPEN_PER_ORIGIN_MAX) return full(`${here} payments to ${origin} have an open outcome`)
  return others.length < OPEN_MAX ? undefined : full(`${others.length} payments have an open outcome`)
}

function openIn(text: string | undefined): readonly OpenPayment[] {
  if (text === undefined) return []
  const open = typeof text === 'string' ? readOpen(text) : undefined
  if (!open) throw storeFailed(`what stands under ${OPEN_KEY} is no list of payments`)
  return open
}
