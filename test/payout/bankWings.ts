import { generateKeyPairSync } from 'node:crypto'
import { pino } from 'pino'
import { expect, onTestFinished } from 'vitest'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { openLedger } from '../../gateway/ledger/openLedger.ts'
import { BTC, EUR, USD } from '../../gateway/money/asset.ts'
import { type Money, money } from '../../gateway/money/money.ts'
import { openParties } from '../../gateway/parties/openParties.ts'
import { exposureLimits } from '../../gateway/payins/exposure/limits.ts'
import { openPayins } from '../../gateway/payins/openPayins.ts'
import { DUST_UNITS, holdPolicy } from '../../gateway/payins/regime/holding.ts'
import { feePolicy } from '../../gateway/payouts/fees/policy.ts'
import { openPayouts } from '../../gateway/payouts/openPayouts.ts'
import type { Payouts } from '../../gateway/payouts/payout/payouts.ts'
import { payoutLimits } from '../../gateway/payouts/payoutState/limits.ts'
import { shippedSchedules } from '../../gateway/payouts/schedules/shippedSchedules.ts'
import type { Leg } from '../../gateway/ports/books.ts'
import type { Ground } from '../../gateway/ports/ground.ts'
import type { Recaller } from '../../gateway/ports/recaller.ts'
import type { Receiver, Settlement } from '../../gateway/ports/receiver.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import { makeRails, rates, to, USDC } from './payoutWorld.ts'

const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
/** A Friday, 3:00 in New York; its Monday is a holiday of the Fed. */
export const START_MS = 1_800_000_000_000
export const FUNDS = 50_000_000n

export type BankWings = Readonly<{
  ground: Ground
  ledger: ReturnType<typeof openLedger>
  parties: ReturnType<typeof openParties>
  payins: ReturnType<typeof openPayins>
  payouts: Payouts
  netting: ReturnType<typeof openPayouts>['netting']
  batches: ReturnType<typeof openPayouts>['batches']
  recalls: ReturnType<typeof openPayouts>['recalls']
}>

/** What a bank tells of, in the order in which it is told to. */
function bankStream() {
  const told: Settlement[] = []
  let ring: () => void = () => undefined
  const receiver: Receiver = {
    rail: 'bank',
    asset: EUR,
    async offer({ amount, expiresAt, ref }) {
      const wire = { kind: 'bank', iban: 'DE93999999990000000001', name: 'Switchyard', remittance: ref } as const
      return { rail: 'bank', amount, expiresAt, reference: ref, wire }
    },
    async *settlements(after, { signal }) {
      signal.addEventListener('abort', () => ring())
      for (let next = Number(after); !signal.aborted; ) {
        const settlement = told[next]
        if (settlement) next++
        if (settlement) yield settlement
        else await new Promise<void>((resolve) => (ring = resolve))
      }
    },
  }
  const tell = (about: Pick<Settlement, 'id' | 'amount'> & Partial<Settlement>) => {
    told.push({ kind: 'received', cursor: String(told.length + 1), rail: 'bank', place: 'account', at: START_MS, ...about })
    ring()
  }
  return { receiver, tell }
}

/** Rails that stand beside the bank, open already, and what their accounts hold. */
type Beside = Readonly<{
  senders: readonly Sender[]
  receivers: readonly Receiver[]
  holds: readonly Readonly<{ rail: string; amount: Money }>[]
  recallers?: readonly Recaller[]
}>

/**
 * Pay-ins and payouts over one bank that pays at once; a party with money in euros and in dollars, and liquidity between the two. `more` opens wings above
 * them, before the books start.
 */
