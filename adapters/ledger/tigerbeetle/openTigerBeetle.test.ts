import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { AMOUNT_MAX, type TransferInit } from '../../../gateway/ports/ledger.ts'
import { pureClient } from '../../../test/tigerbeetle/pureClient.ts'
import { openTigerBeetle } from './openTigerBeetle.ts'

const LINKED = 1
const PENDING = 2

async function open(options: { batchMax?: number; deadlineMs?: number } = {}) {
  const server = pureClient()
  const engine = await openTigerBeetle({ clusterId: 0n, addresses: ['127.0.0.1:3000'], load: server.load, ...options })
  await engine.createAccounts([1n, 2n, 3n].map((id) => ({ id, ledger: 1, code: 1 })))
  return { server, engine }
}

function transfer(id: bigint, more: Partial<TransferInit> = {}): TransferInit {
  return { id, debitAccountId: 1n, creditAccountId: 2n, amount: 10n, ledger: 1, code: 1, ...more }
}

describe('calls', () => {
  test('answer the status names and timestamps of the server, one per event', async () => {
    const { engine } = await open()
    const [created] = await engine.createTransfers([transfer(10n, { userData128: AMOUNT_MAX, userData64: 7n, userData32: 4_294_967_295 })])
    expect(created?.status).toBe('created')
    expect((await engine.createTransfers([transfer(10n), transfer(11n, { ledger: 9 })])).map(({ status }) => status)).toEqual([
      'exists_with_different_user_data_128',
      'transfer_must_have_the_same_ledger_as_accounts',
    ])
    expect((await engine.lookupTransfers([10n]))[0]).toEqual({
      id: 10n,
      debitAccountId: 1n,
      creditAccountId: 2n,
      amount: 10n,
      pendingId: 0n,
      timeout: 0,
      ledger: 1,
      code: 1,
      flags: 0,
      userData128: AMOUNT_MAX,
      userData64: 7n,
      userData32: 4_294_967_295,
      timestamp: created?.timestamp,
    })
    expect((await engine.createAccounts([{ id: 1n, ledger: 2, code: 1 }]))[0]?.status).toBe('exists_with_different_ledger')
    expect((await engine.lookupAccounts([2n]))[0]).toMatchObject({ creditsPosted: 10n, debitsPosted: 0n })
  })

  test('of lookups are aligned with their ids, also with unknown ones and the same one twice', async () => {
    const { engine } = await open()
    const found = await engine.lookupAccounts([3n, 99n, 1n, 3n])
    expect(found.map((account) => account?.id)).toEqual([3n, undefined, 1n, 3n])
  })

  test('made at the same time share a request, and each gets its own results', async () => {
    const { server, engine } = await open()
    const many = await Promise.all(
      Array.from({ length: 50 }, (_, i) => engine.createTransfers([transfer(BigInt(100 + i), i === 7 ? { ledger: 9 } : {})])),
    )
    expect(server.requests.slice(1)).toEqual([{ operation: 'createTransfers', size: 50 }])
    expect(many.map(([result]) => result?.status)).toEqual(
      many.map((_, i) => (i === 7 ? 'transfer_must_have_the_same_ledger_as_accounts' : 'created')),
    )
  })

  test('go on as one request as long as the last one is not answered', async () => {
    const { server, engine } = await open()
    server.hold()
    const first = engine.createTransfers([transfer(10n)])
    while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve))
    const rest = [11n, 12n, 13n].map((id) => engine.createTransfers([transfer(id)]))
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.requests).toHaveLength(2)
    server.answer()
    await Promise.all([first, ...rest])
    expect(server.requests[2]).toEqual({ operation: 'createTransfers', size: 3 })
  })

  test('of different operations keep their order, without being awaited', async () => {
    const { engine } = await open()
    const results = [
      engine.createTransfers([transfer(10n)]),
      engine.createAccounts([{ id: 4n, ledger: 1, code: 1 }]),
      engine.createTransfers([transfer(11n, { creditAccountId: 4n })]),
      engine.lookupAccounts([4n]),
    ]
    const [, , second, looked] = await Promise.all(results)
    expect(second).toMatchObject([{ status: 'created' }])
    expect(looked).toMatchObject([{ creditsPosted: 10n }])
  })

  test('are split over requests at the largest size, and a larger call stops', async () => {
    const { server, engine } = await open({ batchMax: 3 })
    await Promise.all([10n, 20n, 30n].map((id) => engine.createTransfers([transfer(id), transfer(id + 1n)])))
    expect(server.requests.slice(1).map(({ size }) => size)).toEqual([2, 2, 2])
    await expect(engine.createTransfers([10n, 11n, 12n, 13n].map((id) => transfer(id)))).rejects.toThrow('at most 3 events')
  })

  test('that leave a chain open do not swallow what comes next', async () => {
    const { engine } = await open()
    const [open1, next] = await Promise.all([
      engine.createTransfers([transfer(10n, { flags: LINKED })]),
      engine.createTransfers([transfer(11n)]),
    ])
    expect([open1?.[0]?.status, next?.[0]?.status]).toEqual(['linked_event_chain_open', 'created'])
  })

  test('of imported events do not share a request with others', async () => {
    const { engine } = await open()
    const [ordinary, imported] = await Promise.all([
      engine.createTransfers([transfer(10n)]),
      engine.createTransfers([transfer(11n, { flags: 256, timestamp: 1n })]),
    ])
    expect(ordinary?.[0]?.status).toBe('created')
    expect(imported?.[0]?.status).toBe('imported_event_timestamp_must_not_regress')
  })

  test('without events answer nothing and send nothing', async () => {
    const { server, engine } = await open()
    expect(await engine.createTransfers([])).toEqual([])
    expect(server.requests).toHaveLength(1)
  })

  test('are refused when too many wait', async () => {
    const { server, engine } = await open({ deadlineMs: 60_000 })
    server.hold()
    const full = Array.from({ length: 8189 }, (_, i) => transfer(BigInt(1000 + i)))
    const waiting = Array.from({ length: 8 }, () => engine.createTransfers(full))
    await expect(engine.createTransfers([transfer(10n)])).rejects.toMatchObject({ code: 'too_busy' })
    server.answer()
    expect((await Promise.all(waiting)).map(([result]) => result?.status)).toEqual(['created', ...Array(7).fill('exists')])
  })
})

