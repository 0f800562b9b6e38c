import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startCarrier } from './carrier.ts'
import { createFetcher } from './fetchInbox.ts'
import { nearPlaces } from './places.ts'
import { type Remote, RemoteRefused } from './remote.ts'
import { sendOutbox } from './sendOutbox.ts'

const FAR = { putInto: '/in', takeFrom: '/out', taken: 'delete' } as const

function folders() {
  const folder = mkdtempSync(join(tmpdir(), 'carrier-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const near = nearPlaces(folder)
  for (const path of [near.outbox, near.inbox, near.leaving, near.carried]) mkdirSync(path)
  const order = (name: string, text = `order ${name}`) => writeFileSync(join(near.outbox, name), text)
  const names = () => ({ outbox: readdirSync(near.outbox), leaving: readdirSync(near.leaving), carried: readdirSync(near.carried) })
  return { folder, near, order, names }
}

/**
 * A bank's folders in memory. `cutAt` is the step, of both sides counted together, at which the link is lost for good: before it when `lost` is `question`,
 * after it when `lost` is `answer`. `eager`: it takes an order as soon as it lies there.
 */
function playedBank() {
  const files = new Map<string, string>()
  const got: string[] = []
  const link = (cutAt = Infinity, lost: 'question' | 'answer' = 'question', eager = false): Remote => {
    let step = 0
    const ask = async <T>(work: () => T): Promise<T> => {
      step += 1
      if (step > cutAt || (step === cutAt && lost === 'question')) throw new Error('the link is lost')
      const answer = work()
      if (eager) takeOrders()
      if (step === cutAt) throw new Error('the link is lost')
      return answer
    }
    const there = (path: string) => {
      const text = files.get(path)
      if (text === undefined) throw new Error(`no file ${path}`)
      return text
    }
    return {
      list: (folder) =>
        ask(() =>
          [...files]
            .filter(([path]) => path.startsWith(`${folder}/`))
            .map(([path, text]) => ({ name: path.slice(folder.length + 1), bytes: text.length, changedAt: 1 })),
        ),
      look: (path) =>
        ask(() => {
          const text = files.get(path)
          return text === undefined ? undefined : { bytes: text.length, changedAt: 1 }
        }),
      put: (local, path) => ask(() => void files.set(path, readFileSync(local, 'utf8'))),
      get: (path, local) => ask(() => writeFileSync(local, there(path), { flag: 'wx' })),
      rename: (from, to) =>
        ask(() => {
          if (files.has(to)) throw new Error(`${to} is there`)
          files.set(to, there(from))
          files.delete(from)
        }),
      remove: (path) => ask(() => void files.delete(path)),
      close: () => undefined,
    }
  }
  /** As a bank does: whole files, which are gone afterwards. */
  function takeOrders(): void {
    for (const [path, text] of [...files]) {
      if (!path.startsWith('/in/') || path.endsWith('.part')) continue
      got.push(text)
      files.delete(path)
    }
  }
  return { files, got, link, takeOrders }
}

const STEPS = [1, 2, 3, 4, 5, 6, 7, 8]
const CUTS = STEPS.flatMap((cutAt) =>
  (['question', 'answer'] as const).flatMap((lost) => [true, false].map((eager) => ({ cutAt, lost, eager }))),
)

test.each(CUTS)('an order is at the bank once although the link is lost at step $cutAt, with its $lost, eager: $eager', async (cut) => {
  const { near, order, names } = folders()
  const bank = playedBank()
  order('a.xml')
  order('b.xml')
  const whole = await sendOutbox(near, FAR, bank.link(cut.cutAt, cut.lost, cut.eager)).then(
    () => true,
    () => false,
  )
  expect(whole).toBe(cut.cutAt > 8)
  const stuck = await sendOutbox(near, FAR, bank.link())
  await sendOutbox(near, FAR, bank.link())
  bank.takeOrders()
  // The bank took it before we knew that it had its name: nobody but the bank can say so.
  const unsure = cut.lost === 'answer' && cut.eager && (cut.cutAt === 4 || cut.cutAt === 8)
  expect(stuck).toHaveLength(unsure ? 1 : 0)
  expect(bank.got.sort()).toEqual(['order a.xml', 'order b.xml'])
  expect(names()).toEqual({
    outbox: [],
    leaving: unsure ? [cut.cutAt === 4 ? 'a.xml' : 'b.xml'] : [],
    carried: unsure ? [cut.cutAt === 4 ? 'b.xml' : 'a.xml'] : ['a.xml', 'b.xml'],
  })
  expect([...bank.files.keys()]).toEqual([])
})

test('what a person moves back to the outbox leaves again, and what is at the bank under this name is not written over', async () => {
  const { near, order, names } = folders()
  const bank = playedBank()
  bank.files.set('/in/a.xml', 'of somebody else')
  order('a.xml')
  expect(await sendOutbox(near, FAR, bank.link())).toMatchObject([
    { name: 'a.xml', why: expect.stringContaining('lies at the bank already') },
  ])
  expect(bank.files.get('/in/a.xml')).toBe('of somebody else')
  bank.takeOrders()
  expect(await sendOutbox(near, FAR, bank.link())).toEqual([])
  expect(bank.files.get('/in/a.xml')).toBe('order a.xml')
  expect(names()).toEqual({ outbox: [], leaving: [], carried: ['a.xml'] })
})

test('a file of which the bank has less than was sent does not get its name', async () => {
  const { near, order, names } = folders()
  const bank = playedBank()
  order('a.xml')
  const short = { ...bank.link(), put: async (_: string, path: string) => void bank.files.set(path, 'ord') }
  await expect(sendOutbox(near, FAR, short)).rejects.toThrow('/in/a.xml.part has 3 bytes there, and 11 were sent')
  expect(names().outbox).toEqual(['a.xml'])
  await sendOutbox(near, FAR, bank.link())
  expect([...bank.files]).toEqual([['/in/a.xml', 'order a.xml']])
})

test('a file of the bank is taken at the second look, whole, and is gone there', async () => {
  const { near } = folders()
  const bank = playedBank()
  const look = createFetcher(near, FAR, 100)
  bank.files.set('/out/day.xml', 'half')
  bank.files.set('/out/other.xml.part', 'half')
  await look(bank.link())
  bank.files.set('/out/day.xml', 'the whole day')
  await look(bank.link())
  expect(readdirSync(near.inbox)).toEqual([])
  await look(bank.link())
  expect(readFileSync(join(near.inbox, 'day.xml'), 'utf8')).toBe('the whole day')
  expect([...bank.files.keys()]).toEqual(['/out/other.xml.part'])
})

test('a file that was cut off comes again whole, and one whose removal was lost comes again', async () => {
  const { near } = folders()
  const bank = playedBank()
  const look = createFetcher(near, FAR, 100)
  bank.files.set('/out/day.xml', 'the day')
  await look(bank.link())
  writeFileSync(join(near.inbox, '.day.xml.part'), 'the')
  await expect(look(bank.link(4, 'question'))).rejects.toThrow('the link is lost')
  expect(readFileSync(join(near.inbox, 'day.xml'), 'utf8')).toBe('the day')
  rmSync(join(near.inbox, 'day.xml'))
  await look(bank.link())
  expect(readFileSync(join(near.inbox, 'day.xml'), 'utf8')).toBe('the day')
  expect(bank.files.size).toBe(0)
})

test('what is left at the bank comes once, also after a restart, and again when it changed', async () => {
  const { near } = folders()
  const bank = playedBank()
  const leave = { ...FAR, taken: 'leave' } as const
  const taken = () => readdirSync(near.inbox).length
  bank.files.set('/out/day.xml', 'the day')
  const look = createFetcher(near, leave, 100)
  for (let i = 0; i < 3; i += 1) await look(bank.link())
  expect(taken()).toBe(1)
  rmSync(join(near.inbox, 'day.xml'))
  const later = createFetcher(near, leave, 100)
  for (let i = 0; i < 3; i += 1) await later(bank.link())
  expect(taken()).toBe(0)
  bank.files.set('/out/day.xml', 'the day, corrected')
  for (let i = 0; i < 3; i += 1) await later(bank.link())
  expect(taken()).toBe(1)
  bank.files.clear()
  await later(bank.link())
  expect(readFileSync(near.taken, 'utf8')).toBe('')
})

test.each(['../up.xml', '.hidden', 'a/b.xml', 'line\nbreak', '', 'x'.repeat(201), '-rf'])('a file named %j is not taken', async (name) => {
  const { near } = folders()
  const bank = playedBank()
  const look = createFetcher(near, FAR, 100)
  bank.files.set(`/out/${name}`, 'text')
  for (let i = 0; i < 3; i += 1) await look(bank.link())
  expect(readdirSync(near.inbox)).toEqual([])
  expect(bank.files.size).toBe(1)
  expect(await look(bank.link())).toHaveLength(name.startsWith('.') ? 0 : 1)
})

test('a file that the bank writes anew while it is read is taken later, whole, and not deleted there', async () => {
  const { near } = folders()
  const bank = playedBank()
  const look = createFetcher(near, FAR, 100)
  bank.files.set('/out/day.xml', 'the first')
  await look(bank.link())
  const link = bank.link()
  const written: Remote = {
    ...link,
    async get(path, local, most) {
      await link.get(path, local, most)
      bank.files.set('/out/day.xml', 'the second one')
    },
  }
  await look(written)
  expect([readdirSync(near.inbox), bank.files.size]).toEqual([[], 1])
  for (let i = 0; i < 2; i += 1) await look(bank.link())
  expect(readFileSync(join(near.inbox, 'day.xml'), 'utf8')).toBe('the second one')
})

test('a file that the server refuses is told, and the others do not wait for it', async () => {
  const { near, order } = folders()
  const bank = playedBank()
  const refusing = (name: string): Remote => {
    const link = bank.link()
    const refuse = (path: string, work: () => Promise<void>) =>
      path.includes(name) ? Promise.reject(new RemoteRefused(`writing ${path}: Permission denied`)) : work()
    return {
      ...link,
      put: (local, path) => refuse(path, () => link.put(local, path)),
      get: (path, local, most) => refuse(path, () => link.get(path, local, most)),
    }
  }
  order('a.xml')
  order('b.xml')
  expect(await sendOutbox(near, FAR, refusing('a.xml'))).toMatchObject([
    { name: 'a.xml', why: expect.stringContaining('Permission denied') },
  ])
  expect([...bank.files.keys()]).toEqual(['/in/b.xml'])
  const look = createFetcher(near, FAR, 100)
  for (const name of ['c.xml', 'd.xml']) bank.files.set(`/out/${name}`, name)
  await look(bank.link())
  expect(await look(refusing('c.xml'))).toMatchObject([{ name: 'c.xml' }])
  expect(readdirSync(near.inbox)).toEqual(['d.xml'])
})

test('a file that is too large is not taken, and is told', async () => {
  const { near } = folders()
  const bank = playedBank()
  bank.files.set('/out/day.xml', 'the day')
  const look = createFetcher(near, FAR, 6)
  await look(bank.link())
  expect(await look(bank.link())).toMatchObject([{ name: 'day.xml', why: expect.stringContaining('7 bytes are more than 6') }])
})

test('a server that fails is told and asked again, until it answers', async () => {
  const { folder, near, order } = folders()
  const bank = playedBank()
  let up = false
  const connect = async () => {
    if (!up) throw new Error('bank.example:22: connection refused')
    return bank.link()
  }
  const carrier = await startCarrier({ folder, far: FAR, pollMs: 5, now: () => 7, connect })
  onTestFinished(() => carrier.close())
  await vi.waitFor(() => expect(carrier.problems()).toMatchObject([{ at: 7, detail: 'bank.example:22: connection refused' }]))
  order('a.xml')
  up = true
  await vi.waitFor(() => expect(bank.files.get('/in/a.xml')).toBe('order a.xml'), 20_000)
  await vi.waitFor(() => expect(carrier.problems()).toEqual([]))
  expect(statSync(join(near.carried, 'a.xml')).size).toBe(11)
})
