import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { openShop, SHOP_MS } from './shop.ts'
import type { Shop } from './world.ts'

const MPPX = fileURLToPath(new URL('../../node_modules/mppx/dist/bin.js', import.meta.url))
let shop: Shop
beforeAll(async () => {
  shop = await openShop()
}, SHOP_MS)

// Without the header it asks nobody: it knows a challenge by the first word of WWW-Authenticate, which is L402 unless a client says what it speaks.
test('mppx validate has no failure and no warning on any route', async () => {
  const words = ['validate', shop.url, '--header', 'accept-payment: evm/charge, lightning/charge']
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_FLAGS, MPPX, ...words])
  expect(stdout).toMatch(/[1-9]\d* passed/)
  expect(stdout).not.toMatch(/failed|warning/)
})
