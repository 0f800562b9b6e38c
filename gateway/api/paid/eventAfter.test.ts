import { expect, test } from 'vitest'
import { eventAfter } from './eventAfter.ts'

/** Three events; `next`: where the one after `b` begins. */
function stream(end: string): Readonly<{ bytes: Buffer; next: number }> {
  const lines = ['id: a', 'data: 1', '', 'id:b', 'data: é', 'data: id: c', '', 'data: 3', '']
  const text = (parts: readonly string[]) => Buffer.from(parts.map((line) => `${line}${end}`).join(''))
  return { bytes: text(lines), next: text(lines.slice(0, 7)).byteLength }
}

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

test.each([
  ['a line feed', '\n'],
  ['a carriage return', '\r'],
  ['both', '\r\n'],
])('lines that end with %s are found however the bytes are cut', async (_, end) => {
  const { bytes, next } = stream(end)
  for (let size = 1; size <= bytes.byteLength; size++) {
    expect(await eventAfter(cut(bytes, size), Buffer.from('b'))).toBe(next)
    // Data that looks like an id is none.
    expect(await eventAfter(cut(bytes, size), Buffer.from('c'))).toBeUndefined()
  }
})

test('an event that has not ended is not passed over', async () => {
  expect(await eventAfter(cut(Buffer.from('id: a\ndata: 1\n'), 4), Buffer.from('a'))).toBeUndefined()
  expect(await eventAfter(cut(Buffer.from('id: a\ndata: 1\n\n'), 4), Buffer.from('a'))).toBe(15)
})

test('a line of any length is no event and takes no memory of its length', async () => {
  const long = Buffer.concat([Buffer.from(`id: ${'x'.repeat(1_000_000)}\n\n`), Buffer.from('id: a\n\n')])
  expect(await eventAfter(cut(long, 65_536), Buffer.from('a'))).toBe(long.byteLength)
})
