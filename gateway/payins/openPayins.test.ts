import { generateKeyPairSync } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { rates } from '../../test/payout/payoutWorld.ts'
import { type Receipt, type ReceiptSigner, receiptSigner } from '../audit/receipt/receipt.ts'
import { memoryJournal } from '../ledger/books/memoryJournal.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { openLedger } from '../ledger/openLedger.ts'
import { type Asset, BTC, erc20Asset, USD } from '../money/asset.ts'
import { parseAmount } from '../money/money.ts'
import { openParties } from '../parties/openParties.ts'
import type { Receiver, Settlement } from '../ports/receiver.ts'
import { exposureLimits } from './exposure/limits.ts'
import { openPayins } from './openPayins.ts'
import { DUST_UNITS, holdPolicy } from './regime/holding.ts'

const USDC = erc20Asset({ chainId: 31337, address: `0x${'11'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 10 })
const HASH = 'ab'.repeat(32)
const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

afterEach(() => vi.useRealTimers())

/**
 * The wing over a Lightning rail that tells of what arrived when it is told to, with one intent that can be paid for two seconds, and 9 USD of liquidity to
 * convert with.
 */
async function open(price = '5') {
  let now = 1_800_000_000_000
  const clock = { now: () => now }
  const ids = uuidIds(clock)
  const assetOf = (id: string) => [BTC, USD, USDC].find((asset) => asset.id === id)!
  const ground = { clock, ids, rates, usd: USD, bookAsset: USDC, assets: [BTC, USD, USDC], assetOf }
  const arrived = Promise.withResolvers<Settlement>()
  const lightning: Receiver = {
    rail: 'lightning',
    asset: BTC,
    async offer({ amount, expiresAt }) {
      const wire = { kind: 'bolt11', invoice: `lnbcrt${HASH}`, paymentHash: HASH, network: 'regtest' } as const
      return { rail: 'lightning', amount, expiresAt, reference: HASH, wire }
    },
    async *settlements(_, { signal }) {
      const over = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
      const settlement = await Promise.race([arrived.promise, over])
      if (settlement) yield settlement
      await over
    },
  }
  const ledger = openLedger(ground, { journal: memoryJournal() })
  const wing = openParties(ground, { books: ledger.books, operator: `0x${'0e'.repeat(20)}`, topUpReference: undefined })
  const signer = receiptSigner({ privateKeyPem, clock, ids })
  const issued: Receipt[] = []
  const receipts: ReceiptSigner & { issued: Receipt[] } = {
    ...signer,
    issued,
    issue: (content) => issued[issued.push(signer.issue(content)) - 1]!,
  }
  const payins = openPayins(ground, {
    ...ledger,
    ...wing,
    receipts,
    factsOf: async () => [],
    receiptOf: async () => undefined,
    headOf: async () => undefined,
    answerOf: async () => undefined,
    firstDays: { admitIntent: () => undefined },
    receivers: [lightning],
    statements: [],
    chains: [],
    otherAssets: [],
    readInvoice: () => 'none is read here',
    exposure: exposureLimits,
    holding: holdPolicy,
    dustUnits: DUST_UNITS,
    secrets: { current: Buffer.alloc(32, 7) },
    log: () => undefined,
  })
  await ledger.books.start()
  const { party } = await wing.parties.create({ name: 'seller' })
  const payee = { kind: 'party', party: party.id, split: await wing.splits.house(party.id) } as const
  const capital = { debit: accounts.capital('operator'), credit: accounts.fx(BTC, USDC), asset: USDC, units: 9_000_000n }
  await ledger.books.submit({ entry: { id: ids.entry(), payment: 'capital', legs: [{ kind: 'move', ...capital }] } })
  const { intent } = await payins.intents.create({ amount: parseAmount(price, USD), payee, metadata: {}, expiresInS: 2, description: '' })
  const { amount } = intent.offers.find(({ rail }) => rail === 'lightning')!
  const paidAt = now + 500
  now += 60_000
  return {
    payins,
    status: () => payins.intents.get(intent.id).status,
    seller: (asset: Asset = USDC) => ledger.books.balance(accounts.party(party.id), asset).creditsPosted,
    intent: () => payins.intents.get(intent.id),
    amount,
    receipts,
    suspense: () => ledger.books.balance('suspense:lightning', BTC).creditsPosted,
    arrive: () =>
      arrived.resolve({ kind: 'received', id: HASH, reference: HASH, rail: 'lightning', place: 'node', amount, at: paidAt, cursor: '1' }),
    async close() {
      payins.stop()
      await payins.close()
      await ledger.books.close()
    },
  }
}

test('what was paid in time while the gateway was down settles its intent, however late the rail tells of it in the start', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const w = await open()
  await w.payins.start(() => undefined)
  // Payouts are being taken up: that takes as long as a rail is silent.
  await vi.advanceTimersByTimeAsync(10_000)
  w.arrive()
  await expect.poll(w.status).toBe('settled')
  expect(w.seller()).toBe(5_000_000n)
  await w.close()
})

test('what pays an intent settles it also where the pair has too little to convert it: the payee has what came, and the receipt says so', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const w = await open('1500')
  await w.payins.start(() => undefined)
  w.arrive()
  await expect.poll(w.status).toBe('settled')
  expect([w.seller(USDC), w.seller(BTC), w.suspense()]).toEqual([0n, w.amount.units, 0n])
  expect(w.intent().paid).toMatchObject({ amount: w.amount, credited: w.amount })
  expect(w.receipts.issued.find(({ id }) => id === w.intent().paid?.receipt)).toMatchObject({
    parts: [{ amount: '0.015' }],
    rate: '0.015 BTC = 0.015 BTC',
  })
  await w.close()
})

test('an intent that nobody has paid expires when it may, and never after the wing has stopped', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const [w, stopped] = [await open(), await open()]
  for (const one of [w, stopped]) {
    await one.payins.start(() => undefined)
    one.payins.expireIntents()
  }
  stopped.payins.stop()
  await vi.advanceTimersByTimeAsync(10_000)
  await expect.poll(w.status).toBe('expired')
  expect(stopped.status()).toBe('open')
  for (const one of [w, stopped]) await one.close()
})
