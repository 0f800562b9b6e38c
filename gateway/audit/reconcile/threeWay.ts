import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'
import { max } from '../../money/integers.ts'
import { canonicalJson } from '../receipt/canonicalJson.ts'
import { keyIdOf } from '../receipt/receipt.ts'

const units = z.string().regex(/^-?(0|[1-9][0-9]*)$/)
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const ROWS_MAX = 10_000

/** One place of a rail, in units of its asset. `less`, `more`: what is under way, so that the rail may hold so much less or more. */
const railRow = z.strictObject({ account: z.string(), asset: z.string(), rail: units, ledger: units, less: units, more: units })
/** What somebody was told is theirs: a group of accounts as the answers of the API show it. */
const toldRow = z.strictObject({ owner: z.string(), units })
/** One asset: all that the ledger has on rails, what of it no rail spoke of, and what all who are told of it were told. */
const assetRow = z.strictObject({ asset: z.string(), ledger: units, unspoken: units, told: z.array(toldRow).max(ROWS_MAX) })
const proofShape = z.strictObject({
  day: z.string().regex(DAY),
  at: z.string(),
  journal: z.strictObject({ seq: z.int(), hash: z.string() }),
  rails: z.array(railRow).max(ROWS_MAX),
  assets: z.array(assetRow).max(ROWS_MAX),
  /** Rails that did not say what they hold. */
  silent: z.array(z.string()).max(ROWS_MAX),
})
const signedShape = z.strictObject({ proof: proofShape, key_id: z.string(), signature: z.string() })

/** What rails say, what the ledger says and what was told to those whose money it is, at one block of the journal; each leg by itself, in units. */
export type ThreeWayProof = z.infer<typeof proofShape>
export type SignedProof = z.infer<typeof signedShape>

/** A thing that must be so and is not. */
export type Disagreement = Readonly<{ what: string; difference: string }>

/** What of a proof does not agree; nothing where all three say the same to the unit. */
export function disagreements({ rails, assets, silent }: ThreeWayProof): Disagreement[] {
  const ofRails = rails.flatMap(({ account, asset, ...row }): Disagreement[] => {
    const by = BigInt(row.rail) - BigInt(row.ledger)
    const beyond = by < -BigInt(row.less) ? by + BigInt(row.less) : max(by - BigInt(row.more), 0n)
    return beyond === 0n ? [] : [{ what: `${account} in ${asset}: the rail against the ledger`, difference: beyond.toString() }]
  })
  const ofAssets = assets.flatMap(({ asset, ledger, unspoken, told }): Disagreement[] => {
    const spoken = rails.filter((row) => row.asset === asset).reduce((sum, row) => sum + BigInt(row.ledger), 0n)
    const onRails = spoken + BigInt(unspoken) - BigInt(ledger)
    const owners = told.reduce((sum, one) => sum + BigInt(one.units), 0n) - BigInt(ledger)
    return [
      ...(onRails === 0n ? [] : [{ what: `${asset}: its places against the ledger`, difference: onRails.toString() }]),
      ...(owners === 0n ? [] : [{ what: `${asset}: what was told against the ledger`, difference: owners.toString() }]),
      ...(unspoken === '0' ? [] : [{ what: `${asset}: what no rail speaks of`, difference: unspoken }]),
    ]
  })
  const known = new Set(assets.map(({ asset }) => asset))
  const stray = rails
    .filter(({ asset }) => !known.has(asset))
    .map(({ account, ledger }) => ({ what: `${account}: of no asset`, difference: ledger }))
  return [...ofRails, ...ofAssets, ...stray, ...silent.map((rail) => ({ what: `${rail} did not say what it holds`, difference: '' }))]
}

/** The file: one form, so that no byte of it can be another. The API answers the same without a blank. */
export function writeProofFile(signed: SignedProof): string {
  return `${JSON.stringify(signed, null, 2)}\n`
}

type ProofCheck = Readonly<{
  signed: boolean
  proof: ThreeWayProof | undefined
  disagreements: readonly Disagreement[]
  why?: string
}>

/** Checks a file with the public key (PEM) alone: that it is as it was signed, to the byte, and what of it does not agree. */
export function checkProofFile(text: string, publicKeyPem: string): ProofCheck {
  const refused = (why: string): ProofCheck => ({ signed: false, proof: undefined, disagreements: [], why })
  const read = readSigned(text)
  if (!read) return refused('it is no proof of a day')
  if (writeProofFile(read) !== text && JSON.stringify(read) !== text) return refused('it was written otherwise since')
  const bytes = Buffer.from(canonicalJson(read.proof))
  const publicKey = keyIn(publicKeyPem)
  if (!publicKey) return refused('what is given as the key is no public key (PEM)')
  const signature = Buffer.from(read.signature, 'base64url')
  // Base64 has several spellings of one signature, and a key one name.
  const exact = signature.toString('base64url') === read.signature && read.key_id === keyIdOf(publicKey)
  const signed = exact && verify(null, bytes, publicKey, signature)
  if (!signed) return refused('it is not signed by this key')
  return { signed, proof: read.proof, disagreements: disagreements(read.proof) }
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

/** True of one that was taken while its day was not over. */
export function takenEarly({ day, at }: ThreeWayProof): boolean {
  return at.slice(0, day.length) <= day
}

function readSigned(text: string): SignedProof | undefined {
  try {
    return signedShape.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
