import { expect, test } from 'vitest'
import { BTC, erc20Asset, USD } from '../../../gateway/money/asset.ts'
import { assetNames } from './ledgerAssets.ts'

test('assets of one code are told apart by their chain, and others are not', () => {
  const on = (chainId: number) => erc20Asset({ chainId, address: '0xA0', code: 'USDC', scale: 6, ledger: 100 + chainId })
  const nameOf = assetNames([USD, BTC, on(1), on(1), on(8453)])
  expect([USD, BTC, on(1), on(8453)].map(nameOf)).toEqual(['USD', 'sat', 'USDC eip155:1', 'USDC eip155:8453'])
  expect(assetNames([on(1), on(1)])(on(1))).toBe('USDC')
})
