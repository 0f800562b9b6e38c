import { expect, test } from 'vitest'
import { isDue } from './probes.ts'

const route = (routePpm: bigint) => ({ feeMsat: 1n, hops: 2, cltvBlocks: 90, routePpm })

test.each([
  ['a large amount on a doubtful route', 50_000_000n, route(799_999n), undefined, true],
  ['a small amount', 49_999_999n, route(1n), undefined, false],
  ['a route that is thought good', 10n ** 12n, route(800_000n), undefined, false],
  ['no route at all', 10n ** 12n, undefined, undefined, false],
  ['a payee probed just now', 50_000_000n, route(1n), 599_999, false],
  ['a payee probed ten minutes ago', 50_000_000n, route(1n), 600_000, true],
])('%s: probed %#', (_, amountMsat, found, sinceMs, due) => {
  expect(isDue({ amountMsat, route: found, sinceMs })).toBe(due)
})
