import { expect, onTestFinished, test } from 'vitest'
import { SIGNED_RECEIPT } from '../../../test/fixtures/signedReceipt.ts'
import { USD } from '../../money/asset.ts'
import { newApp } from '../app.ts'
import { ar } from '../html/words/ar.ts'
import { de } from '../html/words/de.ts'
import { en } from '../html/words/en.ts'
import { writePdf } from './pdf.ts'
import { receiptNames } from './receiptNames.ts'
import { receiptPageRoutes } from './receiptPages.ts'
import { receiptPdf } from './receiptPdf.ts'

/** What is drawn, as the bytes of its font say it. */
function drawnIn(pdf: Buffer): string {
  return [...pdf.toString('latin1').matchAll(/<([0-9a-f]*)> Tj/g)].map(([, hex]) => Buffer.from(hex!, 'hex').toString('latin1')).join('\n')
}

const assets = [USD, { id: SIGNED_RECEIPT.receipt.paid.asset, code: 'USDC', scale: 6, ledger: 2 }]
const shown = { signed: SIGNED_RECEIPT, state: 'settled', names: receiptNames(assets) } as const

test('it says what the page says, and how to check it', () => {
  const said = drawnIn(receiptPdf({ ...shown, words: en }))
  const { receipt, signature } = SIGNED_RECEIPT
  for (const told of [
    'Receipt for 4.20 USD',
    'The money has arrived.',
    'evm:8453, 4.20 USDC',
    receipt.id,
    receipt.entry,
    'pa_1  3',
    'RFC 8785',
  ])
    expect(said).toContain(told)
  expect(said.replaceAll('\n', '')).toContain(signature)
})

test('it says that a part was given back', () => {
  expect(drawnIn(receiptPdf({ ...shown, words: en, reason: 'given_back_in_part' }))).toContain(en.stateGivenBackInPart)
})

test('in the language that was asked for where its letters are there, else in English', () => {
  expect(drawnIn(receiptPdf({ ...shown, words: de }))).toContain(de.price)
  expect(drawnIn(receiptPdf({ ...shown, words: ar }))).toContain(en.price)
})

test('the table of objects says where each begins, however much there is', () => {
  const lines = Array.from({ length: 300 }, (_, i) => ({ text: `line ${i} (\\) ${'x'.repeat(100)}`, as: 'value' as const }))
  const pdf = writePdf({ title: 'Long', lines }).toString('latin1')
  const at = Number(/startxref\n(\d+)/.exec(pdf)![1])
  expect(pdf.slice(at, at + 4)).toBe('xref')
  const places = [...pdf.slice(at).matchAll(/(\d{10}) 00000 n/g)].map(([, place]) => Number(place))
  expect(places.length).toBeGreaterThan(10)
  for (const [i, place] of places.entries()) expect(pdf.slice(place, place + 8 + String(i).length)).toMatch(new RegExp(`^${i + 1} 0 obj`))
  expect(drawnIn(Buffer.from(pdf, 'latin1')).match(/line \d+/g)).toHaveLength(300)
})

test('it stands beside its page, under the same id', async () => {
  const app = newApp({ publicUrl: 'http://localhost' })
  onTestFinished(() => app.close())
  const { receipt } = SIGNED_RECEIPT
  const findPayment = async (id: string) => (id === receipt.id ? { receipt, status: { state: 'settled' } } : undefined)
  // Of a payment the page reads its receipt and its state.
  await app.register(
    receiptPageRoutes({ audit: { receipts: { sign: () => SIGNED_RECEIPT } }, ground: { assets: [] }, payins: { findPayment } } as never),
  )
  const get = (path: string) => app.inject({ url: `/receipts/${path}`, headers: { 'accept-language': 'de' } })
  const pdf = await get(`${receipt.id}.pdf`)
  expect([pdf.statusCode, pdf.headers['content-type'], pdf.body.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-'])
  expect(drawnIn(pdf.rawPayload)).toContain(de.price)
  expect((await get(receipt.id)).body).toContain(`href="/receipts/${receipt.id}.pdf"`)
  for (const other of [`rc_${'0'.repeat(32)}.pdf`, 'rc_1.pdf', '.pdf']) expect((await get(other)).statusCode).toBe(404)
})
