import { expect, test } from 'vitest'
import { ETH } from '../../gateway/money/asset.ts'
import type { RailParts } from './railParts.ts'
import { splitFace } from './splitFace.ts'

const WEI = 3n
const address = `0x${'c0'.repeat(20)}`

/** With a node that has said this of the price of gas, and is asked nothing else. */
function faceOf(last: object | undefined) {
  const options = { chainId: 31337, hub: address, token: { address }, gasAsset: ETH }
  const parts = { options, endpoints: { both: undefined }, agreed: {}, driver: {}, tracker: {}, fees: { last: () => last } }
  return splitFace(parts as unknown as RailParts) // All that a cost is made of.
}

test('a step costs its gas at the last price, and has no cost while no price is known: it would look free', () => {
  const known = faceOf({ baseFee: WEI, priorityFee: WEI, dataFees: { collection: 5n } })
  expect(known.splitCost('claim').units).toBe(68_000n * 2n * WEI + 5n)
  expect(() => faceOf(undefined).splitCost('sweep')).toThrow(expect.objectContaining({ code: 'rail_unavailable' }))
})
