import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkConfig } from '../../app/config/config.ts'
import { openGateway } from '../../app/openGateway.ts'
import { fakeRail } from '../../gateway/conformance/fakeRail.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { CustomRail } from '../../gateway/ports/customRail.ts'
import { localConfig } from '../localConfig.ts'

const FEE = parseAmount('0.02', EUR)
const STRANGER = {
  id: 'transfer-9',
  place: 'account',
  kind: 'payment',
  side: 'out',
  amount: parseAmount('7.50', EUR),
  day: '2026-11-25',
  names: ['transfer-9'],
}

/** A gateway with a custom rail that says this of what left it, whatever its types say, and the same gateway's breaks and problems. */
async function open(strangers: () => Promise<unknown>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-strangers-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const available = parseAmount('1000.00', EUR)
  const right = fakeRail({ rail: 'custom:new', asset: EUR, serves: ['custom'], feesComeBy: 'outcome', fee: FEE, feeMax: FEE, available })
  const rail = Object.assign(right, { strangers }) as CustomRail // The compiler would refuse what it answers.
  const gateway = await openGateway(checkConfig(localConfig(dataDir, { evm: [] })), { rails: [rail] })
  onTestFinished(() => gateway.close())
  return gateway
}

test('what left a custom rail and nothing here sent is a break by its own name', async () => {
  const gateway = await open(async () => [STRANGER])
  expect(await gateway.reconciliation.lookAtRails()).toEqual([{ rail: 'custom:new', matched: 0, breaks: 1 }])
  expect(await gateway.reconciliation.lookAtRails()).toEqual([{ rail: 'custom:new', matched: 0, breaks: 0 }])
})

test.each<[string, () => Promise<unknown>]>([
  ['is none', async () => [{ ...STRANGER, day: 'yesterday' }]],
  ['is of another asset', async () => [{ ...STRANGER, amount: { asset: { id: 'BTC' }, units: 1n } }]],
  ['is no list', async () => 'many'],
  ['throws', () => Promise.reject(new Error('it is broken'))],
])('an answer of strangers that %s opens nothing, stops nothing and is shown', async (_, strangers) => {
  const gateway = await open(strangers)
  expect(await gateway.reconciliation.lookAtRails()).toEqual([{ rail: 'custom:new', matched: 0, breaks: 0 }])
  expect(gateway.operations.problems()).toMatchObject([{ rail: 'custom:new', detail: expect.stringMatching(/^strangers answered/) }])
})
