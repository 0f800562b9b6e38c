import { expect, test } from 'vitest'
import type { Receipt } from '../../audit/receipt/receipt.ts'
import type { PaymentState } from '../../payins/status/paymentStatus.ts'
import { receiptPage } from './receiptPage.ts'
import { LANGUAGES } from './words/chooseWords.ts'
import { en } from './words/en.ts'

const TOKEN = `eip155:8453/erc20:0x${'a1'.repeat(20)}`
const receipt: Receipt = {
  id: 'rc_0199f0c2a1b27c33a1f0d2e4c5b6a798',
  issued_at: '2026-11-23T09:00:00.000Z',
  payment: 'evm:8453:the payer’s own',
  resource: 'https://heron.example/essays/7',
  price: { asset: 'USD', amount: '4.2' },
  rail: 'evm:8453',
  paid: { asset: TOKEN, amount: '4.2' },
  fee: { asset: TOKEN, amount: '0' },
  rate: `4.2 ${TOKEN} = 4.2 ${TOKEN}`,
  state: 'authorised',
  payee: 'sp_0199f0c2a1b27c33a1f0d2e4c5b6a798',
  split: '0x5c',
  parts: [
    { to: 'pa_1', amount: '3' },
    { to: 'pa_2', amount: '1.2' },
  ],
  entry: 'en_0199f0c2a1b27c33a1f0d2e4c5b6a798',
}
const codeOf = (id: string) => (id === TOKEN ? 'USDC' : id)
const shown = (o: Partial<Parameters<typeof receiptPage>[0]> = {}) => receiptPage({ receipt, state: 'settled', words: en, codeOf, ...o })
const plain = (html: string) => html.replace(/<(script|head)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')

test('it says what was paid for, how, at which rate and among whom it was shared, with assets by the names that people know', () => {
  const said = plain(shown())
  for (const told of [
    'Receipt for 4.2 USD',
    'heron.example/essays/7',
    'evm:8453, 4.2 USDC',
    '4.2 USDC = 4.2 USDC',
    'pa_1',
    '1.2',
    receipt.id,
    receipt.entry,
  ])
    expect(said).toContain(told)
  expect(said).not.toContain(TOKEN)
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

test('what the seller wrote is text', () => {
  const html = shown({ receipt: { ...receipt, resource: '"><script>alert(1)</script>' } })
  expect(html.match(/<script/g)).toHaveLength(1)
})

test.each(LANGUAGES.map((words) => [words.lang, words] as const))('%s has every word of it', (_, words) => {
  expect(plain(shown({ words }))).not.toMatch(/\{\w+\}|undefined/)
})
