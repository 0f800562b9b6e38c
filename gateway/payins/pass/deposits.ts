import { createHash } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { createInTurn } from '../../ledger/process/inTurn.ts'
import { submitWhenRoom } from '../../ledger/process/submit.ts'
import { BTC } from '../../money/asset.ts'
import { ceilDiv, floorDiv, min } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Books } from '../../ports/books.ts'
import type { Ground } from '../../ports/ground.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import { type Changes, createChanges } from '../claim/changes.ts'
import type { Funding } from '../claim/claimEntry.ts'
import { lightningClaimKey } from '../proof/verifiedProof.ts'
import type { SettlementRecords } from '../settlement/settlementRecords.ts'
import { ARRIVAL_DEADLINE_MS, buyPass, depositOf, notReported, type Sold } from './buyPass.ts'
import { IDLE_MS } from './endPasses.ts'
import { type PassId, toPassFact } from './facts.ts'
import { isOwing, type Pass, passAccount, passId, SATOSHI } from './pass.ts'
import type { PassRecords } from './passRecords.ts'

/** No session lasts longer. */
const LIFE_MS = 30 * 86_400_000
/** So long before its return invoice ends a session does, so that what is left can still be paid to it. */
const RETURN_MS = 120_000

/** What a payer has paid, in a session's own invoice. `scope`: of which payee's routes it is. `onBought` is told once, when that is booked. */
type Paid = Readonly<{
  paymentHash: string
  deposit: Money
  price: Money
  scope: string
  payee: Payee
  seller: string
  resource: string
  onBought: () => void
}>

type Parts = Readonly<{
  ground: Ground
  books: Books
  records: PassRecords
  receipts: Parameters<typeof buyPass>[0]['receipts']
  settlements: Pick<SettlementRecords, 'waitFor'>
  readInvoice: InvoiceReader
  inTurn: ReturnType<typeof createInTurn>
  end: (pass: Pass) => Promise<void>
  touched: (id: PassId) => void
}>
type Room = Parts & Readonly<{ changes: Changes }>

/** In msat. `spent` is what was served; what runs is `held`. */
type DepositState = Readonly<{ pass: Pass; deposited: bigint; spent: bigint; held: bigint; available: bigint }>

/** Sessions over Lightning: a deposit that its payer spends request by request by showing its preimage, and has back what is left of. */
export function createDeposits(parts: Parts) {
  const room: Room = { ...parts, changes: createChanges() }
  const { records, books } = room
  return {
    idleMs: IDLE_MS,
    /** Opens the session that this payment has paid for; one that stands is left as it is. Throws `session_bad_return`, `outcome_unknown` and `proof_used`. */
    open: (paid: Paid, back: Readonly<{ invoice: string; network: string }>): Promise<Pass> =>
      room.inTurn(passId(paid.paymentHash), () => open(room, paid, back)),
    /** Adds the payment to a session, once. Throws what `open` throws, and `session_closed`. */
    topUp: (pass: Pass, paid: Paid): Promise<void> => room.inTurn(pass.id, () => topUp(room, pass, paid)),
    /** The session of this payment in this scope; `toEnd`: also one that was closed. Throws `session_unknown` and `session_closed`. */
    find(sessionId: string, { scope, toEnd }: Readonly<{ scope: string; toEnd: boolean }>): Pass {
      const pass = records.get(passId(sessionId))
      if (pass?.kind === 'session' && pass.route === scope && (toEnd || !pass.ended)) return pass
      if (pass?.kind === 'session' && pass.route === scope) throw closed(pass)
      throw new GatewayError('session_unknown', `No session was opened here by the payment ${sessionId}`)
    },
    stateOf: (pass: Pass): DepositState => stateOf(room, pass),
    /** What holds `got` for one request. Throws `session_closed` and `session_deposit_low`, and so does the claim where others were first. */
    async fund(pass: Pass, got: Money): Promise<Funding> {
      const state = stateOf(room, pass)
      if (state.pass.ended) throw closed(pass)
      room.touched(pass.id)
      if (state.available < got.units) throw balanceLow(state, got.units)
      const spent = () => balanceLow(stateOf(room, pass), got.units)
      return { rail: 'book', from: passAccount(pass.id), got, beside: [], spent }
    },
    /** Resolves once more was deposited, or when `signal` says so. */
    changed: (pass: Pass, signal: AbortSignal): Promise<void> => room.changes.next(pass.id, signal),
    /** Ends it: what is left is its payer's from now on. One that has ended is left as it is. Throws `request_in_progress`. */
    end: (pass: Pass): Promise<void> => room.end(pass),
    /** Those that have ended and whose rest was not tried to be paid back. */
    owing: (): readonly Pass[] => records.open().filter(isOwing),
    isOwing: ({ id }: Pass): boolean => {
      const pass = records.get(id)
      return pass !== undefined && isOwing(pass)
    },
    /** What goes back of one that has ended, in whole satoshi. */
    backSat: ({ backMsat }: Pass): bigint => floorDiv(backMsat, SATOSHI),
    /** It was tried, by this payout, or by none for this reason. */
    async returned({ id, receipt }: Pass, how: Readonly<{ payout?: string; reason?: string }>): Promise<void> {
      const data = { request: receipt, ...how }
      const claims = [{ key: `pass:returned:${id}`, fingerprint: how.payout ?? 'none' }]
      await submitWhenRoom(books, { claims, facts: [toPassFact({ type: 'pass.returned', id, at: room.ground.clock.now(), data })] })
    },
  }
}

