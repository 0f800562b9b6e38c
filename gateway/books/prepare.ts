import { invariant } from '../errors/invariant.ts'
import type { Asset } from '../money/asset.ts'
import type { AccountPath, Claim, Entry, Leg, Submission } from '../ports/books.ts'
import { AMOUNT_MAX } from '../ports/ledger.ts'
import type { SubmissionRow } from './blockData.ts'
import { accountKind } from './chart.ts'
import { entryFingerprint } from './fingerprint.ts'
import { isEntryId, LEGS_MAX, transferId } from './legIds.ts'

/** Most claims of one submission. */
const CLAIMS_MAX = 64
/** Most facts of one submission. */
const FACTS_MAX = 1024
/** Longest submission in the journal, in UTF-16 units of its JSON. */
const ROW_MAX = 1_048_576
/** Longest key and fingerprint of a claim together, and longest payment, in UTF-16 units. */
const TEXT_MAX = 16_384
const TIMEOUT_MAX = 0xffff_ffff

/** A submission that was checked, with its journal row already written, so that nothing the caller does later changes it. */
export type Prepared = Readonly<{ submission: Submission; row: string; fingerprint: bigint }>

/** Checks what only a defect of the caller can get wrong, before the submission may touch the shared state. */
export function prepare(submission: Submission): Prepared {
  const { claims = [], facts = [], entry } = submission
  invariant(claims.length <= CLAIMS_MAX, `a submission has at most ${CLAIMS_MAX} claims`)
  checkClaims(claims)
  invariant(facts.length <= FACTS_MAX, `a submission has at most ${FACTS_MAX} facts`)
  invariant(claims.length > 0 || facts.length > 0 || entry, 'a submission has something to record')
  if (entry) checkEntry(entry)
  const row = claims.length === 0 && facts.length === 0 && entry ? entryRow(entry) : JSON.stringify(contentOf(submission))
  invariant(row.length <= ROW_MAX, `a submission is at most ${ROW_MAX} characters long`)
  return { submission, row, fingerprint: entry ? entryFingerprint(entry) : 0n }
}

function contentOf({ claims = [], facts = [], entry }: Submission): SubmissionRow {
  return {
    ...(claims.length > 0 && { claims: claims.map((claim) => [claim.key, claim.fingerprint] as const) }),
    ...(facts.length > 0 && { facts }),
    ...(entry && { entry: { id: entry.id, payment: entry.payment, legs: entry.legs.length } }),
  }
}

/** The JSON of `contentOf` for an entry alone, without an object in between. Its id was checked and has nothing to escape. */
function entryRow({ id, payment, legs }: Entry): string {
  return `{"entry":{"id":"${id}","payment":${JSON.stringify(payment)},"legs":${legs.length}}}`
}

function checkClaims(claims: readonly Claim[]): void {
  for (const { key, fingerprint } of claims) checkText(key + fingerprint)
  const keys = claims.length > 1 ? new Set(claims.map((claim) => claim.key)).size : claims.length
  invariant(keys === claims.length, 'the claims of a submission have different keys')
}

/** What is kept as UTF-8 has to come back as it was: half a surrogate pair would not, and its claim would never be found again. */
function checkText(text: string): void {
  invariant(text.length <= TEXT_MAX && text.isWellFormed(), `a text of a submission is well-formed and at most ${TEXT_MAX} long`)
}

function checkEntry(entry: Entry): void {
  invariant(isEntryId(entry.id), `"${entry.id}" is an entry id: en_ and 32 hex digits`)
  invariant(entry.legs.length > 0 && entry.legs.length <= LEGS_MAX, `an entry has 1 to ${LEGS_MAX} legs`)
  checkText(entry.payment)
  let before: Leg | undefined
  for (const leg of entry.legs) {
    checkLeg(leg, before)
    before = leg
  }
}

/** What it shares with the leg before it was checked there: most entries pay from one account in one asset. */
function checkLeg(leg: Leg, before: Leg | undefined): void {
  if (leg.asset !== before?.asset) checkAsset(leg.asset)
  if (leg.kind !== 'void') invariant(leg.units >= 0n && leg.units <= AMOUNT_MAX, `${leg.units} units fit in 128 bits`)
  if (leg.kind === 'post' || leg.kind === 'void') {
    transferId(leg.pending)
    return
  }
  if (!before || !('debit' in before) || leg.debit !== before.debit) checkPath(leg.debit)
  checkPath(leg.credit)
  invariant(leg.debit !== leg.credit, `a leg moves between two accounts, not from ${leg.debit} to itself`)
  if (leg.kind === 'hold') {
    const whole = Number.isInteger(leg.timeoutS) && leg.timeoutS >= 0 && leg.timeoutS <= TIMEOUT_MAX
    invariant(whole, `a timeout is a whole number of seconds up to ${TIMEOUT_MAX}`)
  }
}

/** Paths that were found good, so that those used all the time are not looked at again. It is emptied when it is full. */
const goodPaths = new Set<AccountPath>()
const GOOD_PATHS_MAX = 20_000

function checkPath(path: AccountPath): void {
  if (goodPaths.has(path)) return
  accountKind(path)
  invariant(path.isWellFormed(), 'the path of an account is well-formed')
  if (goodPaths.size === GOOD_PATHS_MAX) goodPaths.clear()
  goodPaths.add(path)
}

function checkAsset(asset: Asset): void {
  invariant(Number.isInteger(asset.ledger) && asset.ledger > 0 && asset.ledger <= 0xffff_ffff, `${asset.id} has a ledger number`)
  invariant(!asset.id.includes('|'), `${asset.id} contains no bar`)
}
