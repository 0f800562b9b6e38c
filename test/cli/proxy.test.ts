import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { commandRun } from './commandRun.ts'

function fileOf(value: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-prices-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'prices.json'), JSON.stringify(value))
  return join(folder, 'prices.json')
}
const RIGHT = { routes: [{ path: '/joke', price: '0.002' }] }
const env = { SWITCHYARD_KEY: undefined }

test.each([
  [
    'two routes that collide',
    { routes: [...RIGHT.routes, ...RIGHT.routes] },
    /routes\.1\.path sells GET \/joke, as routes\.0 does.*Remove one/,
  ],
  [
    'a name that is none',
    { routes: [{ ...RIGHT.routes[0], methds: ['GET'] }] },
    /routes\.0\.methds is not a setting.*there are path, methods/,
  ],
])('a file of prices with %s is refused in one line', async (_, prices, words) => {
  const given = ['--gateway', 'http://127.0.0.1:9', '--upstream', 'http://127.0.0.1:9', '--prices', fileOf(prices)]
  const { code, err } = await commandRun(['proxy', ...given], { env: { SWITCHYARD_KEY: 'sk_right_enough' } })
  expect([code, err.trim().split('\n')]).toEqual([1, [expect.stringMatching(words)]])
})

test('a gateway without a key, and a service that has no address, are said', async () => {
  const prices = fileOf(RIGHT)
  const gateway = ['--gateway', 'http://127.0.0.1:9', '--prices', prices]
  const noKey = await commandRun(['proxy', '--upstream', 'http://127.0.0.1:9', ...gateway], { env })
  expect([noKey.code, noKey.err]).toEqual([2, expect.stringMatching(/--gateway needs --key-file, or SWITCHYARD_KEY/)])
  const noAddress = await commandRun(['proxy', '--upstream', 'localhost:8000', ...gateway], { env })
  expect([noAddress.code, noAddress.err]).toEqual([1, expect.stringMatching(/is no address of a service.*http:\/\/127\.0\.0\.1:8000/)])
})
