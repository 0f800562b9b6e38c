import { expect, test } from 'vitest'
import { mustBeKnown, refusedRecords } from './tlvRecords.ts'

const podcast = { type: '7629169', value: Buffer.from('{"podcast":"a show"}').toString('hex') }

test.each([
  ['none', [], undefined],
  ['a podcast’s', [podcast], undefined],
  ['a type of the protocol itself', [{ type: '65535', value: '' }], /at least 65536/],
  ['the type of the preimage', [{ type: '5482373484', value: '' }], /not the keysend's own/],
  ['a type beyond 64 bits', [{ type: '18446744073709551616', value: '' }], /at least 65536/],
  ['one type twice', [podcast, podcast], /two records have one type/],
  ['a type that is no number', [{ type: '0x10001', value: '' }], /a decimal type/],
  ['half a byte', [{ type: '65537', value: 'abc' }], /in hex/],
  ['more than fits', [{ type: '65537', value: '00'.repeat(601) }], /601 bytes, 600 fit/],
])('records: %s', (_, records, refusal) => {
  const said = refusedRecords(records)
  if (refusal === undefined) expect(said).toBeUndefined()
  else expect(said).toMatch(refusal)
})

test('an odd type may be ignored, an even one must be known', () => {
  expect([podcast, { type: '65536', value: '' }].map(mustBeKnown)).toEqual([false, true])
})
