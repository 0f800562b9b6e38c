import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { openPostgresJournal, openPostgresStandby } from '../../adapters/journal/postgres/openPostgresJournal.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { USD } from '../../gateway/money/asset.ts'
import type { Books } from '../../gateway/ports/books.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { type PostgresServer, startPostgres } from '../postgres/startPostgres.ts'

const CHILD = fileURLToPath(new URL('./postgresCrashChild.ts', import.meta.url))
const KILLS = 4
const clock = { now: () => Date.now() }

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
  return () => server.dispose()
})

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'close')
  }
})

/** A gateway's books in a process of its own. */
type Process = Readonly<{
  /** Resolves when it has acknowledged this many entries. */
  acknowledges(atLeast: number): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Resolves when it has ended, with every whole line that it said. */
  ended(): Promise<string[]>
}>

function startBooks(url: string): Process {
  const child = spawn(process.execPath, [...NODE_FLAGS, CHILD, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  const closed = once(child, 'close')
  return {
    async acknowledges(atLeast) {
      while (said.split('\n').length <= atLeast)
        await Promise.race([once(child.stdout, 'data'), closed.then(() => expect.fail('it ended early'))])
    },
    signal: (signal) => void child.kill(signal),
    async ended() {
      await closed
      // A last line without its end was cut by a kill.
      return said
        .slice(0, said.lastIndexOf('\n') + 1)
        .split('\n')
        .slice(0, -1)
    },
  }
}

/** Every acknowledged entry stands, once and whole, and the books are sound. */
async function checkBooks(books: Books, paid: readonly string[], acknowledged: readonly string[]): Promise<void> {
  const standing = new Set(paid)
  expect(standing.size).toBe(paid.length)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  expect(acknowledged.filter((id) => !standing.has(id))).toEqual([])
  expect(books.balance('party:pa_seller', USD).creditsPosted).toBe(3n * BigInt(paid.length))
  expect(books.balance('fee:earned', USD).creditsPosted).toBe(BigInt(paid.length))
  expect(await books.verify()).not.toHaveProperty('broken')
}

async function openBooks(url: string): Promise<{ books: Books; paid: string[] }> {
  const books = createBooks({ journal: await openPostgresJournal({ url, waitMs: 30_000 }), clock })
  const paid: string[] = []
  books.listen((fact) => paid.push(fact.id))
  await books.start()
  return { books, paid }
}

test('kills of the gateway and of PostgreSQL lose nothing that was acknowledged', async () => {
  const url = await server.createDatabase()
  const acknowledged: string[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const leader = startBooks(url)
    await leader.acknowledges(10 + kill * 40)
    if (kill % 2 === 1) {
      await server.crash()
      await server.start()
      // It goes on under the same lease.
      await leader.acknowledges(300 + kill * 40)
    }
    leader.signal('SIGKILL')
    acknowledged.push(...(await leader.ended()))
  }
  const { books, paid } = await openBooks(url)
  await checkBooks(books, paid, acknowledged)
  await books.close()
}, 120_000)

test('a gateway that stood still while another took over stops with an error and has written nothing after it', async () => {
  const url = await server.createDatabase()
  const first = startBooks(url)
  await first.acknowledges(50)
  first.signal('SIGSTOP')
  const second = startBooks(url)
  await second.acknowledges(50)
  first.signal('SIGCONT')
  const ofFirst = await first.ended()
  expect(ofFirst.pop()).toBe('stopped not_leader')
  second.signal('SIGKILL')
  const { books, paid } = await openBooks(url)
  await checkBooks(books, paid, [...ofFirst, ...(await second.ended())])
  await books.close()
}, 120_000)

test('a warm standby has replayed all when the leader dies, and goes on from there', async () => {
  const url = await server.createDatabase()
  const leader = startBooks(url)
  await leader.acknowledges(50)
  const books = createBooks({ journal: await openPostgresStandby({ url }), clock })
  const paid: string[] = []
  books.listen((fact) => paid.push(fact.id))
  const started = books.start()
  while (paid.length < 100) await pause(5)
  leader.signal('SIGKILL')
  await started
  await checkBooks(books, paid, await leader.ended())
  const leg = { kind: 'move', debit: 'rail:book:house', credit: 'party:pa_next', asset: USD, units: 7n } as const
  expect((await books.submit({ entry: { id: `en_${'7'.repeat(32)}`, payment: 'pi_next', legs: [leg] } })).kind).toBe('applied')
  await books.close()
}, 120_000)
