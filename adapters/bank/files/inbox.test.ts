import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { reasonMeaning } from '../sepa/reasonCodes.ts'
import { BankFileRefused } from './bankFileRefused.ts'
import { openInbox } from './inbox.ts'
import { openStore } from './store.ts'

test('a file that is written anew while it is read is not refused for what was read of it, and read again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bank-inbox-'))
  const store = openStore(join(folder, 'bank.db'), 'DE93999999990000000001')
  onTestFinished(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const file = join(folder, 'inbox', 'day.xml')
  let isWriting = true
  const inbox = await openInbox(folder, store, {
    read: () => ({
      write() {
        if (!isWriting) return
        isWriting = false
        writeFileSync(file, 'all of it')
        throw new BankFileRefused('it ends in the middle')
      },
      end: () => ({ kind: 'notification', at: 1, entries: [] }),
    }),
    meaningOf: reasonMeaning,
    inTurn: (work) => work(),
    now: () => Date.now(),
  })
  writeFileSync(file, 'a part')
  for (let scans = 0; scans < 4; scans++) await inbox.scan()
  expect([store.problems(), readdirSync(join(folder, 'inbox', 'rejected'))]).toEqual([[], []])
  expect(readdirSync(join(folder, 'archive'))).toEqual([expect.stringMatching(/^[0-9a-f]{12}-day\.xml$/)])
})

const DAY_MS = 86_400_000

/** A machine whose clock stands, and an inbox whose files are a day each: the statement of that day. */
async function daysWorld(startsAt: string) {
  const folder = mkdtempSync(join(tmpdir(), 'bank-inbox-'))
  const store = openStore(join(folder, 'bank.db'), 'DE93999999990000000001')
  onTestFinished(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  let now = Date.parse(startsAt)
  const reads: string[] = []
  const open = () =>
    openInbox(folder, store, {
      read() {
        let day = ''
        return {
          write: (piece) => {
            day = `${day}${String(piece)}`.trim()
          },
          end() {
            reads.push(day)
            const statement = { id: `S-${day}`, at: Date.parse(day), opening: 0n, closing: 0n, closingOn: day, entries: [] }
            return { kind: 'statement', at: Date.parse('2026-11-01'), statements: [statement] }
          },
        }
      },
      meaningOf: reasonMeaning,
      inTurn: (work) => work(),
      now: () => now,
    })
  const inbox = await open()
  return {
    store,
    reads,
    inbox,
    open,
    later: (ms: number) => (now += ms),
    put: (name: string, day: string) => writeFileSync(join(folder, 'inbox', name), day),
    remove: (name: string) => rmSync(join(folder, 'inbox', name)),
    lies: (place: string) => readdirSync(join(folder, place)).filter((name) => name !== 'rejected'),
    async polls(count = 5) {
      for (let n = 0; n < count; n++) await inbox.scan()
    },
  }
}

test('what is of a day to come by a clock that is behind waits in the inbox, is told once, and is read when its day is near', async () => {
  const w = await daysWorld('2026-11-10T12:00:00Z')
  w.put('near.xml', '2026-11-17')
  w.put('today.xml', '2026-11-20')
  await w.polls(20)
  expect([w.lies('inbox'), w.lies('inbox/rejected'), w.store.problems()]).toEqual([['today.xml'], [], []])
  expect(w.lies('archive')).toEqual([expect.stringMatching(/-near\.xml$/)])
  expect(w.inbox.problems()).toMatchObject([
    {
      id: 'to-come:today.xml',
      at: Date.parse('2026-11-10T12:00:00Z'),
      detail: expect.stringMatching(/^today\.xml: .*2026-11-20.*2026-11-13/),
    },
  ])
  // Not read anew at each poll, nor as long as its day is far.
  w.later(2 * DAY_MS)
  await w.polls(20)
  expect(w.reads).toEqual(['2026-11-17', '2026-11-20'])
  expect(w.store.lastStatement()?.closingOn).toBe('2026-11-17')
  w.later(DAY_MS)
  await w.polls()
  expect([w.lies('inbox'), w.inbox.problems(), w.store.lastStatement()?.closingOn]).toEqual([[], [], '2026-11-20'])
})

test('a hostile statement of 2099 never counts, keeps no other from being read, and its problem ends when it is taken out', async () => {
  const w = await daysWorld('2026-11-20T12:00:00Z')
  for (let n = 0; n < 120; n++) w.put(`a${n}.xml`, '2099-01-01')
  w.put('day.xml', '2026-11-20')
  await w.polls(6)
  expect([w.store.lastStatement()?.closingOn, w.inbox.problems().length]).toEqual(['2026-11-20', 120])
  w.later(365 * DAY_MS)
  await w.polls(6)
  expect([w.reads.length, w.lies('inbox').length]).toEqual([121, 120])
  for (let n = 0; n < 120; n++) w.remove(`a${n}.xml`)
  await w.polls(1)
  expect(w.inbox.problems()).toEqual([])
})

test('a file that waits and is written anew is looked at again within minutes; after a new start all are', async () => {
  const w = await daysWorld('2026-11-20T12:00:00Z')
  w.put('a.xml', '2099-01-01')
  w.put('b.xml', '2098-01-01')
  await w.polls()
  w.put('a.xml', '2026-11-20 ')
  w.later(10 * 60_000)
  await w.polls()
  expect([w.store.lastStatement()?.closingOn, w.inbox.problems().map(({ id }) => id)]).toEqual(['2026-11-20', ['to-come:b.xml']])
  const next = await w.open()
  for (let n = 0; n < 3; n++) await next.scan()
  expect(next.problems().map(({ id }) => id)).toEqual(['to-come:b.xml'])
})

test('a clock that is set back keeps no file from being looked at', async () => {
  const w = await daysWorld('2026-11-20T12:00:00Z')
  w.put('a.xml', '2099-01-01')
  await w.polls()
  w.later(-DAY_MS)
  w.put('a.xml', '2026-11-20 ')
  await w.polls()
  expect(w.store.lastStatement()?.closingOn).toBe('2026-11-20')
})
