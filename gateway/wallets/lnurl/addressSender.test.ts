import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readBolt11 } from '../../../adapters/lightning/bolt11.ts'
import { openPublicHttp } from '../../../adapters/publicHttp/openPublicHttp.ts'
import { type Lie, startPayServer } from '../../../test/lnurl/payServer.ts'
import { type FakeRail, fakeRail } from '../../conformance/fakeRail.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { JournalStore } from '../../ports/journal.ts'
import type { Attempt, Sender } from '../../ports/sender.ts'
import { addressSender } from './addressSender.ts'
import { sealSuccess } from './successAction.ts'
import { createTakenInvoices, type TakenInvoices } from './takenInvoices.ts'

/** As long as a busy machine may take. */
const SOON = { timeout: 30_000 }

const open: { close: () => void }[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

let journal: JournalStore
let rail: FakeRail
beforeEach(() => {
  journal = memoryJournal()
  rail = fakeRail({
    rail: 'lightning',
    asset: BTC,
    serves: ['lightning_invoice', 'lightning_node'],
    feesComeBy: 'outcome',
    fee: money(BTC, 700n),
    feeMax: money(BTC, 2_000n),
    available: money(BTC, 10n ** 9n),
  })
})

/** A process: it knows what the journal tells it, and nothing else. */
async function boot(
  host: string,
  { deadlineMs = 20_000, aheadMs = (): number => 0, readInvoice = readBolt11 as InvoiceReader } = {},
): Promise<{ sender: Sender; taken: TakenInvoices; record: (type: string, id: string, data?: object) => Promise<unknown> }> {
  const clock = { now: () => Date.now() + aheadMs() }
  const books = createBooks({ journal, clock })
  const taken = createTakenInvoices(books)
  await books.start()
  const http = openPublicHttp({ localHosts: [host], deadlineMs })
  const sender = addressSender(rail, { http, readInvoice, books, taken, clock })
  return {
    sender,
    taken,
    record: (type, id, data = {}) => books.submit({ facts: [{ type, id, at: 1, data: data as Record<string, string> }] }),
  }
}

test('whose server a destination is asked at is told by what its owner pays for, and not by names that cost nothing', async () => {
  const { sender } = await boot('local.test:80')
  const hostOf = (address: string) => sender.payeeHost?.({ kind: 'lightning_address', address })
  const addresses = [
    'ann@pay.example.com',
    'ann@a.b.example.com',
    'ann@shop.co.uk',
    'ann@a.shop.co.uk',
    'ann@local.test:80',
    'ann@127.0.0.1:80',
  ]
  expect(addresses.map(hostOf)).toEqual(['example.com', 'example.com', 'shop.co.uk', 'shop.co.uk', 'local.test', '127.0.0.1:80'])
  expect(sender.payeeHost?.({ kind: 'lnurl', lnurl: 'lnurlp://a.example.com/pay' })).toBe('example.com')
  expect(sender.payeeHost?.({ kind: 'lightning_node', nodeId: '02' })).toBeUndefined()
})

async function meet(o: Parameters<typeof startPayServer>[0] = {}) {
  const server = await startPayServer(o)
  open.push(server)
  return server
}

const attemptTo = (address: string, reference = ''): Attempt => ({
  id: 'at_1',
  amount: money(BTC, 21_000n),
  feeMax: money(BTC, 2_000n),
  reference,
  destination: { kind: 'lightning_address', address },
})
const options = () => ({ signal: AbortSignal.timeout(30_000) })
const callbacks = (server: { asked: URL[] }) => server.asked.filter((url) => url.pathname === '/cb')

test('an address is paid by the invoice that its estimate was made on', async () => {
  const server = await meet()
  const { sender } = await boot(server.host)
  const { amount, destination } = attemptTo(server.address)
  expect(await sender.estimate({ amount, destination })).toMatchObject({ kind: 'possible' })
  expect(await sender.send(attemptTo(server.address), options())).toMatchObject({ kind: 'settled' })
  expect(callbacks(server)).toHaveLength(1)
  expect(rail.paid.map((a) => a.destination.kind)).toEqual(['lightning_invoice'])
  expect(rail.paid[0]!.id).toBe('at_1')
})

test('an invoice that has expired since the estimate is not paid: another is asked for', async () => {
  const server = await meet()
  let aheadMs = 0
  const until = Date.now() + 30_000
  const readInvoice: InvoiceReader = (text) => {
    const read = readBolt11(text)
    return typeof read === 'string' ? read : { ...read, expiresAt: until + aheadMs }
  }
  const { sender } = await boot(server.host, { aheadMs: () => aheadMs, readInvoice })
  await sender.estimate(attemptTo(server.address))
  aheadMs = 40_000
  expect(await sender.send(attemptTo(server.address), options())).toMatchObject({ kind: 'settled' })
  expect(callbacks(server)).toHaveLength(2)
})

test('a comment reaches the payee, with an invoice of its own', async () => {
  const server = await meet({ extra: { commentAllowed: 100 } })
  const { sender } = await boot(server.host)
  const attempt = attemptTo(server.address, 'for the song')
  await sender.estimate(attempt)
  await sender.send(attempt, options())
  expect(callbacks(server).map((url) => url.searchParams.get('comment'))).toEqual([null, 'for the song'])
})

test('an attempt that is sent again, also by another process, is sent with the same invoice', async () => {
  const server = await meet()
  const first = await boot(server.host)
  rail.manner = 'hangUnheard'
  void first.sender.send(attemptTo(server.address), options())
  await expect.poll(() => rail.heard, SOON).toEqual(['at_1'])
  const second = await boot(server.host)
  const invoice = second.taken.get('at_1')?.invoice
  expect(invoice).toBe(first.taken.get('at_1')?.invoice)
  rail.manner = 'pay'
  expect(await second.sender.send(attemptTo(server.address), options())).toMatchObject({ kind: 'settled' })
  expect(rail.paid.map((a) => a.destination)).toEqual([{ kind: 'lightning_invoice', invoice }])
  expect(callbacks(server)).toHaveLength(1)
})

describe('nothing is handed to the rail', () => {
  test.each<[Lie, string]>([
    ['amount_over', 'rejected_by_payee'],
    ['description_hash', 'rejected_by_payee'],
    ['silent', 'rejected_by_payee'],
    ['huge', 'rejected_by_payee'],
    ['redirect_inside', 'invalid_destination'],
  ])('when the server does this: %s', async (lie, reason) => {
    const server = await meet({ lie })
    const { sender, taken } = await boot(server.host, lie === 'silent' ? { deadlineMs: 200 } : {})
    expect(await sender.estimate(attemptTo(server.address))).toMatchObject({ kind: 'impossible', reason })
    expect(await sender.send(attemptTo(server.address), options())).toMatchObject({ kind: 'failed', reason })
    expect([rail.heard, taken.get('at_1')]).toEqual([[], undefined])
  })
})

test('a destination that is no address is refused without asking anybody, and others are the rail’s', async () => {
  const { sender } = await boot('127.0.0.1:1')
  expect(sender.check({ kind: 'lightning_address', address: 'nobody' })).toContain('neither a Lightning Address nor an LNURL')
  expect(sender.check({ kind: 'lnurl', lnurl: 'lnurlw://pay.example/x' })).toContain('for withdraw')
  expect(sender.check({ kind: 'lnurl', lnurl: 'lnurlp://pay.example/x' })).toBeUndefined()
  const node = { kind: 'lightning_node', nodeId: `02${'ab'.repeat(32)}` } as const
  expect(await sender.send({ ...attemptTo(''), destination: node }, options())).toMatchObject({ kind: 'settled' })
  expect(rail.paid[0]!.destination).toEqual(node)
})

test('what the payee shows can be read once the payment has settled', async () => {
  const preimage = '05'.repeat(32)
  const server = await meet({ answer: { successAction: sealSuccess({ description: 'Code', text: '4711', preimage }) } })
  const { sender, taken, record } = await boot(server.host)
  await sender.send(attemptTo(server.address), options())
  expect(taken.success('at_1')).toBeUndefined()
  await record('attempt.settled', 'at_1', { evidence: { rail: 'lightning', id: 'x', at: 1, proof: preimage } })
  expect(taken.success('at_1')).toEqual({ text: 'Code: 4711' })
  expect(taken.get('at_1')).toBeUndefined()
})
