import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Block, JournalStore } from '../../../gateway/ports/journal.ts'
import { type CuttingProxy, startCuttingProxy } from '../../../test/postgres/cuttingProxy.ts'
import { query } from '../../../test/postgres/query.ts'
import { type PostgresServer, startPostgres } from '../../../test/postgres/startPostgres.ts'
import { openPostgresJournal, openPostgresStandby, type PostgresJournalOptions } from './openPostgresJournal.ts'

let server: PostgresServer
let url: string
let open: JournalStore[]
beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
})
afterAll(() => server.dispose())
beforeEach(async () => {
  await query(url, 'DROP SCHEMA IF EXISTS switchyard CASCADE')
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((journal) => journal.close()))
})

async function lead(options: Partial<PostgresJournalOptions & { waitMs: number }> = {}): Promise<JournalStore> {
  const journal = await openPostgresJournal({ url, waitMs: 0, ...options })
  open.push(journal)
  return journal
}

function block(seq: number, text = `block ${seq}`): Block {
  const data = new Uint8Array(Buffer.from(text))
  return { seq, at: 1n, count: 1, data, hash: new Uint8Array(createHash('sha256').update(data).digest()) }
}

async function stored(): Promise<string[]> {
  const rows = await query(url, 'SELECT seq, data FROM switchyard.journal ORDER BY seq')
  return rows.map(({ seq, data }) => `${seq}: ${data}`)
}

/** A holder that does not renew its lease, as one that stands still. */
const IDLE = { holder: 'the first', leaseMs: 3_600_000 }
/** Takes a lease that was not renewed for a moment. */
const EAGER = { holder: 'the second', leaseMs: 100, waitMs: 10_000 }

describe('the lease', () => {
  test('keeps a second writer out and names who holds it', async () => {
    await lead(IDLE)
    await expect(lead({ holder: 'the second' })).rejects.toMatchObject({
      code: 'not_leader',
      shortMessage: expect.stringContaining('the first leads'),
    })
  })

  test('is free as soon as its holder closes', async () => {
    const first = await lead(IDLE)
    const waited: string[] = []
    const second = openPostgresJournal({ url, waitMs: 10_000, onWait: (holder) => waited.push(holder) })
    while (waited.length === 0) await pause(5)
    await first.append(block(1))
    await first.close()
    const journal = await second
    open.push(journal)
    expect(waited).toEqual(['the first'])
    expect((await journal.head()).seq).toBe(1)
  })

  test('is renewed while nothing is appended, so that a quiet leader stays', async () => {
    const journal = await lead({ holder: 'the first', leaseMs: 400 })
    await expect(lead({ leaseMs: 400, waitMs: 1_500 })).rejects.toMatchObject({ code: 'not_leader' })
    await journal.append(block(1))
    expect(await stored()).toEqual(['1: block 1'])
  })

  test('that was taken over fences the first holder off: its block is an error and is not durable', async () => {
    const lost: Error[] = []
    const first = await lead({ ...IDLE, onLost: (error) => lost.push(error) })
    await first.append(block(1))
    const second = await lead(EAGER)
    await expect(first.append(block(2, 'of the first'))).rejects.toMatchObject({ code: 'not_leader' })
    expect(lost).toMatchObject([{ code: 'not_leader' }])
    await second.append(block(2, 'of the second'))
    await expect(first.append(block(2, 'of the first'))).rejects.toMatchObject({ code: 'not_leader' })
    await expect(first.append(block(3, 'of the first'))).rejects.toMatchObject({ code: 'not_leader' })
    expect(await stored()).toEqual(['1: block 1', '2: of the second'])
    expect(lost).toHaveLength(1)
  })

  test('that was taken over is noticed by its first holder also when it appends nothing', async () => {
    const lost = new Promise<Error>((resolve) => void lead({ holder: 'the first', leaseMs: 4_000, onLost: resolve }))
    while ((await query(url, "SELECT to_regclass('switchyard.journal_lease') IS NOT NULL AS made"))[0]?.made !== true) await pause(5)
    await lead(EAGER)
    expect(await lost).toMatchObject({ code: 'not_leader' })
  })

  test('of a holder whose session has ended is free after a moment', async () => {
    await lead(IDLE)
    await query(url, 'SELECT pg_terminate_backend(pid) FROM switchyard.journal_lease')
    const second = await lead({ waitMs: 10_000 })
    await second.append(block(1))
    expect(await stored()).toEqual(['1: block 1'])
  })

  test('lets one of many through at a time: what was acknowledged stands once, without a gap', async () => {
    const acknowledged: string[] = []
    let fenced = 0
    async function writer(name: string): Promise<void> {
      for (let life = 0; life < 3; life++) {
        const journal = await openPostgresJournal({ url, holder: name, waitMs: 30_000, leaseMs: 40 })
        try {
          for (let i = 0; i < 20; i++) {
            const next = block((await journal.head()).seq + 1, `${name}.${life}.${i}`)
            await journal.append(next)
            acknowledged.push(`${next.seq}: ${name}.${life}.${i}`)
            // Stands still past its lease, so that others take it while it believes to lead.
            if (i % 7 === 6) await pause(60)
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'not_leader' })
          fenced += 1
        }
        await journal.close()
      }
    }
    await Promise.all(['a', 'b', 'c'].map(writer))
    const rows = await stored()
    expect(rows.map((row) => Number.parseInt(row, 10))).toEqual(rows.map((_, i) => i + 1))
    expect(acknowledged.sort()).toEqual([...rows].sort())
    expect(fenced).toBeLessThan(9)
  })
})

