import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { openNewRail } from '../../examples/new-rail/rail.ts'
import { accountOf, newRailWorld } from '../../examples/new-rail/world.ts'
import { railCases } from '../../gateway/conformance/railCases.ts'
import type { RailUnderTest } from '../../gateway/conformance/railUnderTest.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { CustomRail } from '../../gateway/ports/customRail.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { localConfig } from '../localConfig.ts'
import { type PaymentService, startPaymentService } from './paymentService.ts'

const FEE = '0.02'
const ROOT = join(import.meta.dirname, '../..')
let service: PaymentService
beforeAll(async () => {
  service = await startPaymentService(FEE)
})
afterAll(() => service.close())
const open = () => openNewRail({ url: service.url, feeEur: FEE })

describe('the rail of the example', () => {
  let world: RailUnderTest
  beforeAll(() => {
    world = newRailWorld(service, open)
  })
  for (const { name, run } of railCases(() => world, ['silence', 'files'])) test(name, run)
})

test('an answer that is no word about the transfer is not taken for a refusal of it', async () => {
  const rail = open()
  const amount = parseAmount('1.50', EUR)
  const attempt = { id: 'at_busy', reference: 'r', amount, feeMax: parseAmount(FEE, EUR), destination: accountOf('5000') } as const
  service.turnAway(true)
  onTestFinished(() => service.turnAway(false))
  expect(await rail.send(attempt, { signal: AbortSignal.timeout(5_000) })).toMatchObject({ kind: 'unknown' })
  expect(await rail.lookup(attempt.id, attempt)).toMatchObject({ kind: 'unknown' })
  service.turnAway(false)
  expect(await rail.lookup(attempt.id, attempt)).toEqual({ kind: 'failed', reason: 'never_sent' })
})

test('the same cases run in Node’s own test runner, on a copy of the example that finds the package by its name', () => {
  const project = newFolder()
  mkdirSync(join(project, 'node_modules'))
  symlinkSync(join(ROOT, 'packages/gateway'), join(project, 'node_modules/switchyard-gateway'), 'dir')
  cpSync(join(ROOT, 'examples/new-rail'), project, { recursive: true })
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  const command = ['--test', '--test-reporter=tap', join(import.meta.dirname, 'newRailByNode.ts')]
  const run = spawnSync(process.execPath, [...NODE_FLAGS, ...command], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, NEW_RAIL: project },
  })
  const cases = railCases(() => newRailWorld(service, open), ['silence', 'files']).length
  expect(run.stdout).toMatch(new RegExp(`^# pass ${cases}\n# fail 0\n# cancelled 0\n# skipped 0$`, 'm'))
  expect(run.status).toBe(0)
}, 120_000)

test('the page about rails shows the whole world of the example', () => {
  const world = readFileSync(join(ROOT, 'examples/new-rail/world.ts'), 'utf8')
  expect(readFileSync(join(ROOT, 'docs/rails.md'), 'utf8')).toContain(`\`\`\`ts\n${world}\`\`\``)
})

const config = (dataDir: string) => checkConfig(localConfig(dataDir, { evm: [] }))

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-own-rail-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a payout over it goes through a gateway whose books then equal what the service holds', async () => {
  const gateway = await openGateway(config(newFolder()), { rails: [open()] })
  try {
    const { party: payer } = await gateway.parties.parties.create({ name: 'payer' })
    const source = `party:${payer.id}`
    const { books } = gateway.ledger
    const legs = [{ kind: 'move', debit: 'fx:BTC/EUR', credit: source, ...parseAmount('10.00', EUR) }] as const
    const facts = [{ type: 'test.seeded', id: 'gift', at: 0, data: {} }]
    expect(await books.submit({ facts, entry: { id: gateway.ground.ids.entry(), payment: 'gift', legs } })).toMatchObject({
      kind: 'applied',
    })
    const { payouts } = gateway.payouts
    const elsewhere = { kind: 'custom', rail: 'custom:other', account: '4711' } as const
    const order = { source, amount: parseAmount('7.50', EUR), reference: 'r', createdBy: 'test' }
    const { id } = await payouts.create({ ...order, destinations: [elsewhere, accountOf('4711')] })
    await expect.poll(() => payouts.get(id).status, { timeout: 20_000 }).toBe('settled')
    expect(payouts.get(id)).toMatchObject({ attempts: [{ rail: 'custom:new', outcome: 'settled' }], fee: { amount: '0.02' } })
    expect(service.got('4711')).toBe(parseAmount('7.50', EUR).units)
    const { rails } = await gateway.audit.verify()
    expect(rails.find((row) => row.account === 'rail:custom:new:account')).toMatchObject({ verdict: 'equal' })
  } finally {
    await gateway.close()
  }
})

test('a rail without the name of one, twice, or in an asset that has no price is refused at the start', async () => {
  const ours = open()
  const start = (rails: readonly CustomRail[]) => openGateway(config(newFolder()), { rails })
  await expect(start([ours, ours])).rejects.toThrow('Two rails are named custom:new')
  await expect(start([{ ...ours, rail: 'custom:No Name' }])).rejects.toThrow('no name of a custom rail')
  await expect(start([{ ...ours, asset: { ...EUR, id: 'KES', code: 'KES' } }])).rejects.toThrow('no price for')
  await expect(start([{ ...ours, serves: ['iban'] }])).rejects.toThrow('serves iban')
})
