import { expect, test } from 'vitest'
import { signedInvoice } from '../../../test/behavior/signedInvoice.ts'
import { checkAmount, checkDestination } from './checkDestination.ts'
import { type Invoice, readInvoice, refusalToPay } from './invoice.ts'

// BOLT 11, "Please make a donation of any amount", in today's form and in the form from before payment secrets.
const DONATION =
  'lnbc1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq9qrsgq357wnc5r2ueh7ck6q93dj32dlqnls087fxdwk8qakdyafkq3yap9us6v52vjjsrvywa6rt52cm9r9zqt8r2t7mlcwspyetp5h2tztugp9lfyql'
const WITHOUT_SECRET =
  'lnbc1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq8rkx3yf5tcsyz3d73gafnh3cax9rn449d9p5uxz9ezhhypd0elx87sjle52x86fux2ypatgddc6k63n7erqz25le42c4u4ecky03ylcqca784w'
const PAYEE = '03e7156ae33b0a208d0744199163177e909e80176e55d97a2f221ede0f934dd9ad'
const we = { nodeId: '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798', now: Date.UTC(2026, 0, 1) }
const good: Invoice = {
  paymentHash: '00'.repeat(32),
  network: 'regtest',
  payeeNodeId: PAYEE,
  amountMsat: 1_000n,
  finalCltvBlocks: 18,
  createdAt: we.now - 1,
  expiresAt: we.now + 1,
}
const onRegtest = { ...we, network: 'regtest' }

test('an invoice is read with its hash, payee, network and time', () => {
  expect(readInvoice(DONATION)).toMatchObject({
    paymentHash: '0001020304050607080900010203040506070809000102030405060708090102',
    network: 'mainnet',
    payeeNodeId: PAYEE,
    amountMsat: undefined,
    createdAt: 1_496_314_658_000,
    expiresAt: 1_496_314_658_000 + 3_600_000,
  })
})

test('an invoice without a payment secret is refused, though a parser would take it', () => {
  expect(readInvoice(WITHOUT_SECRET)).toBe('the invoice has no payment secret')
})

test('an invoice with one letter changed is refused', () => {
  expect(readInvoice(DONATION.replace('zyg3', 'zyg4'))).toBe(
    'this is not a BOLT 11 invoice: its checksum does not hold, or a part of it is missing',
  )
})

test('a text too long for an invoice is not parsed', () => {
  expect(readInvoice(DONATION.padEnd(8_000, 'q'))).toContain('longer than')
})

test.each<[string, Partial<Invoice>, string | undefined]>([
  ['a good one', {}, undefined],
  ['one of another network', { network: 'mainnet' }, 'the invoice is for mainnet, this node is on regtest'],
  ['one without an amount', { amountMsat: undefined }, undefined],
  ['one that expires now', { expiresAt: we.now }, 'the invoice expired at 2026-01-01T00:00:00.000Z'],
  ['our own', { payeeNodeId: we.nodeId }, 'the invoice is our own: pay it from a balance held here'],
])('%s is judged before it is paid', (_name, change, refusal) => {
  expect(refusalToPay({ ...good, ...change }, onRegtest)).toBe(refusal)
})

test.each([
  ['a mainnet invoice', { kind: 'lightning_invoice', invoice: DONATION }, 'the invoice is for mainnet, this node is on regtest'],
  ['a node', { kind: 'lightning_node', nodeId: PAYEE }, undefined],
  ['our own node', { kind: 'lightning_node', nodeId: we.nodeId }, 'the node is our own: pay from a balance held here'],
  ['a key that is no point', { kind: 'lightning_node', nodeId: `02${'ff'.repeat(32)}` }, 'the node id is not a public key'],
  ['a key that is too short', { kind: 'lightning_node', nodeId: '02' }, 'the node id is not a public key'],
  ['a bank account', { kind: 'iban', iban: 'DE89370400440532013000', name: 'A' }, 'the lightning rail does not pay to iban'],
] as const)('%s as a destination is judged without asking the node', (_name, destination, refusal) => {
  const said = checkDestination(destination, we)
  if (refusal === undefined) expect(said).toBeUndefined()
  else expect(said).toContain(refusal)
})

test('an invoice is not paid with another amount than it names', () => {
  const coffee = signedInvoice({ prefix: 'lnbcrt10u' })
  expect(checkAmount({ kind: 'lightning_invoice', invoice: coffee }, 1_000_000n)).toBeUndefined()
  expect(checkAmount({ kind: 'lightning_invoice', invoice: coffee }, 1n)).toContain('not for 1 msat')
  expect(checkAmount({ kind: 'lightning_invoice', invoice: DONATION }, 1n)).toBeUndefined()
  expect(checkAmount({ kind: 'lightning_invoice', invoice: DONATION }, 0n)).toBe('the amount is not positive')
  expect(checkAmount({ kind: 'lightning_node', nodeId: PAYEE }, 0n)).toBe('the amount is not positive')
})
