import { expect, test } from 'vitest'
import { bootWallet, OWNER, settle } from '../../../test/wallet/walletWorld.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import type { PartyId } from '../../ports/ids.ts'
import { toWalletFact } from './facts.ts'
import { createPartyInvoiceRecords } from './partyInvoiceRecords.ts'

const OTHER: PartyId = `pa_${'0'.repeat(31)}2`
const wish = (o: { party?: PartyId; amountMsat?: bigint } = {}) => ({
  party: o.party ?? OWNER,
  amountMsat: o.amountMsat ?? 1_000n,
  expiresInS: 600,
  purpose: { kind: 'app' as const, of: 'app', description: 'tips', comment: 'hello' },
})

test('an invoice is known, with its owner and what the payer said, also after a restart', async () => {
  const first = await bootWallet()
  const made = await first.wallet.invoices.make(wish())
  await settle(first.books, { paymentHash: made.paymentHash, party: OWNER, units: 1_500n })
  const second = await bootWallet({ journal: first.journal })
  for (const { invoices } of [first.wallet, second.wallet]) {
    expect(invoices.partyOf(made.paymentHash)).toBe(OWNER)
    expect(invoices.get(made.paymentHash)).toMatchObject({ invoice: made.invoice, purpose: { comment: 'hello' } })
    // The payer sent more than was asked: all of it is the party's.
    expect(invoices.get(made.paymentHash)?.paid).toMatchObject({ amount: { units: 1_500n }, preimage: '09'.repeat(32), at: 5 })
  }
})

test('what the apps of one party can have open is bounded, and does not hold back another; a payment makes room', async () => {
  const { wallet, books } = await bootWallet()
  const [first] = await Promise.all(Array.from({ length: 200 }, () => wallet.invoices.make(wish())))
  await expect(wallet.invoices.make(wish())).rejects.toMatchObject({ code: 'too_busy' })
  expect(await wallet.invoices.make(wish({ party: OTHER }))).toMatchObject({ party: OTHER })
  await settle(books, { paymentHash: first!.paymentHash, party: OWNER, units: 1_000n })
  expect(await wallet.invoices.make(wish())).toMatchObject({ party: OWNER })
})

test('expired invoices make room at once, and are remembered for a payment that comes late', async () => {
  let now = 1_800_000_000_000
  const { wallet } = await bootWallet({ clock: { now: () => now } })
  const first = await wallet.invoices.make(wish())
  for (let i = 1; i < 200; i++) await wallet.invoices.make(wish())
  now += 601_000
  await wallet.invoices.make(wish())
  expect(wallet.invoices.partyOf(first.paymentHash)).toBe(OWNER)
})

test('an open invoice keeps its owner, however many are made after it', async () => {
  const { wallet, books } = await bootWallet()
  const { paymentHash, invoice, purpose, expiresAt, createdAt } = await wallet.invoices.make(wish())
  const data = { party: OTHER, units: '1', invoice, purpose, expiresAt }
  for (let batch = 0; batch < 60; batch++) {
    const names = Array.from({ length: 1_000 }, (_, n) => (batch * 1_000 + n).toString(16).padStart(64, '0'))
    await books.submit({ facts: names.map((id) => toWalletFact({ type: 'party_invoice.made', id, at: createdAt, data })) })
  }
  expect(wallet.invoices.partyOf(paymentHash)).toBe(OWNER)
})

test('what left memory long after its expiry is read back, and its payment is its owner’s', async () => {
  let now = 1_800_000_000_000
  const clock = { now: () => now }
  const first = await bootWallet({ clock })
  const { paymentHash } = await first.wallet.invoices.make(wish())
  now += 2 * 86_400_000
  await first.wallet.invoices.make(wish())
  await settle(first.books, { paymentHash, party: OWNER, units: 1_000n })
  const second = await bootWallet({ journal: first.journal, clock })
  for (const { invoices } of [first.wallet, second.wallet]) {
    expect(invoices.partyOf(paymentHash)).toBe(OWNER)
    expect(invoices.get(paymentHash)?.paid).toMatchObject({ amount: { units: 1_000n } })
  }
})

test('paid invoices leave memory one after the other, and are read back', async () => {
  const books = createBooks({ journal: memoryJournal(), clock: { now: () => 0 } })
  const records = createPartyInvoiceRecords({ books, asset: BTC, paidKept: 1 })
  await books.start()
  const { purpose } = wish()
  const data = { party: OWNER, units: '1', invoice: 'lnbcrt', purpose, expiresAt: 600_000 }
  const ids = [1, 2, 3].map((n) => `${n}`.repeat(64))
  for (const id of ids) {
    await books.submit({ facts: [toWalletFact({ type: 'party_invoice.made', id, at: 1, data })] })
    await settle(books, { paymentHash: id, party: OWNER, units: 1n })
  }
  expect(records.all().map(({ paymentHash }) => paymentHash)).toEqual([ids[2]])
  expect(ids.map((id) => records.get(id)?.paid?.amount.units)).toEqual([1n, 1n, 1n])
})

test('a listener is told of a payment once, and lists show the newest first', async () => {
  const { wallet, books } = await bootWallet()
  const told: string[] = []
  wallet.invoices.onPaid(({ paymentHash }) => told.push(paymentHash))
  const [a, b] = [await wallet.invoices.make(wish()), await wallet.invoices.make(wish())]
  for (const { paymentHash } of [a, b]) await settle(books, { paymentHash, party: OWNER, units: 1_000n })
  expect(told).toEqual([a.paymentHash, b.paymentHash])
  expect(wallet.invoices.list({ limit: 1, fits: () => true }).map((i) => i.paymentHash)).toEqual([b.paymentHash])
})
