import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { openNewRail } from '../../examples/new-rail/rail.ts'
import { railCases } from '../../gateway/conformance/railCases.ts'
import type { RailUnderTest } from '../../gateway/conformance/railUnderTest.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { CustomRail } from '../../gateway/ports/customRail.ts'
import { PRICES } from '../../world/worldConfig.ts'
import { CLOSED_ACCOUNT, type PaymentService, startPaymentService } from './paymentService.ts'

const FEE = '0.02'
const account = (name: string) => ({ kind: 'custom', rail: 'custom:new', account: name }) as const
let service: PaymentService
beforeAll(async () => {
  service = await startPaymentService(FEE)
})
afterAll(() => service.close())
const open = () => openNewRail({ url: service.url, feeEur: FEE })

describe('the rail of the example', () => {
  let rail: CustomRail
  let payees = 1000
  const reopen = async () => {
    rail = open()
  }
  beforeAll(reopen)
  const amount = parseAmount('1.50', EUR)
  const world: RailUnderTest = {
    rail: () => rail,
    amount,
    async payee() {
      const name = String(++payees)
      return { destination: account(name), got: async () => service.got(name) }
    },
    malformed: account('nobody'),
    refused: async () => ({ destination: account(CLOSED_ACCOUNT), amount }),
    reopen,
    cut: reopen,
    async silence() {
      service.hangUp(true)
      return async () => service.hangUp(false)
    },
    loseFiles: reopen,
  }
  for (const { name, run } of railCases(() => world, ['silence', 'files'])) test(name, run)
})

const config = (dataDir: string) =>
  checkConfig({
    network: 'local',
    dataDir,
    port: 0,
    operatorKey: 'sk_operator_of_the_test',
    prices: PRICES,
    challengeSecret: 'a secret of the test, long enough to be one',
    evm: [],
  })

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
    const { id } = await payouts.create({ ...order, destinations: [elsewhere, account('4711')] })
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