/** Among whose routes a session is good: those of this realm that pay the same payee. */
export function depositScope(realm: string, payee: Payee): string {
  const to = payee.kind === 'party' ? payee.party : payee.split.key
  return createHash('sha256').update(`lightning session\n${realm}\n${to}`).digest('hex')
}

function stateOf({ books, records }: Pick<Room, 'books' | 'records'>, pass: Pass): DepositState {
  const known = records.get(pass.id) ?? pass
  const { creditsPosted: deposited, debitsPosted, debitsPending: held } = books.balance(passAccount(pass.id), BTC)
  return { pass: known, deposited, spent: debitsPosted - known.backMsat, held, available: deposited - debitsPosted - held }
}

async function open(room: Room, paid: Paid, back: Readonly<{ invoice: string; network: string }>): Promise<Pass> {
  const id = passId(paid.paymentHash)
  const standing = room.records.get(id)
  if (standing) return standing
  const now = room.ground.clock.now()
  const endsAt = min(now + LIFE_MS, checkReturn(room, paid, back) - RETURN_MS)
  await buy(room, paid, { endsAt, returnInvoice: back.invoice })
  const pass = room.records.get(id)
  if (!pass) throw new GatewayError('outcome_unknown', 'The payment stands, the session does not yet')
  room.touched(id)
  return pass
}

async function topUp(room: Room, { id }: Pass, paid: Paid): Promise<void> {
  const pass = room.records.get(id)
  if (!pass || pass.ended) throw closed({ id })
  await buy(room, paid, { endsAt: pass.endsAt, adds: id })
  room.touched(id)
  room.changes.tell(id)
}

async function buy(room: Room, paid: Paid, more: Pick<Sold, 'endsAt' | 'returnInvoice' | 'adds'>): Promise<void> {
  const { paymentHash, deposit, price, scope: route, payee, seller, resource } = paid
  const { books, receipts, ground, settlements } = room
  const sold: Sold = { kind: 'session', paymentHash, amount: deposit, price, route, uses: 0, ...more }
  const taken = books.claim(lightningClaimKey(paymentHash))
  // By this very session it is the same again, and anything else the books refuse.
  if (taken?.fingerprint === depositOf(more.adds ?? passId(paymentHash))) return
  if (taken) throw new GatewayError('proof_used', 'This payment has paid for something else')
  const arrived = await settlements.waitFor(paymentHash, ARRIVAL_DEADLINE_MS)
  if (!arrived) throw notReported()
  await buyPass({ books, receipts, clock: ground.clock, ids: ground.ids }, { sold, arrived, credit: deposit, payee, seller, resource })
  paid.onBought()
}

/** Until when it can be paid. What is left is paid to it, whatever that will be, and by our own node: so it names no amount and is none of ours. */
function checkReturn(
  { readInvoice, ground }: Room,
  { paymentHash }: Paid,
  { invoice, network }: { invoice: string; network: string },
): number {
  const read = readInvoice(invoice)
  if (typeof read === 'string') throw badReturn(`cannot be paid: ${read}`)
  if (read.network !== network) throw badReturn(`is of ${read.network}, and the deposit of ${network}`)
  if (read.amountMsat !== undefined && read.amountMsat !== 0n) throw badReturn(`names an amount, ${read.amountMsat} msat`)
  if (read.paymentHash === paymentHash) throw badReturn('has the payment hash of the deposit')
  const least = ground.clock.now() + IDLE_MS + RETURN_MS
  if (read.expiresAt < least) throw badReturn(`ends at ${new Date(read.expiresAt).toISOString()}, before ${new Date(least).toISOString()}`)
  return read.expiresAt
}

function badReturn(why: string): GatewayError {
  return new GatewayError('session_bad_return', `The return invoice ${why}`)
}

function closed({ id }: Pick<Pass, 'id'>): GatewayError {
  return new GatewayError('session_closed', `The session ${id} is closed`)
}

/** What is missing, in the words of the draft's `payment-need-topup`; in satoshi. */
export function depositNeeded({ spent, held }: DepositState, units: bigint) {
  const inSat = (msat: bigint): number => Number(ceilDiv(msat, SATOSHI)) // not money: what a payer is told, in satoshi
  return { balanceSpent: inSat(spent + held), balanceRequired: inSat(units) }
}

function balanceLow(state: DepositState, units: bigint): GatewayError {
  return new GatewayError('session_deposit_low', `${state.available} msat are left of the deposits, and ${units} are asked`, {
    meta: depositNeeded(state, units),
  })
}
