import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { min } from '../../gateway/money/integers.ts'
import type { StateStore } from '../../gateway/ports/stateStore.ts'
import { openStateFiles } from './openStateFiles.ts'

let folder: string
let store: StateStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-state-'))
  store = openStateFiles(folder)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const big = Buffer.alloc(1_500_000, 'a state file of several slices ')

function flipBit(name: string, at: number): void {
  const bytes = readFileSync(join(folder, name))
  bytes[at]! ^= 1
  writeFileSync(join(folder, name), bytes)
}

test('what was written in parts is read whole and in pieces, also after it was opened again', async () => {
  const digest = await store.write('one', [big.subarray(0, 10), new Uint8Array(0), big.subarray(10)])
  await store.close()
  store = openStateFiles(folder)
  expect(Buffer.compare((await store.read('one'))!, big)).toBe(0)
  expect(Buffer.from(store.readAt('one', digest, 700_000, 50)).equals(big.subarray(700_000, 700_050))).toBe(true)
  expect(readdirSync(folder)).toEqual(['one'])
})

test('a file that is not there is undefined', async () => {
  expect(await store.read('none')).toBeUndefined()
})

test('a file that was written again is the new one, for readers of a part too', async () => {
  const old = await store.write('one', [Buffer.from('first')])
  expect(Buffer.from(store.readAt('one', old, 0, 5)).toString()).toBe('first')
  const digest = await store.write('one', [Buffer.from('other')])
  expect(Buffer.from(store.readAt('one', digest, 0, 5)).toString()).toBe('other')
  expect(() => store.readAt('one', old, 0, 5)).toThrow('one is not the file that the state refers to')
})

test.each([0, 1_200_000, big.byteLength + 5])('a bit that was flipped at byte %i is found, however the file is read', async (at) => {
  const digest = await store.write('one', [big])
  flipBit('one', at)
  await expect(store.read('one')).rejects.toThrow('one is damaged')
  expect(() => store.readAt('one', digest, min(at, big.byteLength - 5), 5)).toThrow('one is damaged')
})

test('what a part costs to read does not grow with its file, also when more files are read than are kept open', async () => {
  const readBytes = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))![1])
  const digests = await Promise.all(Array.from({ length: 100 }, (_, i) => store.write(`n${i}`, [big])))
  const before = readBytes()
  for (const [i, digest] of digests.entries()) store.readAt(`n${i}`, digest, 700_000, 50)
  expect(readBytes() - before).toBeLessThan(100 * 30_000)
})

test('around a damaged page a file is still read', async () => {
  const digest = await store.write('one', [big])
  flipBit('one', 1_200_000)
  expect(Buffer.from(store.readAt('one', digest, 700_000, 50)).equals(big.subarray(700_000, 700_050))).toBe(true)
})

test.each([0, 20, 1_000_000])('a file that was cut to %i bytes is found', async (length) => {
  const digest = await store.write('one', [big])
  truncateSync(join(folder, 'one'), length)
  await expect(store.read('one')).rejects.toThrow('one is damaged')
  expect(() => store.readAt('one', digest, 0, 5)).toThrow('one is damaged')
})

test('more files are read in turn than are kept open', async () => {
  const digests = await Promise.all(Array.from({ length: 150 }, (_, i) => store.write(`n${i}`, [Buffer.from(`content ${i}`)])))
  for (let round = 0; round < 2; round++) {
    for (const [i, digest] of digests.entries())
      expect(Buffer.from(store.readAt(`n${i}`, digest, 8, `${i}`.length)).toString()).toBe(`${i}`)
  }
})
