import { generateKeyPairSync } from 'node:crypto'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { makeRails, rates, to, USDC } from '../../test/payout/payoutWorld.ts'
import { receiptSigner } from '../audit/receipt/receipt.ts'
import { memoryJournal } from '../ledger/books/memoryJournal.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { openLedger } from '../ledger/openLedger.ts'
import { BTC, EUR, USD } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'
import { openParties } from '../parties/openParties.ts'
import { openPayins } from '../payins/openPayins.ts'
import type { Leg } from '../ports/books.ts'
import type { Receiver, Settlement } from '../ports/receiver.ts'
import { feePolicy } from './fees/policy.ts'
import { openPayouts } from './openPayouts.ts'

const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const clock = { now: () => 1_800_000_000_000 }
const FUNDS = 50_000_000n

/** What a bank tells of, in the order in which it is told to. */
function bankStream() {
  const told: Settlement[] = []
  let ring: () => void = () => undefined
  const receiver: Receiver = {
    rail: 'bank',
    asset: EUR,
    offer: async () => {
      throw new Error('nobody is asked to pay here')
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
    told.push({ kind: 'received', cursor: String(told.length + 1), rail: 'bank', place: 'account', at: clock.now(), ...about })
    ring()
  }
  return { receiver, tell }
}

/** Both wings over one bank that pays at once; a party with money in euros and in dollars, and liquidity between the two. */
async function open() {
  const ids = uuidIds(clock)
  const assetOf = (id: string) => [BTC, EUR, USD, USDC].find((asset) => asset.id === id)!
  const ground = { clock, ids, rates, usd: USD, bookAsset: USDC, assets: [BTC, EUR, USD, USDC], assetOf }
  const [bank, stream, ledger] = [makeRails().bank, bankStream(), openLedger(ground, { journal: memoryJournal() })]
  const { books } = ledger
  const wing = openParties(ground, { books, operator: `0x${'0e'.repeat(20)}`, topUpReference: undefined })
  const payins = openPayins(ground, {
    ...ledger,
    ...wing,
    receipts: receiptSigner({ privateKeyPem, clock, ids }),
    factsOf: async () => [],
    answerOf: async () => undefined,
    receivers: [stream.receiver],
    statements: [],
    chains: [],
    otherAssets: [],
    readInvoice: () => 'none is read here',
    secrets: { current: Buffer.alloc(32, 7) },
    log: () => undefined,
  })
  const onFatal = (error: unknown) => {
    throw error
  }
  const { payouts, ...rest } = openPayouts(ground, {
    books,
    senders: [bank],
    fees: feePolicy,
    chainWallet: undefined,
    arrivals: payins.arrivals,
    log: pino({ level: 'silent' }),
    onFatal,
  })
  await books.start()
  const { party } = await wing.parties.create({ name: 'payee' })
  const source = accounts.party(party.id)
  const move = (debit: string, credit: string, { asset, units }: Money): Leg => ({ kind: 'move', debit, credit, asset, units })
  const legs = [
    move('rail:bank:account', source, money(EUR, FUNDS)),
    move('rail:bank:account', accounts.fx(EUR, USDC), money(EUR, FUNDS)),
    move('rail:evm:31337:wallet', source, money(USDC, FUNDS)),
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
  return { bank, stream, books, payins, payouts, source, has, paid, ids }
}

test('a payout that the bank returns is given back to its source, and says so', async () => {
  const w = await open()
  const { id, attemptId, sent } = await w.paid(money(EUR, 10_000_000n))
  expect(w.has(w.source)).toBe(FUNDS - 10_000_000n)
  w.stream.tell({ id: 'B9/CRDT/10000000', amount: sent, attemptId, reference: 'at9', reason: 'AC01' })
  await expect.poll(() => w.payouts.get(id).status).toBe('returned')
  expect(w.has(w.source)).toBe(FUNDS)
  expect(w.payouts.get(id)).toMatchObject({ returned: { reason: 'AC01', amount: { amount: '10', code: 'EUR' } } })
  expect(w.payins.settlements.unmatched()).toEqual([])
  expect(w.has('suspense:bank')).toBe(0n)
})

test('what the bank keeps of a return is missing, and no second return is credited', async () => {
  const w = await open()
  const { id, attemptId } = await w.paid(money(EUR, 10_000_000n))
  w.stream.tell({ id: 'B9', amount: money(EUR, 9_500_000n), attemptId })
  await expect.poll(() => w.has(w.source)).toBe(FUNDS - 500_000n)
  w.stream.tell({ id: 'B10', amount: money(EUR, 9_500_000n), attemptId })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(1)
  expect(w.has(w.source)).toBe(FUNDS - 500_000n)
  expect(w.payouts.get(id)).toMatchObject({ status: 'returned', returned: { amount: { amount: '9.5' } } })
})

test('what was converted goes back at the rate at which it went', async () => {
  const w = await open()
  const { attemptId, sent } = await w.paid(money(USDC, 11_000_000n))
  expect(w.has(w.source, USDC)).toBe(FUNDS - 11_000_000n)
  w.stream.tell({ id: 'B9', amount: sent, attemptId })
  await expect.poll(() => w.has(w.source, USDC)).toBe(FUNDS)
  expect(w.has(accounts.fx(EUR, USDC), EUR)).toBe(FUNDS)
})

test('where the liquidity is gone meanwhile, a return is credited in the asset in which it came', async () => {
  const w = await open()
  const { id, attemptId, sent } = await w.paid(money(USDC, 11_000_000n))
  const fx = accounts.fx(EUR, USDC)
  const gone: Leg = { kind: 'move', debit: fx, credit: 'capital:operator', asset: USDC, units: w.has(fx, USDC) }
  await w.books.submit({ entry: { id: w.ids.entry(), payment: 'gone', legs: [gone] } })
  w.stream.tell({ id: 'B9', amount: sent, attemptId })
  await expect.poll(() => w.payouts.get(id).status).toBe('returned')
  expect([w.has(w.source, USDC), w.has(w.source, EUR)]).toEqual([FUNDS - 11_000_000n, FUNDS + sent.units])
})

test('a return that the bank tells of before its payout is known to be paid waits for that', async () => {
  const w = await open()
  w.bank.manner = 'paySilently'
  const { id } = await w.payouts.create({
    source: w.source,
    amount: money(EUR, 10_000_000n),
    destinations: [to.iban],
    reference: '',
    createdBy: 'test',
  })
  await expect.poll(() => w.bank.paid.length).toBe(1)
  const { id: attemptId, amount } = w.bank.paid[0]!
  w.stream.tell({ id: 'B9', amount, attemptId })
  await expect.poll(() => w.payouts.get(id).status, { timeout: 20_000 }).toBe('returned')
  expect(w.has(w.source)).toBe(FUNDS)
})

test('a return of what the books never saw leave is nobody’s until a person decides', async () => {
  const w = await open()
  w.bank.manner = 'refuse'
  const order = { source: w.source, amount: money(EUR, 10_000_000n), destinations: [to.iban], reference: '', createdBy: 'test' }
  const { id } = await w.payouts.create(order)
  expect(await w.payouts.wait(id, { timeoutMs: 20_000 })).toMatchObject({ status: 'failed' })
  w.stream.tell({ id: 'B9', amount: order.amount, attemptId: w.bank.heard[0]! })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(1)
  expect([w.has(w.source), w.has('suspense:bank')]).toEqual([FUNDS, 10_000_000n])
})