describe('an append whose connection breaks', () => {
  let proxy: CuttingProxy
  beforeEach(async () => {
    proxy = await startCuttingProxy(url)
  })
  afterEach(() => proxy.close())

  test('before the server has it is sent again', async () => {
    const journal = await lead({ url: proxy.url })
    proxy.next('append_block', 'lose')
    await journal.append(block(1))
    await journal.append(block(2))
    expect(await stored()).toEqual(['1: block 1', '2: block 2'])
  })

  test('after the commit is found by the head of the lease and not written twice', async () => {
    const journal = await lead({ url: proxy.url })
    proxy.next('append_block', 'forget')
    await journal.append(block(1))
    await journal.append(block(2))
    expect(await stored()).toEqual(['1: block 1', '2: block 2'])
  })

  test('and that reaches the server long after it was repeated changes nothing', async () => {
    const journal = await lead({ url: proxy.url })
    await journal.append(block(1))
    proxy.next('append_block', 'hold')
    await journal.append(block(2))
    await proxy.deliver()
    await journal.append(block(3))
    expect(await stored()).toEqual(['1: block 1', '2: block 2', '3: block 3'])
  })

  test('and that reaches the server after another took over is fenced off', async () => {
    const first = await lead({ ...IDLE, url: proxy.url })
    await first.append(block(1))
    proxy.refuse(true)
    proxy.next('append_block', 'hold')
    const append = first.append(block(2, 'of the first'))
    const refused = expect(append).rejects.toMatchObject({ code: 'not_leader' })
    const second = await lead(EAGER)
    await proxy.deliver()
    proxy.refuse(false)
    await refused
    await second.append(block(2, 'of the second'))
    expect(await stored()).toEqual(['1: block 1', '2: of the second'])
  })

  test('after the commit, and is looked up when another leads already, is still known to be durable', async () => {
    const first = await lead({ ...IDLE, url: proxy.url })
    proxy.refuse(true)
    proxy.next('append_block', 'forget')
    const append = first.append(block(1))
    while ((await stored()).length === 0) await pause(5)
    const second = await lead(EAGER)
    await second.append(block(2, 'of the second'))
    proxy.refuse(false)
    await append
    await expect(first.append(block(2, 'of the first'))).rejects.toMatchObject({ code: 'not_leader' })
    expect(await stored()).toEqual(['1: block 1', '2: of the second'])
  })

  test('is unknown when the server says nothing within the deadline', async () => {
    const lost: Error[] = []
    const journal = await lead({ url: proxy.url, deadlineMs: 200, onLost: (error) => lost.push(error) })
    proxy.next('append_block', 'silence')
    await expect(journal.append(block(1))).rejects.toMatchObject({ code: 'outcome_unknown' })
    await expect(journal.append(block(1))).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(lost).toHaveLength(1)
  }, 20_000)
})

