import { expect, test } from 'vitest'
import { EUR, USD } from '../../money/asset.ts'
import { accountId, accountKind } from './chart.ts'

test.each([
  ['party:pa_1', 2],
  ['pot:0xab', 2],
  ['share:0xab:pa_1', 2],
  ['suspense:bank', 2],
  ['surplus:pi_1', 2],
  ['fx:BTC-USD:USD', 2],
  ['rail:lightning:node', 4],
  ['transit:evm', 0],
  ['fee:paid:bank', 0],
  ['dust:0xab', 0],
  ['capital:owner', 0],
  ['channel:0xab', 2],
  ['vouched:0xab', 2],
  ['exchange:ex_1', 2],
  ['netting:nt_1', 2],
])('%s has the limit of its kind', (path, flags) => {
  expect(accountKind(path).flags).toBe(flags)
})

test('kinds have codes of their own, which journals keep', () => {
  const paths = [
    'rail:a',
    'party:a',
    'pot:a',
    'share:a',
    'suspense:a',
    'surplus:a',
    'fx:a',
    'transit:a',
    'fee:a',
    'dust:a',
    'capital:a',
    'channel:a',
    'vouched:a',
    'exchange:a',
    'netting:a',
  ]
  expect(paths.map((path) => accountKind(path).code)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
})

test.each(['treasure:chest', 'party', 'party:', ':party', '', 'Party:a', `party:${'a'.repeat(200)}`])('"%s" is not an account', (path) => {
  expect(() => accountKind(path)).toThrow('chart of accounts')
})

test('an account id is the first 128 bits of SHA-256 over asset and path, so it never changes', () => {
  expect(accountId('party:pa_1', USD).toString(16)).toMatchInlineSnapshot(`"dbef489976eb7b60f9b117309c63daae"`)
  expect(accountId('party:pa_1', EUR)).not.toBe(accountId('party:pa_1', USD))
})
