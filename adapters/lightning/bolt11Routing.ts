import { sha256 } from '@noble/hashes/sha2.js'
import { bech32, bech32m, createBase58check } from '@scure/base'
import type { InvoiceHop, ReadInvoice } from '../../gateway/ports/invoiceReader.ts'
import { bytesOf } from './bolt11Fields.ts'

/** A hop of a hint: the node's key, the channel behind it, what it takes, and the blocks it needs (BOLT 11, field r). */
const HOP_BYTES = 51
const BASE58 = createBase58check(sha256)

/** How addresses of a network begin: the text of newer ones, and the first byte of older ones (BIP 173, BIP 350; base58check). */
type AddressForms = Readonly<{ prefix: string; keyHash: number; scriptHash: number }>
const TEST = { keyHash: 0x6f, scriptHash: 0xc4 }
const FORMS: Readonly<Record<ReadInvoice['network'], AddressForms>> = {
  mainnet: { prefix: 'bc', keyHash: 0, scriptHash: 5 },
  testnet: { prefix: 'tb', ...TEST },
  signet: { prefix: 'tb', ...TEST },
  regtest: { prefix: 'bcrt', ...TEST },
}
/** Versions of field f that are no witness program. */
const KEY_HASH = 17
const SCRIPT_HASH = 18
const WITNESS_VERSION_MAX = 16

/** The hops of one hint (field r), the first of them at a node that the network knows; none of a field that is not built as one. */
export function hintOf(words: readonly number[]): readonly InvoiceHop[] {
  const bytes = bytesOf(words)
  if (bytes.length % HOP_BYTES !== 0) return []
  return Array.from({ length: bytes.length / HOP_BYTES }, (_, i) => hopOf(bytes.subarray(i * HOP_BYTES, (i + 1) * HOP_BYTES)))
}

function hopOf(bytes: Buffer): InvoiceHop {
  const [block, transaction, output] = [bytes.readUIntBE(33, 3), bytes.readUIntBE(36, 3), bytes.readUIntBE(39, 2)]
  return {
    nodeId: bytes.toString('hex', 0, 33),
    channel: `${block}x${transaction}x${output}`,
    feeBaseMsat: BigInt(bytes.readUInt32BE(41)),
    feePpm: bytes.readUInt32BE(45),
    cltvDelta: bytes.readUInt16BE(49),
  }
}

/** The address in field f, or undefined for a version that BOLT 11 has a reader skip, or a program that nobody could spend. */
export function fallbackOf(network: ReadInvoice['network'], [version, ...words]: readonly number[]): string | undefined {
  const forms = FORMS[network]
  const program = bytesOf(words)
  if (version === undefined) return undefined
  if (version === KEY_HASH) return program.length === 20 ? BASE58.encode(Uint8Array.of(forms.keyHash, ...program)) : undefined
  if (version === SCRIPT_HASH) return program.length === 20 ? BASE58.encode(Uint8Array.of(forms.scriptHash, ...program)) : undefined
  if (version > WITNESS_VERSION_MAX || program.length < 2 || program.length > 40) return undefined
  if (version === 0) return [20, 32].includes(program.length) ? bech32.encode(forms.prefix, [0, ...words]) : undefined
  return bech32m.encode(forms.prefix, [version, ...words])
}
