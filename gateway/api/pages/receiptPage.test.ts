import { expect, test } from 'vitest'
import { SIGNED_RECEIPT } from '../../../test/fixtures/signedReceipt.ts'
import type { Receipt } from '../../audit/receipt/receipt.ts'
import { USD } from '../../money/asset.ts'
import type { PaymentState } from '../../payins/status/paymentStatus.ts'
import { LANGUAGES } from '../html/words/chooseWords.ts'
import { en } from '../html/words/en.ts'
import { receiptNames } from './receiptNames.ts'
import { receiptPage } from './receiptPage.ts'

const receipt: Receipt = { ...SIGNED_RECEIPT.receipt, resource: 'https://heron.example/essays/7' }
const names = receiptNames([USD, { id: receipt.paid.asset, code: 'USDC', scale: 6, ledger: 2 }])
const shown = (o: Partial<Parameters<typeof receiptPage>[0]> = {}) => receiptPage({ receipt, state: 'settled', words: en, names, ...o })
const plain = (html: string) => html.replace(/<(script|head)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')

test('it says what was paid for, how, at which rate and among whom it was shared, with assets by the names that people know', () => {
  const said = plain(shown())
  for (const told of [
    'Receipt for 4.20 USD',
    'heron.example/essays/7',
    'evm:8453, 4.20 USDC',
    '4.2 USDC = 4.2 USDC',
    'pa_1',
    '1.2',
    receipt.id,
    receipt.entry,
  ])
    expect(said).toContain(told)
  expect(said).not.toContain(receipt.paid.asset)
  expect(said).not.toContain('the payer’s own')
})

test.each<[PaymentState, string]>([
  ['held', 'is being collected'],
  ['collecting', 'is being collected'],
  ['settled', 'The money has arrived.'],
  ['failed', 'Nothing was taken.'],
  ['refund_due', 'goes back'],
  ['refunded', 'went back'],
])('a payment that is %s is said to be so', (state, told) => {
  expect(plain(shown({ state }))).toContain(told)
})

test('a payment of which a part was given back is said to be so, in every language, and no other', () => {
  expect(plain(shown({ reason: 'given_back_in_part' }))).toContain('The money has arrived, and a part of it was given back.')
  expect(plain(shown())).not.toContain('given back')
  for (const words of LANGUAGES) expect(plain(shown({ words, reason: 'given_back_in_part' }))).toContain(words.stateGivenBackInPart)
})

test('what the seller wrote is text', () => {
  const html = shown({ receipt: { ...receipt, resource: '"><script>alert(1)</script>' } })
  expect(html.match(/<script/g)).toHaveLength(1)
})

test.each(LANGUAGES.map((words) => [words.lang, words] as const))('%s has every word of it', (_, words) => {
  expect(plain(shown({ words }))).not.toMatch(/\{\w+\}|undefined/)
})
