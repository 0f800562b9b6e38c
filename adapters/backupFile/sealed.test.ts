import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSealed, readSealed } from './sealed.ts'

const KEY = 'a key of the test'
const PIECE = 64 * 1024
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-sealed-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function sealed(name: string, ...writes: Uint8Array[]): Promise<string> {
  const path = join(folder, name)
  const sealing = await createSealed(path, KEY)
  for (const bytes of writes) await sealing.write(bytes)
  expect(await sealing.end()).toBe(readFileSync(path).length)
  return path
}

async function opened(path: string, key = KEY): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of readSealed(path, key)) pieces.push(piece)
  return Buffer.concat(pieces)
}

test.each([0, PIECE, PIECE + 1, 3 * PIECE + 5])('%i bytes come back as they were', async (length) => {
  const bytes = randomBytes(length)
  const path = await sealed(`of-${length}`, bytes.subarray(0, length >> 1), bytes.subarray(length >> 1))
  expect((await opened(path)).equals(bytes)).toBe(true)
})

test('no byte of it can be changed', async () => {
  const path = await sealed('changed', Buffer.from('what nobody changes'))
  const whole = readFileSync(path)
  // Mark, salt, check, content and tag: every ninth byte is in each of them.
  for (let at = 0; at < whole.length; at += 9) {
    const bytes = Buffer.from(whole)
    bytes[at]! ^= 0x10
    writeFileSync(path, bytes)
    await expect(opened(path)).rejects.toMatchObject({ code: 'backup_unreadable' })
  }
})

test('pieces are neither left out, nor moved, nor doubled, and no end is cut off', async () => {
  const path = await sealed('pieces', randomBytes(4 * PIECE))
  const whole = readFileSync(path)
  const start = whole.subarray(0, 56)
  const piece = (n: number) => whole.subarray(56 + n * (PIECE + 16), 56 + (n + 1) * (PIECE + 16))
  for (const order of [[0, 1, 2], [0, 1, 3], [1, 0, 2, 3], [0, 1, 2, 3, 3], [0, 0, 1, 2, 3], [3], []]) {
    writeFileSync(path, Buffer.concat([start, ...order.map(piece)]))
    await expect(opened(path)).rejects.toMatchObject({ code: 'backup_unreadable' })
  }
})

test('one that is abandoned leaves nothing, and one that is there is not replaced', async () => {
  const path = await sealed('kept', Buffer.from('kept'))
  const second = await createSealed(path, KEY)
  await expect(second.end()).rejects.toMatchObject({ code: 'EEXIST' })
  const third = join(folder, 'left')
  await (await createSealed(third, KEY)).abandon()
  expect(readdirSync(folder)).not.toContain('left.part')
  expect((await opened(path)).toString()).toBe('kept')
})
