import { expect, test } from 'vitest'
import { bundled } from './bundled.ts'

/** What a page that pays may load for it, gzipped. */
const GZIP_BYTES_MAX = 34 * 1024

test('the payer runs where there is no Node, and its bundle is small', async () => {
  const { code, bytes, builtins } = await bundled('packages/client/index.ts')
  console.log(`switchyard-client: ${code.length} bytes minified, ${bytes} gzipped`)
  expect(builtins).toEqual([])
  expect(code).not.toMatch(/\bBuffer\b|\bprocess\./)
  expect(bytes).toBeLessThanOrEqual(GZIP_BYTES_MAX)
})
