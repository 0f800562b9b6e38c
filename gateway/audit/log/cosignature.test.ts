import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkpointText } from './checkpoint.ts'
import { cosignedAt, readWitnessKey } from './cosignature.ts'
import { signNote } from './signedNote.ts'

/** The line of a public witness, as the Go module transparency-dev/formats has it in its tests. */
const REMORA = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'

/** A key for tests: 32 bytes of one value, as PKCS #8 (RFC 8410). */
function keyOf(byte: number) {
  return createPrivateKey({
    format: 'der',
    type: 'pkcs8',
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]),
  })
}

const witness = { ...readWitnessKey(REMORA)!, publicKey: createPublicKey(keyOf(9)) }
const text = checkpointText({
  origin: 'example.com/log',
  size: 7,
  root: Buffer.alloc(32, 1),
  journal: { seq: 3, hash: Buffer.alloc(32, 2) },
})
const checkpoint = signNote(text, { name: 'example.com/log', privateKey: keyOf(7), publicKey: createPublicKey(keyOf(7)) })
/** SHA-256 of the name, a newline, 0x04 and the key of `keyOf(9)`, its first four bytes: computed apart from our code. */
const KEY_ID = Buffer.from('855643d3', 'hex')

/** C2SP tlog-cosignature, written out: what a witness signs, and the line that it adds. */
function cosigned(at: bigint, signed: string = text): string {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(at)
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${at}\n${signed}`), keyOf(9))
  return `— remora.n621.de ${Buffer.concat([KEY_ID, time, signature]).toString('base64')}\n`
}

describe('a cosignature', () => {
  test('of a witness says when it saw the checkpoint, the newest of several', () => {
    expect(cosignedAt(checkpoint, witness)).toBeUndefined()
    expect(cosignedAt(checkpoint + cosigned(1_727_964_367n), witness)).toBe(1_727_964_367n)
    expect(cosignedAt(checkpoint + cosigned(2n) + cosigned(1n), witness)).toBe(2n)
  })

  test('covers the block that the checkpoint names', () => {
    expect(cosignedAt(checkpoint.replace('journal 3', 'journal 4') + cosigned(5n), witness)).toBeUndefined()
  })

  test('of another text, another key or another time is none, and spoils those beside it', () => {
    expect(cosignedAt(checkpoint + cosigned(5n) + cosigned(6n, 'another\n'), witness)).toBeUndefined()
    expect(cosignedAt(checkpoint + cosigned(5n), readWitnessKey(REMORA)!)).toBeUndefined()
    const line = cosigned(5n).split(' ')
    const bytes = Buffer.from(line[2]!, 'base64')
    bytes[11] = 6
    expect(cosignedAt(`${checkpoint}— ${line[1]} ${bytes.toString('base64')}\n`, witness)).toBeUndefined()
    expect(cosignedAt(`${checkpoint}— ${line[1]} ${bytes.subarray(0, 68).toString('base64')}\n`, witness)).toBeUndefined()
  })
})

describe('the key of a witness', () => {
  test('is read from the line that it publishes', () => {
    expect(readWitnessKey(`${REMORA}\n`)).toMatchObject({ name: 'remora.n621.de', type: 4 })
  })

  test.each([
    ['of another id', REMORA.replace('da77', 'da78')],
    ['that signs notes and no checkpoints', 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['without a key', 'remora.n621.de+da77ade7'],
    ['that is cut short', REMORA.slice(0, -8)],
    ['of nothing', ''],
  ])('%s is none', (_, line) => {
    expect(readWitnessKey(line)).toBeUndefined()
  })
})
