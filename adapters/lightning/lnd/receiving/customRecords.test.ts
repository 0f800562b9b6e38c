import { expect, test } from 'vitest'
import { recordsOf } from './customRecords.ts'

const paid = (...parts: { type: string; value: string }[][]) => ({ payments: parts.map((messages) => ({ messages })) })

test('a payer’s records are told once each, the smallest type first, whatever part they came with', () => {
  const podcast = { type: '7629169', value: '7b7d' }
  const name = { type: '696969', value: '616c696365' }
  expect(recordsOf(paid([podcast, name], [name]))).toEqual([name, podcast])
})

test('what the protocol sends along is none of the payer’s', () => {
  const own = [
    { type: '5482373484', value: 'ab'.repeat(32) },
    { type: '106823', value: '00' },
    { type: '65535', value: '00' },
  ]
  expect(recordsOf(paid(own))).toEqual([])
})

test('an invoice without parts, or with parts that can not be read, has none', () => {
  for (const invoice of [undefined, {}, { payments: [] }, paid([{ type: '70000', value: 'XY' }]), paid([{ type: '-1', value: '' }])])
    expect(recordsOf(invoice)).toEqual([])
})
