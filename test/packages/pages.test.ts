import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keyOf } from '../../gateway/api/http/idempotency.ts'
import { readSources } from '../tidy/source.ts'

const written = readSources(join(import.meta.dirname, '../..'))
  .filter(({ path }) => path.endsWith('.md'))
  .flatMap(({ path, text }) => [...text.matchAll(/-H ['"]idempotency-key: ([^'"$]+)['"]/gi)].map(([, key]) => [path, key!] as const))

test('pages write some Idempotency-Keys out', () => {
  expect(written.map(([path]) => path)).toEqual(expect.arrayContaining(['README.md', 'packages/seller/README.md']))
})

test.each(written)('%s shows an Idempotency-Key that a gateway takes: %s', (_, key) => {
  expect(keyOf({ headers: { 'idempotency-key': key } })).toBe(key)
})
