import { expect, test } from 'vitest'
import { closingCost } from './closingCost.ts'

const closed = {
  channel: 'aa:0',
  height: 7,
  capacityMsat: 10_000_000_000n,
  weOpened: true,
  homeMsat: 4_998_000_000n,
  balanceMsat: 4_998_000_000n,
  htlcMsat: 0n,
}
const seen = { channel: 'aa:0', localMsat: 4_996_000_000n, remoteMsat: 5_000_000_000n }

test.each([
  ['we opened: what was not the peer’s and did not come home', closed, seen, 2_000_000n],
  ['the peer opened: nothing, for it pays', { ...closed, weOpened: false, balanceMsat: 4_996_000_000n }, seen, 0n],
  ['HTLCs, which the chain decides, are no cost', { ...closed, htlcMsat: 1_000_000n }, seen, 1_000_000n],
  ['nobody looked while it closed', closed, undefined, 0n],
  ['what does not fit together is not believed', closed, { ...seen, remoteMsat: 0n }, 0n],
  ['more came home than was seen', { ...closed, balanceMsat: 6_000_000_000n }, seen, 0n],
])('a closing costs, where %s', (_, channel, sight, cost) => {
  expect(closingCost(channel, sight)).toBe(cost)
})
