import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkpointText, readCheckpoint } from './checkpoint.ts'
import { openNote, signNote, verifierKey } from './signedNote.ts'
import { readTlogProof, writeTlogProof } from './tlogProof.ts'

/** The example of the Go module golang.org/x/mod/sumdb/note. */
const NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
const VERIFIER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const peter = createPublicKey({
  format: 'jwk',
  key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(VERIFIER.split('+')[2]!, 'base64').subarray(1).toString('base64url') },
})

/** A key for tests: 32 bytes of one value, as PKCS #8 (RFC 8410). */
const privateKey = createPrivateKey({
  format: 'der',
  type: 'pkcs8',
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
})
const publicKey = createPublicKey(privateKey)
const signer = { name: 'example.com/log', privateKey, publicKey }

describe('a signed note', () => {
  test('of the Go implementation opens with its key', () => {
    expect(verifierKey('PeterNeumann', peter)).toBe(VERIFIER)
    expect(openNote(NOTE, 'PeterNeumann', peter)).toBe(NOTE.split('\n\n')[0] + '\n')
  })

  test('does not open when a letter was changed, for another name, or for another key', () => {
    expect(openNote(NOTE.replace('answer', 'Answer'), 'PeterNeumann', peter)).toBeUndefined()
    expect(openNote(NOTE, 'PeterNewmann', peter)).toBeUndefined()
    expect(openNote(NOTE, 'PeterNeumann', publicKey)).toBeUndefined()
    expect(openNote('', 'PeterNeumann', peter)).toBeUndefined()
    expect(openNote('text\n\n', 'PeterNeumann', peter)).toBeUndefined()
  })

  test('opens beside signatures of others, and not beside a wrong one of its own key', () => {
    const note = signNote('one line\n', signer)
    const other = NOTE.split('\n').at(-2)!
    expect(openNote(`${note}${other}\n`, signer.name, publicKey)).toBe('one line\n')
    const spoiled = signNote('another line\n', signer).split('\n').at(-2)!
    expect(openNote(`${note}${spoiled}\n`, signer.name, publicKey)).toBeUndefined()
  })

  test('keeps a text with blank lines apart from its signatures', () => {
    const text = 'one\n\nthree\n'
    expect(openNote(signNote(text, signer), signer.name, publicKey)).toBe(text)
  })

  test('is not made of text without an end, with control characters, or under a name with blanks', () => {
    expect(() => signNote('no newline', signer)).toThrow()
    expect(() => signNote('a\ttab\n', signer)).toThrow()
    expect(() => signNote('text\n', { ...signer, name: 'a b' })).toThrow()
    expect(() => signNote('text\n', { ...signer, name: 'a+b' })).toThrow()
  })
})

describe('a checkpoint', () => {
  const head = { origin: 'example.com/log', size: 20852163, root: Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64') }

  test('is three lines as in the example of C2SP tlog-checkpoint', () => {
    expect(checkpointText(head)).toBe('example.com/log\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n')
    expect(readCheckpoint(checkpointText(head))).toEqual(head)
  })

  test('names the block it was signed behind in its extension line', () => {
    const hash = 'ab'.repeat(32)
    const bound = { ...head, journal: { seq: 1234, hash: Buffer.from(hash, 'hex') } }
    expect(checkpointText(bound)).toBe(`${checkpointText(head)}journal 1234 ${hash}\n`)
    expect(readCheckpoint(checkpointText(bound))).toEqual(bound)
    expect(readCheckpoint(`${checkpointText(head)}journal 01234 ${hash}\n`)).toEqual(head)
  })

  test.each([
    ['a size with a leading zero', 'o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['no origin', '\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['a short root', 'o\n1\nCsUYapGGPo4=\n'],
    ['no root', 'o\n1\n'],
  ])('with %s is none', (_, text) => {
    expect(readCheckpoint(text)).toBeUndefined()
  })
})

describe('a proof as text', () => {
  const path = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const proof = { index: 73894, path, checkpoint: signNote('example.com/log\n1\nx\n', signer) }

  test('reads back as it was written', () => {
    expect(readTlogProof(writeTlogProof(proof))).toEqual(proof)
    expect(readTlogProof(writeTlogProof({ ...proof, index: 0, path: [] }))).toEqual({ ...proof, index: 0, path: [] })
  })

  test('may carry extra data, which is passed over', () => {
    const text = writeTlogProof(proof).replace('index', 'extra AAAA\nindex')
    expect(readTlogProof(text)).toEqual(proof)
  })

  test.each([
    ['another first line', (t: string) => t.replace('@v1', '@v2')],
    ['no index', (t: string) => t.replace('index 73894\n', '')],
    ['an index with a sign', (t: string) => t.replace('73894', '-1')],
    ['a hash that is no hash', (t: string) => t.replace(Buffer.alloc(32, 1).toString('base64'), 'AAAA')],
    ['no checkpoint', (t: string) => t.split('\n\n')[0]!],
  ])('with %s is none', (_, change) => {
    expect(readTlogProof(change(writeTlogProof(proof)))).toBeUndefined()
  })
})