export async function openBankWings<T extends object>(
  more: (wings: BankWings) => T = () => ({}) as T,
  beside: Beside = { senders: [], receivers: [], holds: [] },
) {
  let laterMs = 0
  const clock = { now: () => START_MS + laterMs }
  const ids = uuidIds(clock)
  const assetOf = (id: string) => [BTC, EUR, USD, USDC].find((asset) => asset.id === id)!
  const ground = { clock, ids, rates, usd: USD, bookAsset: USDC, assets: [BTC, EUR, USD, USDC], assetOf }
  const [bank, stream, ledger] = [makeRails().bank, bankStream(), openLedger(ground, { journal: memoryJournal() })]
  const { books } = ledger
  const wing = openParties(ground, { books, operator: `0x${'0e'.repeat(20)}`, topUpReference: undefined })
  const noFirstDays = { fitsPayout: () => undefined, admitPayout: () => () => undefined, admitIntent: () => undefined }
  const payins = openPayins(ground, {
    ...ledger,
    ...wing,
    receipts: receiptSigner({ privateKeyPem, clock, ids }),
    factsOf: async () => [],
    receiptOf: async () => undefined,
    headOf: async () => undefined,
    answerOf: async () => undefined,
    receivers: [stream.receiver, ...beside.receivers],
    statements: [],
    chains: [],
    otherAssets: [],
    readInvoice: () => 'none is read here',
    exposure: exposureLimits,
    holding: holdPolicy,
    dustUnits: DUST_UNITS,
    secrets: { current: Buffer.alloc(32, 7) },
    firstDays: noFirstDays,
    log: () => undefined,
  })
  const onFatal = (error: unknown) => {
    throw error
  }
  const { payouts, ...rest } = openPayouts(ground, {
    books,
    senders: [bank, ...beside.senders],
    fees: feePolicy,
    limits: payoutLimits,
    firstDays: noFirstDays,
    readInvoice: () => 'none is read here',
    chainWallet: undefined,
    recallers: beside.recallers ?? [],
    feeLists: {},
    schedules: shippedSchedules(),
    arrivals: payins.arrivals,
    log: pino({ level: 'silent' }),
    onFatal,
  })
  const above = more({
    ground,
    ledger,
    parties: wing,
    payins,
    payouts,
    netting: rest.netting,
    batches: rest.batches,
    recalls: rest.recalls,
  })
  await books.start()
  const { party, apiKey } = await wing.parties.create({ name: 'payee' })
  const source = accounts.party(party.id)
  const move = (debit: string, credit: string, { asset, units }: Money): Leg => ({ kind: 'move', debit, credit, asset, units })
  const legs = [
    move('rail:bank:account', source, money(EUR, FUNDS)),
    move('rail:bank:account', accounts.fx(EUR, USDC), money(EUR, FUNDS)),
    move('rail:evm:31337:wallet', source, money(USDC, FUNDS)),
    ...beside.holds.map(({ rail, amount }) => move(rail, accounts.fx(amount.asset, USDC), amount)),
  ]
  await books.submit({ entry: { id: ids.entry(), payment: 'seed', legs } })
  await payins.start(onFatal)
  await rest.start()
  onTestFinished(async () => {
    await rest.close()
    payins.stop()
    await payins.close()
    await books.close()
  })
  const has = (path: string, asset = EUR) => books.balance(path, asset).creditsPosted - books.balance(path, asset).debitsPosted
  async function paid(amount: Money): Promise<{ id: string; attemptId: string; sent: Money }> {
    const order = { source, amount, destinations: [to.iban], reference: 'invoice 7', createdBy: 'test' }
    const { id } = await payouts.create(order)
    expect(await payouts.wait(id, { timeoutMs: 20_000 })).toMatchObject({ status: 'settled' })
    const { id: attemptId, amount: sent } = bank.paid.at(-1)!
    return { id, attemptId, sent }
  }
  const later = (ms: number) => {
    laterMs += ms
  }
  return {
    bank,
    stream,
    books,
    payins,
    payouts,
    recalls: rest.recalls,
    parties: wing.parties,
    splits: wing.splits,
    party,
    apiKey,
    source,
    has,
    paid,
    later,
    ids,
    above,
  }
}
