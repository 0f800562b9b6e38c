import { expect, test } from 'vitest'
import { signAuth } from './auth.ts'
import { metadataHash, metadataText, readMetadata } from './metadata.ts'
import { readPayerData } from './payerData.ts'

const k1 = '33'.repeat(32)
const signed = signAuth(new URL(`https://a.example/?tag=login&k1=${k1}`), new Uint8Array(32).fill(3))!.searchParams
const auth = { key: signed.get('key')!, k1, sig: signed.get('sig')! }
const wanted = { name: { mandatory: true }, email: { mandatory: false }, auth: { mandatory: false, k1 } }

test('what was asked for is read, what was not is left out', () => {
  expect(readPayerData(JSON.stringify({ name: 'Carol', pubkey: '02', auth }), wanted)).toEqual({ name: 'Carol', auth })
})

test.each([
  ['', 'must say name'],
  ['{"email":"c@x.example"}', 'must say name'],
  ['{"name":7}', 'payerdata.name is not a text'],
  [`{"name":"${'x'.repeat(201)}"}`, 'at most 200 characters'],
  ['[]', 'not an object'],
  ['"Carol"', 'not an object'],
  ['{', 'not JSON'],
  [`{"name":"${'x'.repeat(2_100)}"}`, 'longer than'],
  [JSON.stringify({ name: 'Carol', auth: { ...auth, k1: '44'.repeat(32) } }), 'not a signature'],
  [JSON.stringify({ name: 'Carol', auth: { ...auth, key: `02${'11'.repeat(32)}` } }), 'not a signature'],
])('%s is refused', (text, why) => expect(readPayerData(text, wanted)).toContain(why))

test('the hash is over the characters that were sent, as in the example of LUD-18', () => {
  const metadata = '[["text/plain", "description"], ["image/png;base64", "AAA=="]]'
  expect(metadataHash(metadata)).not.toBe(metadataHash(JSON.stringify(JSON.parse(metadata))))
  expect(metadataHash(metadata, '{"name":"bob"}')).toBe(metadataHash(`${metadata}{"name":"bob"}`))
})

test('metadata are read as they were written, and unknown items do not harm', () => {
  const written = { text: 'tips "for" Alice', identifier: 'alice@pay.example', longText: undefined }
  expect(readMetadata(metadataText(written))).toEqual(written)
  expect(readMetadata('[["text/plain","a"],["image/png;base64","AAA=="],["other",{"x":1},7]]')).toMatchObject({ text: 'a' })
})

test.each(['', '{}', '[]', '[["text/plain"]]', '["text/plain","a"]', '[["text/plain","a"],["text/plain","b"]]', '[["text/plain",7]]'])(
  '%j is not the metadata of a payment',
  (text) => expect(readMetadata(text)).toBeUndefined(),
)
