import { describe, expect, test } from 'vitest'
import { BTC, ETH, EUR, erc20Asset, USD } from './asset.ts'
import { parseAmount } from './money.ts'

const USDC = erc20Asset({ chainId: 8453, address: `0x${'a'.repeat(40)}`, code: 'USDC', scale: 6, ledger: 100 })

describe('no amount is beyond any real sum', () => {
  test.each([
    [USD, '1000000000000', '1000000000000.000001'],
    [EUR, '1000000000000', '1000000000001'],
    [USDC, '1000000000000', '99999999999999999999'],
    [BTC, '21000000', '21000000.00000000001'],
    [ETH, '1000000000', '1000000000.000000000000000001'],
  ])('of $id', (asset, most, more) => {
    expect(parseAmount(most, asset).units).toBe(BigInt(most) * 10n ** BigInt(asset.scale))
    expect(() => parseAmount(more, asset)).toThrow(
      expect.objectContaining({ code: 'invalid_amount', shortMessage: expect.stringContaining(most) }),
    )
  })
})