describe('a value out of range', () => {
  test.each<[string, Partial<TransferInit>]>([
    ['ledger', { ledger: 2 ** 32 + 1 }],
    ['ledger', { ledger: 1.9 }],
    ['ledger', { ledger: Number.NaN }],
    ['timeout', { timeout: -1, flags: PENDING }],
    ['timeout', { timeout: 2 ** 32 }],
    ['code', { code: 65_536 }],
    ['code', { code: 1.9 }],
    ['flags', { flags: 65_536 }],
    ['userData32', { userData32: 2 ** 32 }],
    ['userData64', { userData64: 2n ** 64n }],
    ['userData128', { userData128: 2n ** 128n }],
    ['amount', { amount: AMOUNT_MAX + 1n }],
    ['amount', { amount: -1n }],
    ['id', { id: -1n }],
    ['debitAccountId', { debitAccountId: 2n ** 128n }],
    ['timestamp', { timestamp: 2n ** 64n }],
  ])('in %s stops before anything is sent: %o', async (field, wrong) => {
    const { server, engine } = await open()
    await expect(engine.createTransfers([transfer(10n), transfer(11n, wrong)])).rejects.toThrow(`transfer field range: ${field} can not be`)
    expect(server.requests).toHaveLength(1)
    expect(await engine.createTransfers([transfer(10n)])).toMatchObject([{ status: 'created' }])
  })

  test('of an account stops too', async () => {
    const { engine } = await open()
    await expect(engine.createAccounts([{ id: 4n, ledger: 2 ** 32 + 1, code: 1 }])).rejects.toThrow(
      'account field range: ledger can not be 4294967297',
    )
    expect(await engine.lookupAccounts([4n])).toEqual([undefined])
  })
})

