import { createHash } from 'node:crypto'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { BTC, USD } from '../../gateway/money/asset.ts'
import { createPayouts } from '../../gateway/payouts/payout/payouts.ts'
import type { Books, Leg } from '../../gateway/ports/books.ts'
import type { EntryId, PartyId } from '../../gateway/ports/ids.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { ReusableOffers } from '../../gateway/ports/reusableOffers.ts'
import { createWallet, type Wallet } from '../../gateway/wallets/wallet/wallet.ts'
import { makeInvoice } from '../lnurl/makeInvoice.ts'
import { makeRails, quickPolicy, type Rails, rates, USDC } from '../payout/payoutWorld.ts'

/** Who has 1,000 USDC and 0.01 BTC in the world below. */
export const OWNER: PartyId = `pa_${'0'.repeat(31)}1`
/** Invoices of the payee are told apart by their preimage. */
let made = 0

export type WalletWorld = Readonly<{
  books: Books
  wallet: Wallet
  rails: Rails
  journal: JournalStore
  payouts: ReturnType<typeof createPayouts>
}>

/** An invoice of somebody else's node; each is another. */
export function foreignInvoice(amountMsat?: bigint): string {
  const preimage = createHash('sha256').update(`foreign ${made++}`).digest('hex')
  return makeInvoice({ ...(amountMsat === undefined ? {} : { amountMsat }), description: 'foreign', preimage })
}

/** A Lightning node that makes invoices; money comes in when the test says so. */
function receiver(): Receiver {
  return {
    rail: 'lightning',
    asset: BTC,
    async offer({ amount, expiresAt, description, descriptionHash }) {
      const preimage = createHash('sha256').update(`own ${made++}`).digest('hex')
      const described = descriptionHash ? { descriptionHash: descriptionHash.slice(2) } : { description }
      const invoice = makeInvoice({ amountMsat: amount.units, preimage, ...described })
      const paymentHash = createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex')
      return {
        rail: 'lightning',
        amount,
        expiresAt,
        reference: paymentHash,
        wire: { kind: 'bolt11', invoice, paymentHash, network: 'regtest' },
      }
    },
    settlements() {
      throw new Error('nobody listens to this node here')
    },
  }
}

/** Quick where nobody waits for a rail; patient where one answers, on a machine that is busy. */
const policy = { ...quickPolicy, estimateDeadlineMs: 20_000, sendDeadlineMs: 20_000, lookupDeadlineMs: 20_000 }

/** A process over this journal: it knows what the journal tells it, and nothing else. */
export async function bootWallet(
  o: { journal?: JournalStore; rails?: Rails; clock?: { now: () => number }; offers?: ReusableOffers } = {},
): Promise<WalletWorld> {
  const { journal = memoryJournal(), rails = makeRails(), clock = { now: () => Date.now() } } = o
  const books = createBooks({ journal, clock })
  const ids = uuidIds(clock)
  const nothing = () => undefined
  const payouts = createPayouts({
    readInvoice: readBolt11,
    books,
    senders: [rails.lightning, rails.evm, rails.bank],
    rates,
    clock,
    ids,
    policy,
    usd: USD,
    log: { info: nothing, warn: nothing, error: nothing },
  })
  const wallet = createWallet({
    books,
    payouts,
    receiver: receiver(),
    rates,
    readInvoice: readBolt11,
    key: Buffer.alloc(32, 3),
    clock,
    ids,
    assetOf: (id: string) => (id === BTC.id ? BTC : USDC),
    network: 'regtest',
    relays: [],
    nodeId: () => undefined,
    keysendNode: () => undefined,
    reusableOffers: o.offers,
  })
  const { facts } = await books.start()
  if (facts === 0) await seed(books)
  else await payouts.resume()
  return { books, wallet, rails, journal, payouts }
}

async function seed(books: Books): Promise<void> {
  const move = (debit: string, credit: string, asset: typeof BTC, units: bigint): Leg => ({ kind: 'move', debit, credit, asset, units })
  const legs = [
    move('rail:lightning:node', 'fx:BTC/USDC', BTC, 1_000_000_000n),
    move('rail:lightning:node', `party:${OWNER}`, BTC, 1_000_000_000n),
    move('rail:evm:31337:wallet', `party:${OWNER}`, USDC, 1_000_000_000n),
  ]
  const id: EntryId = `en_${'1'.repeat(32)}`
  await books.submit({ facts: [{ type: 'world.seeded', id: 'world', at: 0, data: {} }], entry: { id, payment: 'seed', legs } })
}

/** What the rail's watcher would book when an invoice of ours is paid. */
export async function settle(books: Books, o: { paymentHash: string; party: string; units: bigint }): Promise<void> {
  const { paymentHash, party, units } = o
  const data = { rail: 'lightning', reference: paymentHash, party, units: units.toString(), asset: BTC.id, proof: '09'.repeat(32) }
  const legs: Leg[] = [{ kind: 'move', debit: 'rail:lightning:node', credit: `party:${party}`, asset: BTC, units }]
  const facts = [{ type: 'settlement.booked', id: `lightning:received:${paymentHash}`, at: 5, data }]
  await books.submit({ facts, entry: { id: `en_${paymentHash.slice(0, 32)}`, payment: party, legs } })
}