describe('a standby', () => {
  test('reads on with what the leader writes, and leads when its reading ends', async () => {
    const leader = await lead(IDLE)
    await leader.append(block(1))
    const standby = await openPostgresStandby({ url })
    open.push(standby)
    const seen: number[] = []
    const following = (async () => {
      for await (const { seq } of standby.read(0)) seen.push(seq)
    })()
    await expect(standby.append(block(2))).rejects.toMatchObject({ code: 'not_leader' })
    expect((await standby.head()).seq).toBe(1)
    await leader.append(block(2))
    while (seen.length < 2) await pause(5)
    await leader.append(block(3))
    await leader.close()
    await following
    expect(seen).toEqual([1, 2, 3])
    await standby.append(block(4))
    expect(await stored()).toHaveLength(4)
  })
})

describe('a database', () => {
  test('whose last block was taken away is refused', async () => {
    const journal = await lead()
    await journal.append(block(1))
    await journal.append(block(2))
    await journal.close()
    await query(url, 'DELETE FROM switchyard.journal WHERE seq = 2')
    await expect(lead()).rejects.toThrow('ends at block 1, but block 2 was committed')
  })

  test('that lost commits under a leader stops it at its next append', async () => {
    const journal = await lead()
    for (let seq = 1; seq <= 3; seq++) await journal.append(block(seq))
    // What a replica that was behind looks like when it is promoted.
    await query(
      url,
      "DELETE FROM switchyard.journal WHERE seq > 1; UPDATE switchyard.journal_lease SET seq = 1, hash = decode(repeat('11', 32), 'hex')",
    )
    await expect(journal.append(block(4))).rejects.toThrow('block 3 was acknowledged: the database lost commits')
    expect(await stored()).toHaveLength(1)
  })

  test('of a later format is left alone', async () => {
    await (await lead()).close()
    await query(url, 'UPDATE switchyard.journal_lease SET format = 2')
    await expect(lead()).rejects.toMatchObject({ code: 'unsafe_configuration', shortMessage: expect.stringContaining('format 2') })
  })

  test('that does not answer is refused with its address', async () => {
    const nobody = url.replace(/:\d+\//, ':1/')
    await expect(lead({ url: nobody, deadlineMs: 100 })).rejects.toMatchObject({
      code: 'journal_unavailable',
      shortMessage: expect.stringContaining('127.0.0.1:1/'),
    })
  })

  test('on a server that does not sync is refused', async () => {
    await query(url, 'ALTER SYSTEM SET fsync = off')
    await query(url, 'SELECT pg_reload_conf()')
    while ((await query(url, 'SHOW fsync'))[0]?.fsync !== 'off') await pause(5)
    try {
      await expect(lead()).rejects.toMatchObject({ code: 'unsafe_configuration', shortMessage: expect.stringContaining('fsync = off') })
    } finally {
      await query(url, 'ALTER SYSTEM RESET fsync')
      await query(url, 'SELECT pg_reload_conf()')
    }
  })

  test('whose server fails and comes back keeps its leader, and every block once', async () => {
    const journal = await lead()
    await journal.append(block(1))
    await server.crash()
    await Promise.all([journal.append(block(2)), server.start()])
    await journal.append(block(3))
    expect(await stored()).toEqual(['1: block 1', '2: block 2', '3: block 3'])
  })
})
