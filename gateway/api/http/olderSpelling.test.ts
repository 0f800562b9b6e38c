import { expect, test } from 'vitest'
import { spelledBefore } from './olderSpelling.ts'

const HASH = '0x00'

test('an intent is spelled as it was before, and nothing else of it is touched', () => {
  const now = {
    order_id: 'pay',
    metadata: { chain_id: '7', pay: 'split_id' },
    offers: [
      { pay: { kind: 'bolt11', invoice: 'lnbcrt1', payment_hash: HASH, network: 'regtest' } },
      { pay: { kind: 'evm', chain_id: 1, split_id: HASH, pay_to: HASH, channel: { authorizer: HASH, withdraw_delay_s: 900 } } },
      { pay: { kind: 'custom', fields: { chain_id: 'Account' } } },
    ],
  }
  expect(JSON.parse(spelledBefore(JSON.stringify({ data: [now] })))).toEqual({
    data: [
      {
        order_id: 'pay',
        metadata: { chain_id: '7', pay: 'split_id' },
        offers: [
          { pay: { kind: 'bolt11', invoice: 'lnbcrt1', paymentHash: HASH, network: 'regtest' } },
          { pay: { kind: 'evm', chainId: 1, splitId: HASH, payTo: HASH, channel: { authorizer: HASH, withdrawDelayS: 900 } } },
          { pay: { kind: 'custom', fields: { chain_id: 'Account' } } },
        ],
      },
    ],
  })
})
