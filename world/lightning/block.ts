import { createHash } from 'node:crypto'
import { Script } from '@scure/btc-signer'

/** Regtest's easiest target: the first bit of the hash (its last byte, little endian) must be zero, so two tries on average. */
const BITS = 0x207fffff
const SUBSIDY_SATS = 5_000_000_000n

/** The 80-byte header of regtest's block 0, as every node of that network knows it. */
export const GENESIS_HEADER: Uint8Array = Buffer.from(
  `01000000${'00'.repeat(32)}3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4adae5494dffff7f2002000000`,
  'hex',
)

/** A coinbase that pays the whole subsidy to `script`; the height inside (BIP 34) makes each one different, and `branch` those of one height. */
export function coinbase(height: number, script: Uint8Array, branch = 0): Uint8Array {
  const heightPush = Script.encode([scriptNumber(height), Buffer.from(branch === 0 ? 'switchyard' : `switchyard ${branch}`)])
  const amount = Buffer.alloc(8)
  amount.writeBigUInt64LE(SUBSIDY_SATS)
  return Buffer.concat([
    Buffer.from('0200000001', 'hex'),
    Buffer.alloc(32),
    Buffer.from('ffffffff', 'hex'),
    Buffer.from([heightPush.length]),
    heightPush,
    Buffer.from('ffffffff01', 'hex'),
    amount,
    Buffer.from([script.length]),
    script,
    Buffer.alloc(4),
  ])
}

/** Finds a header over `txids` (internal byte order) that meets regtest's target. */
export function mineHeader(previous: Uint8Array, txids: readonly Uint8Array[], timeS: number): Uint8Array {
  const header = Buffer.alloc(80)
  header.writeUInt32LE(0x20000000, 0)
  header.set(previous, 4)
  header.set(merkleRoot(txids), 36)
  header.writeUInt32LE(timeS, 68)
  header.writeUInt32LE(BITS, 72)
  for (let nonce = 0; nonce < 0xffffffff; nonce++) {
    header.writeUInt32LE(nonce, 76)
    if (doubleSha256(header)[31]! < 0x80) return header
  }
  throw new Error('no nonce meets the target of regtest')
}

/** Bitcoin's hash, in internal byte order. */
export function doubleSha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest()
}

function merkleRoot(txids: readonly Uint8Array[]): Uint8Array {
  let row = [...txids]
  while (row.length > 1) {
    const next: Uint8Array[] = []
    // A row of odd length repeats its last hash.
    for (let i = 0; i < row.length; i += 2) next.push(doubleSha256(Buffer.concat([row[i]!, row[i + 1] ?? row[i]!])))
    row = next
  }
  return row[0]!
}

/** A height as a minimal little-endian script number. */
function scriptNumber(height: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = height; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256)
  if (bytes.at(-1)! >= 0x80) bytes.push(0)
  return Uint8Array.from(bytes)
}
