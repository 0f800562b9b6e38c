import { expect, test } from 'vitest'
import { hashTroubles } from './lockHashes.ts'

const packages = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-AA==' },
  'node_modules/a/node_modules/@b/c': { version: '2.0.0' },
}

test('a package without a hash is reported until it is listed with a reason, in this version', () => {
  const trouble = ['package-lock.json: @b/c@2.0.0 has no hash; run `npm run lock`']
  expect(hashTroubles({ packages }, {})).toEqual(trouble)
  expect(hashTroubles({ packages }, { '@b/c@2.0.0': 'not served' })).toEqual([])
  expect(hashTroubles({ packages }, { '@b/c@1.9.0': 'not served' })).toEqual([...trouble, expect.stringContaining('take it off the list')])
})

test('what is listed and has its hash is reported', () => {
  expect(hashTroubles({ packages }, { '@b/c@2.0.0': 'not served', 'a@1.0.0': 'not served' })).toEqual([
    expect.stringContaining('a@1.0.0 is in the lock with its hash'),
  ])
})
