import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { attemptAt, firstSettlements, offerOf, restingBalance } from './lightningCalls.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

const processes = vi.hoisted((): ChildProcess[] => [])
// The same, noting what it starts.
vi.mock('node:child_process', async (original) => {
  const real = await original<typeof import('node:child_process')>()
  const fork = (...given: Parameters<typeof real.fork>) => {
    const started = real.fork(...given)
    processes.push(started)
    return started
  }
  return { ...real, fork }
})

// What the embedded node does beside what `lightningBackend.ts` asks of every one.
let world: LightningWorld
let rail: LightningRail

beforeAll(async () => {
  world = await startLightningWorld()
  rail = await world.openRail()
  await openRouterChannel(world, rail)
})
afterAll(() => world?.close())

const send = (a: ReturnType<typeof attemptAt>) => rail.send(a, { signal: AbortSignal.timeout(20_000) })

describe('an invoice', () => {
  test('takes one call of the node', async () => {
    const posted = vi.spyOn(processes.find(({ pid }) => pid === rail.processId())!, 'send')
    onTestFinished(() => posted.mockRestore())
    await offerOf(rail, 1_000n)
    expect(posted.mock.calls.map(([message]) => message)).toMatchObject([{ kind: 'call', name: 'createInvoice' }])
  })

  test('over more than all bitcoin there will be is refused, and the node lives', async () => {
    const process = rail.processId()
    const most = 2_100_000_000_000_000_000n
    await expect(offerOf(rail, most + 1n)).rejects.toMatchObject({ code: 'invalid_amount' })
    expect(rail.processId()).toBe(process)
    await offerOf(rail, 1_000n)
  })

  test('is good for as long as it was asked for', async () => {
    const { terms, invoice } = await offerOf(rail, 1_000n)
    const read = readBolt11(invoice)
    if (typeof read === 'string') throw new Error(read)
    // Of ten minutes; BOLT 11's own hour is far away.
    expect(Math.abs(read.expiresAt - terms.expiresAt)).toBeLessThan(60_000)
  })

  test('that has expired since an attempt at it was begun is not judged again: the attempt is followed', async () => {
    const { invoice } = await world.ask<{ invoice: string }>('/invoice', { amountMsat: '9000', description: 'payout' })
    const once = attemptAt({ kind: 'lightning_invoice', invoice }, 9_000n, 2_000n)
    const outcome = await send(once)
    expect(outcome).toMatchObject({ kind: 'settled' })
    const later = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 7_200_000)
    expect(await send(once).finally(() => later.mockRestore())).toEqual(outcome)
  })
})

test('a payout to a node carries its records, and a payee gives back what it must know and does not', async () => {
  const payee = await world.openRail(`${world.dataDir}-records`)
  await openRouterChannel(world, payee)
  const records = [
    { type: '7629169', value: Buffer.from('{"podcast":"a show","action":"boost"}').toString('hex') },
    { type: '65537', value: '' },
  ]
  const to = (given: typeof records): Destination => ({ kind: 'lightning_node', nodeId: payee.nodeId, records: given })
  const paid = await send(attemptAt(to(records), 3_000n, 2_000n))
  expect(paid).toMatchObject({ kind: 'settled' })
  const [settlement] = await firstSettlements(payee, '', 1)
  expect(settlement).toMatchObject({ kind: 'received', amount: money(BTC, 3_000n) })
  expect([...(settlement?.records ?? [])].sort((a, b) => a.type.localeCompare(b.type))).toEqual([records[1], records[0]])
  const chance = async () => {
    const told = await rail.estimate({ amount: money(BTC, 3_000n), destination: to(records) })
    return told.kind === 'possible' ? told.successPpm : told
  }
  const before = await chance()
  const unknown = [{ type: '65536', value: '00' }]
  expect(await send(attemptAt(to(unknown), 3_000n, 2_000n))).toMatchObject({ kind: 'failed', reason: 'rejected_by_payee' })
  // What somebody's payee refuses tells nothing of the node to others.
  expect([typeof before, await chance()]).toEqual(['bigint', before])
  expect(rail.check(to([{ type: '5482373484', value: '' }]))).toMatch(/not the keysend's own/)
  expect((await payee.balances())[0]?.amount.units).toBe(5_000_003_000n)
  await payee.close()
})

describe('a restart', () => {
  test('keeps the channels', async () => {
    const ids = async () => (await rail.status()).channels.map(({ id }) => id)
    const before = await ids()
    await rail.close()
    rail = await world.openRail()
    expect(await ids()).toEqual(before)
  })

  test('is refused to a second node on the same folder while the first runs', async () => {
    await expect(world.openRail(world.dataDir)).rejects.toMatchObject({ code: 'rail_unavailable' })
  })
})

describe('a BOLT 12 offer', () => {
  test('of ours is paid twice, each payment told under the offer, and asked for again it is the same', async () => {
    const before = await restingBalance(rail)
    const { offer, reference } = await rail.reusableOffer('shop')
    expect(await rail.reusableOffer('shop')).toEqual({ offer, reference })
    expect((await rail.reusableOffer('other')).reference).not.toBe(reference)
    const paid: { paymentHash: string; preimage: string }[] = []
    for (const amountMsat of ['5000', '7000']) paid.push(await world.ask('/payOffer', { offer, amountMsat }))
    const told: Settlement[] = []
    for await (const settlement of rail.settlements('', { signal: AbortSignal.timeout(10_000) })) {
      if (settlement.reference === reference) told.push(settlement)
      if (told.length === 2) break
    }
    expect(told.map(({ id, amount, proof }) => [id, amount.units, proof])).toEqual([
      [paid[0]!.paymentHash, 5_000n, paid[0]!.preimage],
      [paid[1]!.paymentHash, 7_000n, paid[1]!.preimage],
    ])
    expect(await restingBalance(rail)).toBe(before + 12_000n)
  })

  test('of a peer is paid once an attempt, and by another attempt again', async () => {
    const before = await restingBalance(rail)
    const { offer } = await world.ask<{ offer: string }>('/offer', {})
    const destination: Destination = { kind: 'lightning_offer', offer }
    expect(rail.check(destination)).toBeUndefined()
    expect(await rail.estimate({ amount: money(BTC, 6_000n), destination })).toMatchObject({ kind: 'possible', fee: money(BTC, 0n) })
    const one = attemptAt(destination, 6_000n, 2_000n)
    const outcome = await send(one)
    expect(outcome).toMatchObject({ kind: 'settled', fee: money(BTC, 0n) })
    const { id, proof } = outcome.kind === 'settled' ? outcome.evidence : { id: '', proof: '' }
    const digest = createHash('sha256')
      .update(Buffer.from(proof ?? '', 'hex'))
      .digest('hex')
    expect(digest).toBe(id)
    expect(await send(one)).toEqual(outcome)
    expect(await send(attemptAt(destination, 6_000n, 2_000n))).toMatchObject({ kind: 'settled' })
    expect(await restingBalance(rail)).toBe(before - 12_000n)
  })

  test('that is none is refused before anything is asked', async () => {
    expect(rail.check({ kind: 'lightning_offer', offer: 'lnbc1' })).toBe('this is not a BOLT 12 offer')
    const broken: Destination = { kind: 'lightning_offer', offer: `lno1${'q'.repeat(60)}` }
    expect(await send(attemptAt(broken, 6_000n, 2_000n))).toMatchObject({ kind: 'failed', reason: 'invalid_destination' })
  })
})
