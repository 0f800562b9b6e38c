// Needs the program cargo, 1.93 or newer (rustup.rs): the client is built once into the user's cache folder, which takes minutes.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decodePaymentResponseHeader } from '@x402/fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { has, settled } from '../../clients/shop.ts'
import { forkWorld, type Shop } from '../../clients/world.ts'

const BUILD_MS_MAX = 3_600_000
const OUTPUT_BYTES_MAX = 16_777_216
const CRATE = join(import.meta.dirname, 'x402Reqwest')

let program: string
let shop: Shop
let world: ReturnType<typeof forkWorld>
beforeAll(async () => {
  program = await buildClient()
  world = forkWorld()
  shop = await world.ready
}, BUILD_MS_MAX)
afterAll(() => world?.stop())

/** The program from the cache folder, built first when it is not there. Cargo goes on where it was cut off. */
async function buildClient(): Promise<string> {
  const sources = ['Cargo.toml', 'src/main.rs'].map((file) => readFileSync(join(CRATE, file)))
  const named = createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 16)
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'switchyard', 'x402-reqwest', named)
  const built = join(folder, 'target', 'release', 'pay')
  if (existsSync(built)) return built
  mkdirSync(folder, { recursive: true })
  cpSync(CRATE, folder, { recursive: true })
  const env = { ...process.env, CARGO_TARGET_DIR: join(folder, 'target') }
  await promisify(execFile)('cargo', ['build', '--release', '--quiet'], { cwd: folder, env, maxBuffer: OUTPUT_BYTES_MAX })
  return built
}

type Answered = { status: number; receipt: string; said: string }[]

test('x402-reqwest pays by EIP-3009 and by upto', async () => {
  const before = await has(shop, 0)
  const { stdout } = await promisify(execFile)(program, [shop.url, shop.customers[0]!.privateKey, '/joke', '/opera', '/used?use=0.0042'])
  const answers = JSON.parse(stdout) as Answered // What the program prints.
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  const payments = await Promise.all(answers.map(({ receipt }) => settled(shop, receipt)))
  expect(decodePaymentResponseHeader(answers[1]!.said)).toMatchObject({ success: true, transaction: payments[1]!.evidence.transaction })
  expect(payments[2]).toMatchObject({ charged: { amount: '0.0042' } })
  const spent = before - (await has(shop, 0))
  expect(spent).toBe(2_000n + 200_000n + 4_200n)
  console.log(`x402-reqwest: three payments, ${spent} units`)
})
