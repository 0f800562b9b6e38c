import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { parsePaymentRequest } from 'invoices'
import { describe, expect, test } from 'vitest'
import type { ReadInvoice } from '../../gateway/ports/invoiceReader.ts'
import { field, NODE_KEY, signInvoice, words } from '../../test/lnurl/makeInvoice.ts'
import { readBolt11 } from './bolt11.ts'

type Example = { what: string; invoice: string }
const examples = JSON.parse(readFileSync(new URL('../../test/fixtures/bolt11-examples.json', import.meta.url), 'utf8')) as {
  valid: Example[]
  invalid: Example[]
}

describe('the examples of BOLT 11', () => {
  test.each(examples.valid)('$what: is read', ({ invoice }) => {
    const read = readBolt11(invoice)
    expect(read).toMatchObject({
      payeeNodeId: expect.stringMatching(/^0[23][0-9a-f]{64}$/),
      paymentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test.each(examples.invalid)('$what: is refused', ({ invoice }) => expect(readBolt11(invoice)).toBeTypeOf('string'))

  test('amount, description, its hash and times are what the document says', () => {
    const [donation, coffee, , list] = examples.valid.map(({ invoice }) => readBolt11(invoice))
    expect(donation).toMatchObject({ amountMsat: undefined, network: 'mainnet', description: 'Please consider supporting this project' })
    expect(coffee).toMatchObject({ amountMsat: 250_000_000n, createdAt: 1_496_314_658_000, expiresAt: 1_496_314_718_000 })
    const goods =
      'One piece of chocolate cake, one icecream cone, one pickle, one slice of swiss cheese, one slice of salami, one lollypop, one piece of cherry pie, one sausage, one cupcake, and one slice of watermelon'
    expect(list).toMatchObject({ description: undefined, descriptionHash: createHash('sha256').update(goods).digest('hex') })
  })
})

test.each(examples.valid)('$what: is read as a well-kept library reads it', ({ invoice }) => {
  const theirs = parsePaymentRequest({ request: invoice })
  const ours = readBolt11(invoice) as ReadInvoice // Read above.
  expect([ours.paymentHash, ours.payeeNodeId, ours.description, ours.amountMsat ?? 0n]).toEqual([
    ...[theirs.id, theirs.destination, theirs.description, BigInt(theirs.mtokens ?? '0')],
  ])
  expect([ours.createdAt, ours.expiresAt]).toEqual([Date.parse(theirs.created_at), Date.parse(theirs.expires_at)])
  expect([ours.paymentSecret, ours.metadata, ours.finalCltvBlocks]).toEqual([theirs.payment, theirs.metadata, theirs.cltv_delta])
  expect(ours.features).toEqual(theirs.features.map(({ bit }) => bit))
  expect(ours.fallbackAddresses).toEqual(theirs.chain_addresses ?? [])
  // The library names with each channel the node at its far end; ours the one that forwards over it.
  const [hint = []] = theirs.routes ?? []
  const hops = hint.slice(1).map((hop, i) => ({
    nodeId: hint[i]!.public_key,
    channel: hop.channel,
    feeBaseMsat: BigInt(hop.base_fee_mtokens!),
    feePpm: hop.fee_rate,
    cltvDelta: hop.cltv_delta,
  }))
  expect(ours.routeHints).toEqual(hops.length > 0 ? [hops] : [])
})

const bytes = (fill: number) => words(Buffer.alloc(32, fill))
const plain = { p: field('p', bytes(1)), s: field('s', bytes(2)), d: field('d', words(Buffer.from('coffee'))) }
const sign = (fields: readonly number[], prefix = 'lnbcrt10u') => signInvoice(fields, { prefix })

test('an invoice of ours is read, in either case', () => {
  const invoice = sign([...plain.p, ...plain.s, ...plain.d])
  const read = readBolt11(invoice)
  expect(read).toMatchObject({ network: 'regtest', amountMsat: 1_000_000n, description: 'coffee', paymentHash: '01'.repeat(32) })
  expect(read).toMatchObject({ payeeNodeId: Buffer.from(secp256k1.getPublicKey(NODE_KEY)).toString('hex') })
  expect(readBolt11(invoice.toUpperCase())).toEqual(read)
})

test.each<[string, number[], string?, string?]>([
  ['a payment hash twice', [...plain.p, ...field('p', bytes(9)), ...plain.s, ...plain.d], 'field p more than once'],
  ['a payment secret twice', [...plain.p, ...plain.s, ...field('s', bytes(9)), ...plain.d], 'field s more than once'],
  ['a description twice', [...plain.p, ...plain.s, ...plain.d, ...plain.d], 'field d more than once'],
  ['an expiry twice', [...plain.p, ...plain.s, ...plain.d, ...field('x', [1]), ...field('x', [2])], 'field x more than once'],
  ['a description and a hash of one', [...plain.p, ...plain.s, ...plain.d, ...field('h', bytes(3))], 'either a description or'],
  ['neither', [...plain.p, ...plain.s], 'either a description or'],
  ['no payment hash', [...plain.s, ...plain.d], 'no payment hash'],
  ['no payment secret', [...plain.p, ...plain.d], 'no payment secret'],
  ['a required feature that nobody knows', [...plain.p, ...plain.s, ...plain.d, ...field('9', [1, 0, 0, 0, 0, 0, 0])], 'feature 30'],
  ['an expiry beyond all time', [...plain.p, ...plain.s, ...plain.d, ...field('x', Array(8).fill(31))], 'never expires'],
  [
    'another node’s name under it',
    [...plain.p, ...plain.s, ...plain.d, ...field('n', words(Buffer.from(secp256k1.getPublicKey(Buffer.alloc(32, 8)))))],
    'does not hold',
  ],
  ['a field that ends beyond the invoice', [...plain.p, ...plain.s, ...plain.d, 1, 31, 31], 'not a BOLT 11 invoice'],
  ['an amount with a leading zero', [...plain.p, ...plain.s, ...plain.d], 'does not know', 'lnbcrt010u'],
  ['a fraction of a millisatoshi', [...plain.p, ...plain.s, ...plain.d], 'fraction', 'lnbcrt15p'],
  ['an amount beyond all bitcoin', [...plain.p, ...plain.s, ...plain.d], 'more bitcoin', 'lnbcrt21000001'],
  ['another chain', [...plain.p, ...plain.s, ...plain.d], 'does not know', 'lnltc10u'],
])('an invoice with %s is refused', (_, fields, why, prefix) => {
  expect(readBolt11(sign(fields, prefix))).toContain(why)
})

test('an invoice that names its node is that node’s', () => {
  const key = secp256k1.getPublicKey(NODE_KEY)
  const invoice = sign([...plain.p, ...plain.s, ...plain.d, ...field('n', words(key))])
  expect(readBolt11(invoice)).toMatchObject({ payeeNodeId: Buffer.from(key).toString('hex') })
})

test('a changed word breaks the checksum, and an overlong text is not parsed', () => {
  const invoice = sign([...plain.p, ...plain.s, ...plain.d])
  const at = invoice.length - 20
  expect(readBolt11(`${invoice.slice(0, at)}${invoice[at] === 'q' ? 'p' : 'q'}${invoice.slice(at + 1)}`)).toBe(
    'this is not a BOLT 11 invoice: its checksum does not hold, or a part of it is missing',
  )
  expect(readBolt11('an invoice, please')).toBe('this is not a BOLT 11 invoice')
  expect(readBolt11(`lnbc1${'q'.repeat(8_000)}`)).toContain('longer than')
})

test('whatever stands in it, a text is read or refused with a sentence, and what is read is whole', () => {
  const word = fc.integer({ min: 0, max: 31 })
  const tagged = fc
    .tuple(fc.constantFrom(...'pshdnxc9mrf'), fc.array(word, { maxLength: 60 }))
    .map(([letter, content]) => field(letter, content))
  const signed = fc.array(tagged, { maxLength: 6 }).map((fields) => sign([...plain.p, ...plain.s, ...fields.flat()]))
  const loose = fc.array(word, { maxLength: 200 }).map((content) => sign(content))
  let read = 0
  fc.assert(
    fc.property(fc.oneof(fc.string(), signed, loose, fc.constant(sign([...plain.p, ...plain.s, ...plain.d]))), (text) => {
      const invoice = readBolt11(text)
      if (typeof invoice === 'string') {
        expect(invoice).not.toBe('')
        return
      }
      read++
      expect(invoice.paymentHash).toMatch(/^[0-9a-f]{64}$/)
      expect(invoice.payeeNodeId).toMatch(/^0[23][0-9a-f]{64}$/)
      expect((invoice.description === undefined) !== (invoice.descriptionHash === undefined)).toBe(true)
      expect(invoice.expiresAt).toBeGreaterThanOrEqual(invoice.createdAt)
    }),
    { numRuns: 300 },
  )
  expect(read).toBeGreaterThan(0)
})
