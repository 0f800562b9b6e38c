import { generateKeyPairSync } from 'node:crypto'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import { ETH, erc20Asset } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { createParties } from '../../gateway/parties/party/parties.ts'
import { createSplits } from '../../gateway/parties/party/splits.ts'
import { createRequestRecords } from '../../gateway/payins/claim/requestRecords.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { createSettlementRecords } from '../../gateway/payins/settlement/settlementRecords.ts'
import { watchSettlements } from '../../gateway/payins/settlement/watch.ts'
import type { ShareChain } from '../../gateway/payins/shareClaims/lookAtRow.ts'
import { createShareClaims } from '../../gateway/payins/shareClaims/shareClaims.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import type { RateSource } from '../../gateway/ports/rates.ts'
import type { MovementKind, Settlement } from '../../gateway/ports/receiver.ts'
import { createFakeStream } from '../vouchers/fakeStream.ts'

const OPERATOR: Hex = `0x${'0e'.repeat(20)}`
const PRINTER: Hex = `0x${'a1'.repeat(20)}`
const START_MS = 1_800_000_000_000
const TOKEN = erc20Asset({ chainId: 31337, address: `0x${'c0'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 100 })
const RAIL = evmRail(31337)
/** Wei; at 3,000 dollars an ether either step costs 30 units of the token. */
const COST = 10_000_000_000n
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export type OutsideRow = ReturnType<typeof outsideRow>

/** What outlives a gateway: its journal, the time, and a hub with the rail's own file of what was asked of it. */
export function outsideRow() {
  const time = { ms: START_MS }
  return { time, journal: memoryJournal(), hub: createRowHub(() => time.ms) }
}

/** How the rail answers a transaction: at once, never until it is let, or that it failed; `silent`: no node answers. */
type Manner = 'settle' | 'unknown' | 'fail' | 'silent'

/** The contract's rules for one table, and a rail that sends each id once. */
function createRowHub(now: () => number) {
  const { told, push, receiver } = createFakeStream(RAIL, TOKEN)
  const held = { received: 0n, inReceiver: 0n, paid: new Map<string, bigint>() }
  const asked = new Map<string, { outcome: Outcome; run: () => void }>()
  const hub = { manner: 'settle' as Manner, sent: [] as string[], lies: 0n }

  function tell(kind: MovementKind | 'demoted', units: bigint, fields: Partial<Settlement>): Settlement {
    const id = `tx${told.length}`
    const common = { kind, id, cursor: `${told.length + 1}`, rail: RAIL, place: 'hub', amount: money(TOKEN, units), at: now() }
    const settlement = Object.assign(common, fields)
    push(settlement)
    return settlement
  }

  function ask(id: string, step: string, run: () => void): Outcome {
    if (hub.manner === 'silent') return { kind: 'unknown', checkAfterMs: 1 }
    const known = asked.get(id)
    if (known && known.outcome.kind !== 'unknown') return known.outcome
    if (!known) hub.sent.push(step)
    const manner = hub.manner
    const settled: Outcome = { kind: 'settled', evidence: { rail: RAIL, id: `0x${id}`, at: now() }, fee: money(ETH, 1n) }
    const unknown: Outcome = { kind: 'unknown', checkAfterMs: 1 }
    const outcome: Outcome = manner === 'fail' ? { kind: 'failed', reason: 'reverted' } : manner === 'settle' ? settled : unknown
    asked.set(id, { outcome, run })
    if (outcome.kind === 'settled') run()
    return outcome
  }

  const chain: ShareChain = {
    rail: RAIL,
    asset: TOKEN,
    sweep: async (id, splitId) =>
      ask(id, 'sweep', () => {
        const value = held.inReceiver
        held.received += value
        held.inReceiver = 0n
        if (value > 0n) tell('swept', value, { place: 'receiver', splitId })
      }),
    claim: async (id, share) => ask(id, 'claim', () => pay(share)),
    async shareHeld(_, share) {
      if (hub.manner === 'silent') throw new GatewayError('rail_unavailable', 'The node does not answer')
      return { owed: owedTo(share) + hub.lies, inReceiver: held.inReceiver + hub.lies }
    },
    splitCost: () => money(ETH, COST),
  }

  const owedTo = ({ account, shares, totalShares }: Parameters<ShareChain['shareHeld']>[1]) =>
    (held.received * shares) / totalShares - (held.paid.get(account) ?? 0n)
  let splitIdOfTable: Hex = '0x'
  function pay(share: Parameters<ShareChain['claim']>[1]): void {
    const value = owedTo(share)
    held.paid.set(share.account, (held.paid.get(share.account) ?? 0n) + value)
    if (value > 0n) tell('claimed', value, { splitId: splitIdOfTable, account: share.account })
  }

  return Object.assign(hub, {
    chain,
    receiver,
    told,
    held,
    /** Anybody may claim for anybody. */
    pay,
    pays(splitId: Hex, units: bigint, place: 'hub' | 'receiver'): void {
      splitIdOfTable = splitId
      if (place === 'hub') held.received += units
      else held.inReceiver += units
      tell('received', units, { place, splitId, payer: `0x${'b0'.repeat(20)}` })
    },
    /** The chain replaces the block of the last claim. */
    takeBack(): void {
      const last = told.findLast(({ kind }) => kind === 'claimed')!
      held.paid.set(last.account!, held.paid.get(last.account!)! - last.amount.units)
      tell('demoted', last.amount.units, { splitId: last.splitId!, account: last.account!, takesBack: { kind: 'claimed', id: last.id } })
    },
  })
}

export type RowWorld = Awaited<ReturnType<typeof bootRow>>

/** A gateway's books, its watcher and what fetches for payees in the books, over what stands outside. `writer` 3, `printer` 2 with an account, `reader` 1. */
export async function bootRow({ time, hub, journal }: OutsideRow, o: { journal?: JournalStore; operator?: Hex } = {}) {
  const clock = { now: () => time.ms }
  const store = o.journal ?? journal
  const books = createBooks({ journal: store, clock })
  const ids = uuidIds(clock)
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: o.operator ?? OPERATOR })
  const settlements = createSettlementRecords(books, () => TOKEN)
  const receipts = receiptSigner({ privateKeyPem: key, clock, ids })
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const claims = createShareClaims({ books, splits, chains: [hub.chain], rates, clock, ids, log })
  const context = {
    intents: createIntentRecords(books, () => TOKEN),
    settlements,
    requests: createRequestRecords(books),
    parties,
    splits,
    receipts,
    clock,
    bookAsset: TOKEN,
  }
  await books.start()
  const split = splits.list()[0] ?? (await register())
  const errors: unknown[] = []
  claims.start((error) => errors.push(error))
  const capitalOf = async () => undefined
  const watching = watchSettlements({
    books,
    context,
    receivers: [hub.receiver],
    ids,
    factsAt: (seq) => factsAt(store, seq),
    capitalOf,
    log,
  })

  async function register() {
    const made = [3n, 2n, 1n].map(async (shares, i) => {
      const { party } = await parties.create({ name: `payee ${i}` })
      const row = { party: party.id as PartyId, shares }
      return i === 1 ? Object.assign(row, { account: PRINTER }) : row
    })
    return splits.create({ payees: await Promise.all(made), label: 'table' })
  }

  const credit = (path: string) => {
    const b = books.balance(path, TOKEN)
    return b.creditsPosted - b.debitsPosted
  }
  return {
    books,
    claims,
    split,
    lines,
    errors,
    /** Writer and reader. */
    balances: () => split.payees.filter((row) => row.inBooks).map(({ party }) => credit(accounts.party(party))),
    owed: () => credit(accounts.share(split.splitId, OPERATOR)),
    wallet: () => -credit(accounts.rail(RAIL, 'wallet')),
    state: () => claims.stateOf(RAIL, split.splitId),
    /** Waits until everything that the hub told is booked. */
    async caughtUp(): Promise<void> {
      const booked = () => hub.told.every((one) => books.claim(`settlement:${one.rail}:${one.kind}:${one.id}`) !== undefined)
      for (let tries = 0; !booked(); tries++) {
        if (tries > 5_000) throw new Error(`what the hub told was not booked: ${lines.join('; ')}`)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },
    async close(): Promise<void> {
      await claims.close()
      await watching.close()
    },
  }
}

/** A token is worth a dollar, an ether 3,000. */
const rates: RateSource = {
  rate: (from, to) => ({ from, to, observedAt: 0, source: 'test', num: 3_000n * 10n ** 6n, den: 10n ** 18n }),
}