describe('a server that does not answer', () => {
  test('leaves a write unknown, which resubmitted under the same id is found to have happened once', async () => {
    const { server, engine } = await open()
    server.hold()
    await expect(engine.createTransfers([transfer(10n)], { deadlineMs: 20 })).rejects.toMatchObject({ code: 'outcome_unknown' })
    const again = engine.createTransfers([transfer(10n)], { deadlineMs: 60_000 })
    server.answer()
    expect(await again).toMatchObject([{ status: 'exists' }])
    expect((await engine.lookupAccounts([2n]))[0]?.creditsPosted).toBe(10n)
  })

  test('has not got what waited behind it, and what ended there is never sent', async () => {
    const { server, engine } = await open({ deadlineMs: 20 })
    server.hold()
    const first = engine.createTransfers([transfer(10n)])
    const write = engine.createTransfers([transfer(11n, { flags: LINKED })])
    const read = engine.lookupAccounts([1n])
    await expect(first).rejects.toMatchObject({ code: 'outcome_unknown' })
    await expect(write).rejects.toMatchObject({ code: 'ledger_unavailable' })
    await expect(read).rejects.toMatchObject({ code: 'ledger_unavailable' })
    server.answer()
    expect(await engine.lookupTransfers([10n, 11n])).toMatchObject([{ id: 10n }, undefined])
    expect(server.requests.map(({ operation }) => operation)).toEqual(['createAccounts', 'createTransfers', 'lookupTransfers'])
  })

  test('is left by closing: what was under way is unknown, what waited has not happened', async () => {
    const { server, engine } = await open({ deadlineMs: 60_000 })
    server.hold()
    const write = engine.createTransfers([transfer(10n)])
    const read = engine.lookupAccounts([1n])
    while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve))
    const ended = Promise.allSettled([write, read])
    await engine.close()
    expect((await ended).map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
      'outcome_unknown',
      'ledger_unavailable',
    ])
    await expect(engine.createTransfers([transfer(11n)])).rejects.toMatchObject({ code: 'ledger_unavailable' })
  })

  test('as a port that takes connections and is silent, holds the real client until its deadline and lets it close', async () => {
    const sockets = new Set<Socket>()
    const silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const engine = await openTigerBeetle({ clusterId: 0n, addresses: [`127.0.0.1:${port}`], deadlineMs: 300 })
    try {
      await expect(engine.createTransfers([transfer(10n)])).rejects.toMatchObject({ code: 'outcome_unknown' })
      await expect(engine.lookupAccounts([1n])).rejects.toMatchObject({ code: 'ledger_unavailable' })
      expect(sockets.size).toBeGreaterThan(0)
    } finally {
      await engine.close()
      for (const socket of sockets) socket.destroy()
      silent.close()
    }
  })
})

describe('the client', () => {
  test('that was evicted is made anew, and what it had under way is unknown', async () => {
    const { server, engine } = await open()
    server.fail('ERR_CLIENT_EVICTED')
    await expect(engine.createTransfers([transfer(10n)])).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(await engine.createTransfers([transfer(10n)])).toMatchObject([{ status: 'exists' }])
    expect(server.clients()).toBe(2)
  })

  test.each(['ERR_TOO_MUCH_DATA', 'ERR_CLIENT_RELEASE_TOO_LOW', 'ERR_CLIENT_RELEASE_TOO_HIGH'] as const)(
    'that says %s is a matter of configuration',
    async (code) => {
      const { server, engine } = await open()
      server.fail(code)
      await expect(engine.lookupAccounts([1n])).rejects.toMatchObject({ code: 'unsafe_configuration' })
    },
  )

  test('that can not be made of an address says which', async () => {
    await expect(openTigerBeetle({ clusterId: 0n, addresses: ['no address'] })).rejects.toMatchObject({
      code: 'unsafe_configuration',
      shortMessage: expect.stringContaining('no address'),
    })
  })

  test('that is not installed is said with the command that installs it', async () => {
    const missing = () => Promise.reject(new Error('Cannot find package'))
    await expect(openTigerBeetle({ clusterId: 0n, addresses: ['3000'], load: missing })).rejects.toThrow(
      'npm install tigerbeetle-node@0.17.9',
    )
  })
})
