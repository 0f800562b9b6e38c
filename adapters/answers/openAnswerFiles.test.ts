import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { AnswerOwner, KeptAnswers } from '../../gateway/ports/keptAnswers.ts'
import { openAnswerFiles } from './openAnswerFiles.ts'

const LIFE_MS = 300_000
const BYTES = Buffer.from([0xff, 0x0a, 0x00, 0x7b])
let folder: string
let now: number
let lines: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-answers-'))
  now = 1_800_000_000_000
  lines = []
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

/** As the next process opens the folder. */
function open(limits = { all: 1_000, seller: 1_000, payer: 1_000, file: 0 }): KeptAnswers {
  const answers = openAnswerFiles(folder, { clock: { now: () => now }, log: (line) => lines.push(line), limits })
  onTestFinished(() => answers.close())
  return answers
}

const ownerOf = (receipt: AnswerOwner['receipt'], payer = 'payer'): AnswerOwner => ({
  receipt,
  claimKey: `claim of ${receipt}`,
  payer,
  seller: 'seller',
})

async function keep(answers: KeptAnswers, owner: AnswerOwner, bytes: Uint8Array = BYTES): Promise<boolean> {
  const writer = answers.begin(owner, { bytesMax: 1_000 })
  await writer?.write(bytes)
  return (await writer?.end(LIFE_MS)) ?? false
}

async function readAll(answers: KeptAnswers, receipt: AnswerOwner['receipt']): Promise<Buffer | undefined> {
  const known = answers.find(receipt)
  if (typeof known !== 'object') return undefined
  const parts = await answers.read(receipt, { from: 0, end: known.bytes })
  return parts && Buffer.concat(await parts.toArray())
}

test('after a restart a whole answer is read, and what was half written, has expired or stands in no record is removed', async () => {
  const first = open()
  await keep(first, ownerOf('rc_old'))
  now += LIFE_MS - 1
  for (const receipt of ['rc_whole', 'rc_unrecorded'] as const) await keep(first, ownerOf(receipt))
  await first.begin(ownerOf('rc_half'), { bytesMax: 1_000 })!.write(BYTES)
  writeFileSync(join(folder, 'something else'), '')
  now += 2
  const next = open()
  await next.start((claimKey) => claimKey === 'claim of rc_whole' || claimKey === 'claim of rc_old')
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^rc_whole\./)])
  expect([await readAll(next, 'rc_whole'), next.find('rc_half'), next.find('rc_old')]).toEqual([BYTES, undefined, undefined])
})

test('what an earlier process kept takes its room', async () => {
  await keep(open(), ownerOf('rc_one'))
  const next = open({ all: 7, seller: 7, payer: 7, file: 0 })
  await next.start(() => true)
  expect(await keep(next, ownerOf('rc_two'))).toBe(false)
  now += LIFE_MS
  expect(await keep(next, ownerOf('rc_three'))).toBe(true)
})

test('where there is room, what has expired is left to the sweep of the minute; where there is none, it gives way at once', async () => {
  const answers = open({ all: 10, seller: 10, payer: 10, file: 0 })
  await keep(answers, ownerOf('rc_one'))
  now += LIFE_MS
  expect(await keep(answers, ownerOf('rc_two'))).toBe(true)
  expect(readdirSync(folder).some((name) => name.startsWith('rc_one.'))).toBe(true)
  expect(await keep(answers, ownerOf('rc_three'), Buffer.alloc(5))).toBe(true)
  expect(readdirSync(folder).some((name) => name.startsWith('rc_two.'))).toBe(true)
})

test('an answer is not found before it is whole, and not one that was dropped', async () => {
  const answers = open()
  const [one, two] = [answers.begin(ownerOf('rc_one'), { bytesMax: 9 })!, answers.begin(ownerOf('rc_two'), { bytesMax: 9 })!]
  await one.write(BYTES)
  expect([answers.find('rc_one'), await answers.read('rc_one', { from: 0, end: 4 })]).toEqual(['open', undefined])
  await two.write(BYTES)
  await two.drop()
  await one.end(LIFE_MS)
  expect([await readAll(answers, 'rc_one'), answers.find('rc_two')]).toEqual([BYTES, undefined])
})

test('an answer that ends while all is closed has ended once, whole', async () => {
  const answers = open()
  const writer = answers.begin(ownerOf('rc_whole'), { bytesMax: 1_000 })!
  await writer.write(BYTES)
  expect((await Promise.all([writer.end(LIFE_MS), answers.close()]))[0]).toBe(true)
  const next = open()
  await next.start(() => true)
  expect([await readAll(next, 'rc_whole'), lines]).toEqual([BYTES, []])
})

test('one that outgrows its limit gives its room to others', async () => {
  const answers = open({ all: 10, seller: 10, payer: 6, file: 0 })
  const writer = answers.begin(ownerOf('rc_one'), { bytesMax: 5 })!
  await writer.write(BYTES)
  await writer.write(BYTES)
  expect([writer.kept(), await writer.end(LIFE_MS)]).toEqual([false, false])
  expect([await keep(answers, ownerOf('rc_two')), await keep(answers, ownerOf('rc_three'))]).toEqual([true, false])
  expect(await keep(answers, ownerOf('rc_four', 'another'))).toBe(true)
  expect(await keep(answers, ownerOf('rc_five', 'a third'))).toBe(false)
})

test('a file that is not as it was written is not read', async () => {
  const answers = open()
  await keep(answers, ownerOf('rc_one'))
  appendFileSync(join(folder, readdirSync(folder)[0]!), 'more')
  expect(await readAll(answers, 'rc_one')).toBeUndefined()
})

test('a disk that takes nothing is told to the operator, and the answer is given once', async () => {
  const answers = open()
  rmSync(folder, { recursive: true })
  expect(await keep(answers, ownerOf('rc_one'))).toBe(false)
  expect([answers.find('rc_one'), lines[0]]).toEqual([undefined, expect.stringContaining('rc_one is not kept: Error: ENOENT')])
})

test('each file has its room beside its bytes, until it is gone', async () => {
  const limits = { all: 100, seller: 100, payer: 100, file: 40 }
  const nothing = new Uint8Array()
  const first = open(limits)
  for (const receipt of ['rc_a', 'rc_b'] as const) expect(await keep(first, ownerOf(receipt), nothing)).toBe(true)
  expect(await keep(first, ownerOf('rc_c'), nothing)).toBe(false)
  const next = open(limits)
  await next.start(() => true)
  expect(await keep(next, ownerOf('rc_c'), nothing)).toBe(false)
  now += LIFE_MS
  for (const receipt of ['rc_d', 'rc_e'] as const) expect(await keep(next, ownerOf(receipt), nothing)).toBe(true)
  await next.begin(ownerOf('rc_f'), { bytesMax: 1_000 })?.drop()
  expect(await keep(next, ownerOf('rc_g'), nothing)).toBe(false)
})
