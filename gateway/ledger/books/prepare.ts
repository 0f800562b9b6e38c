import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import type { AccountPath, Claim, Entry, Leg, Submission } from '../../ports/books.ts'
import { AMOUNT_MAX } from '../../ports/ledger.ts'
import type { SubmissionRow } from '../journal/blockData.ts'
import { accountKind, type BookAccount } from '../journal/chart.ts'
import { isEntryId, LEGS_MAX, transferId } from '../journal/legIds.ts'
import { type BookState, findAccount } from './bookState.ts'
import type { EntryAccounts } from './entryTransfers.ts'
import { entryFingerprint } from './fingerprint.ts'

/** Most claims of one submission. */
const CLAIMS_MAX = 64
/** Most facts of one submission. */
const FACTS_MAX = 1024
/** Longest submission in the journal, in UTF-16 units of its JSON. */
const ROW_MAX = 1_048_576
/** Longest key and fingerprint of a claim together, and longest payment, in UTF-16 units. */
const TEXT_MAX = 16_384
const TIMEOUT_MAX = 0xffff_ffff

/**
 * A submission that was checked, with its journal row already written, so that nothing the caller does later changes it. `accounts` are those of its
 * entry, undefined when it names one for the first time.
 */
export type Prepared = Readonly<{ submission: Submission; row: string; fingerprint: bigint; accounts: EntryAccounts | undefined }>

/** Checks what only a defect of the caller can get wrong, before the submission may touch the shared state. */
export function prepare(state: BookState, submission: Submission): Prepared {
  const { claims = [], facts = [], entry } = submission
  invariant(claims.length <= CLAIMS_MAX, () => `a submission has at most ${CLAIMS_MAX} claims`)
  checkClaims(claims)
  invariant(facts.length <= FACTS_MAX, () => `a submission has at most ${FACTS_MAX} facts`)
  invariant(claims.length > 0 || facts.length > 0 || entry, 'a submission has something to record')
  const accounts = entry && checkEntry(state, entry)
  const row = claims.length === 0 && facts.length === 0 && entry ? entryRow(entry) : JSON.stringify(contentOf(submission))
  invariant(row.length <= ROW_MAX, () => `a submission is at most ${ROW_MAX} characters long`)
  return { submission, row, fingerprint: entry ? entryFingerprint(entry) : 0n, accounts }
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
  invariant(text.length <= TEXT_MAX && text.isWellFormed(), () => `a text of a submission is well-formed and at most ${TEXT_MAX} long`)
}

/** Checks an entry, and finds its accounts on the way: one that is in the chart has a good path. */
function checkEntry(state: BookState, entry: Entry): EntryAccounts | undefined {
  invariant(isEntryId(entry.id), () => `"${entry.id}" is an entry id: en_ and 32 hex digits`)
  invariant(entry.legs.length > 0 && entry.legs.length <= LEGS_MAX, () => `an entry has 1 to ${LEGS_MAX} legs`)
  checkText(entry.payment)
  const accounts: (BookAccount | undefined)[] = []
  let allKnown = true
  let before: Leg | undefined
  for (const leg of entry.legs) {
    if (leg.asset !== before?.asset) checkAsset(leg.asset)
    checkLeg(leg)
    if (leg.kind === 'post' || leg.kind === 'void') accounts.push(undefined, undefined)
    else {
      // Most entries pay from one account: it is looked up once.
      const debit = isFromSame(leg, before) ? accounts.at(-2) : accountOrGoodPath(state, leg.debit, leg.asset)
      const credit = accountOrGoodPath(state, leg.credit, leg.asset)
      accounts.push(debit, credit)
      allKnown &&= debit !== undefined && credit !== undefined
    }
    before = leg
  }
  return allKnown ? accounts : undefined
}

function checkLeg(leg: Leg): void {
  if (leg.kind !== 'void') invariant(leg.units >= 0n && leg.units <= AMOUNT_MAX, () => `${leg.units} units fit in 128 bits`)
  if (leg.kind === 'post' || leg.kind === 'void') {
    transferId(leg.pending)
    return
  }
  invariant(leg.debit !== leg.credit, () => `a leg moves between two accounts, not from ${leg.debit} to itself`)
  if (leg.kind === 'hold') {
    const whole = Number.isInteger(leg.timeoutS) && leg.timeoutS >= 0 && leg.timeoutS <= TIMEOUT_MAX
    invariant(whole, `a timeout is a whole number of seconds up to ${TIMEOUT_MAX}`)
  }
}

function isFromSame(leg: Extract<Leg, { debit: AccountPath }>, before: Leg | undefined): boolean {
  return before !== undefined && 'debit' in before && before.debit === leg.debit && before.asset === leg.asset
}

function accountOrGoodPath(state: BookState, path: AccountPath, asset: Asset): BookAccount | undefined {
  const account = findAccount(state, path, asset)
  if (account) return account
  accountKind(path)
  invariant(path.isWellFormed(), 'the path of an account is well-formed')
  return undefined
}

function checkAsset(asset: Asset): void {
  invariant(Number.isInteger(asset.ledger) && asset.ledger > 0 && asset.ledger <= 0xffff_ffff, `${asset.id} has a ledger number`)
  invariant(!asset.id.includes('|'), `${asset.id} contains no bar`)
}
