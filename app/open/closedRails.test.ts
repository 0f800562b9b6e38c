import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { privateKeyToAddress } from 'viem/accounts'
import { expect, onTestFinished, test } from 'vitest'
import { startLightningWorld } from '../../test/behavior/lightningWorld.ts'
import { startQuietChain } from '../../test/evm/quietChain.ts'
import { localConfig } from '../../test/localConfig.ts'
import { checkConfig } from '../config/config.ts'
import { openRails } from './openRails.ts'

const SOON = { timeout: 50_000, interval: 100 }
const ACCOUNT = { iban: 'DE89370400440532013000', name: 'Yard', townName: 'Berlin', country: 'DE' }
const NOWHERE = 'http://127.0.0.1:1'
/** What the embedded node has for its own tests, and no wing knows. */
const BEYOND = ['status', 'probe', 'closeChannel', 'processId']

const parts = { clock: { now: () => Date.now() }, logger: { warn: () => undefined, error: () => undefined } as never }

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-closed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function railsOf(own: object) {
  const rails = await openRails(checkConfig(localConfig(newFolder(), { evm: [], ...own })), parts)
  onTestFinished(() => rails.close().then(() => undefined))
  return rails
}

/** One rail as it is when it opens at once, and as it is when it does not. */
async function bothFaces(open: object, closed: object) {
  const [o, c] = [await railsOf(open), await railsOf(closed)]
  expect([o, c].map((rails) => rails.states().map((state) => state.open))).toEqual([[true], [false]])
  return { open: o.senders[0]!, closed: c.senders[0]! }
}

/** Each member that an open rail has must be asked for when it opens late, so the closed one names it; what never changes is said at once. */
function expectWhole({ open, closed }: Awaited<ReturnType<typeof bothFaces>>): void {
  const names = Object.keys(closed)
  expect(Object.keys(open).filter((name) => !names.includes(name) && !BEYOND.includes(name))).toEqual([])
  const lasting = ({ rail, asset, serves, feesComeBy }: typeof open) => ({ rail, asset, serves: [...serves].sort(), feesComeBy })
  expect(lasting(closed)).toEqual(lasting(open))
}

test('a closed bank has every member that an open one has', async () => {
  const bank = { account: ACCOUNT, feeEur: '0.02', pollMs: 50 }
  const faces = await bothFaces({ bank: { ...bank, folder: newFolder() } }, { bank: { ...bank, folder: '/dev/null/bank' } })
  expectWhole(faces)
  const destination = { kind: 'iban', iban: 'DE89 3704 0044 0532 0130 00', name: 'Yard' } as const
  expect([faces.closed.owns?.(destination)]).toEqual([faces.open.owns?.(destination)])
  expect([faces.closed.check({ ...destination, iban: 'DE00' })]).toEqual([faces.open.check({ ...destination, iban: 'DE00' })])
})

test('a closed chain has every member that an open one has, and knows what the configuration names', async () => {
  const chain = await startQuietChain()
  onTestFinished(() => chain.stop())
  const { chainId, hub, operatorKey, token: address, tokenName: name, tokenVersion: version } = chain
  const laneKeys = [`0x${'77'.repeat(32)}`] as const
  const of = (rpcUrl: string) => ({
    evm: [
      { chainId, rpcUrls: [rpcUrl], hub, operatorKey, laneKeys, token: { address, name, version, ledger: 100 }, finality: { depth: 0 } },
    ],
  })
  const { open, closed } = await bothFaces(of(chain.rpcUrl), of(NOWHERE))
  expectWhole({ open, closed })
  const to = (where: string) => ({ kind: 'evm_address', address: where as `0x${string}` }) as const
  for (const ours of [privateKeyToAddress(operatorKey), privateKeyToAddress(laneKeys[0]), hub]) {
    expect(open.owns?.(to(ours))).toEqual(expect.any(String))
    expect([closed.owns?.(to(ours))]).toEqual([open.owns?.(to(ours))])
  }
  for (const never of [to(`0x${'00'.repeat(20)}`), to(address), to('0x12'), to(`0x${'12'.repeat(20)}`)])
    expect([closed.check(never)]).toEqual([open.check(never)])
})

test('a closed embedded node has every member that an open one has', async () => {
  const world = await startLightningWorld()
  onTestFinished(() => world.close())
  const peer = world.ready.router
  expectWhole(await bothFaces({ lightning: { chainUrl: world.ready.chainUrl, peer } }, { lightning: { chainUrl: NOWHERE, peer } }))
})

test('what a rail may have besides is asked of it once it is open', async () => {
  const folder = join(newFolder(), 'bank')
  writeFileSync(folder, 'a file stands where the folder belongs')
  const rails = await railsOf({ bank: { folder, account: ACCOUNT, feeEur: '0.02', pollMs: 50 } })
  const bank = rails.senders[0]!
  const own = { kind: 'iban', iban: ACCOUNT.iban, name: 'Yard' } as const
  const said = () => [bank.owns?.(own), bank.railKey?.(own, 'at_1')]
  const before = [rails.states()[0]!.open, ...said()]
  rmSync(folder)
  mkdirSync(folder)
  await expect.poll(() => rails.states()[0]!.open, SOON).toBe(true)
  expect(before).toEqual([false, 'our own bank account', undefined])
  expect(said()).toEqual(['our own bank account', expect.any(String)])
})
