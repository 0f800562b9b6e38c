import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { type Asset, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { createPayouts, type Payouts } from '../../gateway/payouts/payout/payouts.ts'
import { railPath } from '../../gateway/payouts/payoutState/entries.ts'
import { type Decide, type PayoutPolicy, payoutPolicy } from '../../gateway/payouts/payoutState/policy.ts'
import type { Books, Fact, Leg } from '../../gateway/ports/books.ts'
import { idSource } from '../../gateway/ports/clock.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { Rates } from '../../gateway/ports/rates.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import { USDC } from '../payout/payoutWorld.ts'
import type { LabWorld } from './labRails.ts'
import { HOLDS } from './labSender.ts'

/** Who pays: as many parties as the worlds have. */
export const PARTIES = [0, 1, 2, 3, 4].map((n) => `party:pa_${`${n}`.padStart(32, '0')}`)

const rateOf = (from: Asset, to: Asset) => ({ from, to, num: 1n, den: 1n, observedAt: 0, source: 'the laboratory' })
const rates: Rates = { rate: rateOf, peek: rateOf }
const DAY_MS = 86_400_000
const MANY = 1_000_000
const NO_LIMIT = 10n ** 24n

/**
 * What a gateway of five parties would set higher: they send a payment every few seconds, by rails that take days. What rails say of when to ask again is
 * heeded, as nobody else asks them.
 */
function policyOf({ attemptsMax }: LabWorld, decide: Decide): PayoutPolicy {
  const share = { openMax: MANY, openNanoMax: NO_LIMIT, slotsMax: MANY, slotHoursADay: MANY }
  const budget = 10n ** 15n
  return {
    ...payoutPolicy,
    decide,
    router: { ...payoutPolicy.router, attemptsMax },
    limits: { ...payoutPolicy.limits, party: share, payee: share },
    fees: { ...payoutPolicy.fees, dayUnits: budget, accountDayUnits: budget },
    openMax: MANY,
    lookupMaxMs: 7 * DAY_MS,
  }
}

/** A journal that is never read again keeps where it is. */
function forgetfulJournal(): JournalStore {
  let head: Awaited<ReturnType<JournalStore['head']>> = { seq: 0, hash: new Uint8Array(32) }
  return {
    async append({ seq, hash }) {
      head = { seq, hash }
    },
    async *read() {},
    head: async () => head,
    async close() {},
  }
}

export type LabService = Readonly<{ books: Books; payouts: Payouts }>

/** The payout service over these rails, with books in memory and money for every payment. `onFact` hears what becomes durable. */
export async function startService(
  world: LabWorld,
  o: Readonly<{ senders: readonly Sender[]; decide: Decide; now: () => number; onFact: (fact: Fact) => void }>,
): Promise<LabService> {
  const clock = { now: o.now }
  let count = 0
  // An entry's legs are told apart by its last byte.
  const ids = idSource((kind) => `${kind}${o.now().toString(16).padStart(12, '0')}${(++count).toString(16).padStart(18, '0')}00`)
  const books = createBooks({ journal: forgetfulJournal(), clock })
  const silent = () => undefined
  const payouts = createPayouts({
    books,
    senders: o.senders,
    rates,
    clock,
    ids,
    usd: USD,
    policy: policyOf(world, o.decide),
    readInvoice: () => 'there are none',
    log: { info: silent, warn: silent, error: silent },
  })
  books.listen(o.onFact)
  await books.start()
  const each = (HOLDS * BigInt(world.rails.length)) / BigInt(PARTIES.length)
  const move = (debit: string, credit: string, units: bigint): Leg => ({ kind: 'move', debit, credit, asset: USDC, units })
  const legs = [
    ...world.rails.map(({ rail }) => move(railPath(rail), 'capital:lab', HOLDS)),
    ...PARTIES.map((party) => move('capital:lab', party, each)),
  ]
  const facts = [{ type: 'world.seeded', id: 'world', at: 0, data: {} }]
  const seeded = await books.submit({ facts, entry: { id: `en_${'1'.repeat(32)}`, payment: 'seed', legs } })
  if (seeded.kind !== 'applied') throw new Error(`the laboratory has no money: ${JSON.stringify(seeded)}`)
  return { books, payouts }
}

export const labAmount = (units: bigint) => money(USDC, units)
