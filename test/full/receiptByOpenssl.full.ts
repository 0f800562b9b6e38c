// Needs the program openssl (Debian's package openssl): what an auditor without our code does to check a receipt.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { headOf, updateAfter } from '../../gateway/audit/receipt/receiptUpdate.ts'
import { openssl } from './opensslProgram.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-receipt-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.
const signer = receiptSigner({ privateKeyPem, clock: { now: () => 1_767_225_600_000 }, ids: { receipt: () => 'rc_1' } })
const issued = signer.issue({
  id: 'rc_1',
  payment: 'pi_1',
  resource: 'GET /weather',
  entry: 'en_1',
  payee: 'pa_1',
  split: '',
  rail: 'lightning',
  state: 'settled',
  price: { asset: 'USD', amount: '0.002' },
  paid: { asset: 'BTC', amount: '0.00000002' },
  fee: { asset: 'BTC', amount: '0' },
  rate: '1',
  parts: [{ to: 'pa_1', amount: '0.002' }],
})
const signed = signer.sign(issued)

/** The same receipt written down by hand as RFC 8785 has it: keys sorted, no blanks. */
const CANONICAL =
  '{"entry":"en_1","fee":{"amount":"0","asset":"BTC"},"id":"rc_1","issued_at":"2026-01-01T00:00:00.000Z",' +
  '"paid":{"amount":"0.00000002","asset":"BTC"},"parts":[{"amount":"0.002","to":"pa_1"}],"payee":"pa_1","payment":"pi_1",' +
  '"price":{"amount":"0.002","asset":"USD"},"rail":"lightning","rate":"1","resource":"GET /weather","split":"","state":"settled"}'

function verify(text: string, of = signed.signature): string {
  const [key, content, signature] = ['key.pem', 'receipt.json', 'signature'].map((name) => join(folder, name)) as [string, string, string] // Three names.
  writeFileSync(key, signer.publicKeyPem)
  writeFileSync(content, text)
  writeFileSync(signature, Buffer.from(of, 'base64url'))
  return openssl(['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', content, '-sigfile', signature], '').toString()
}

test('openssl verifies a receipt with the published key alone', () => {
  expect(verify(CANONICAL)).toContain('Verified Successfully')
})

test('openssl refuses a receipt whose amount was changed', () => {
  expect(() => verify(CANONICAL.replace('"0.002","asset":"USD"', '"0.001","asset":"USD"'))).toThrow('Signature Verification Failure')
})

test('the key id is the beginning of the SHA-256 that openssl computes of the published key', () => {
  const der = openssl(['pkey', '-pubin', '-outform', 'DER'], signer.publicKeyPem)
  const digest = openssl(['dgst', '-sha256', '-r'], der).toString()
  expect(signed.key_id).toBe(digest.slice(0, 16))
})

test('openssl verifies a later entry of the chain, which names the SHA-256 that openssl computes of the receipt', () => {
  const news = { state: 'settled', transaction: '0x7a', block: '12', entry: 'en_2' } as const
  const update = updateAfter(headOf(issued), 1_767_225_605_000, news)
  const digest = openssl(['dgst', '-sha256', '-r'], CANONICAL).toString().slice(0, 64)
  const canonical =
    `{"at":"2026-01-01T00:00:05.000Z","before":"${digest}","block":"12","entry":"en_2","n":2,"receipt":"rc_1",` +
    '"state":"settled","transaction":"0x7a"}'
  expect(verify(canonical, signer.signUpdate(update).signature)).toContain('Verified Successfully')
  expect(() => verify(canonical.replace('settled', 'failed'), signer.signUpdate(update).signature)).toThrow(
    'Signature Verification Failure',
  )
})
