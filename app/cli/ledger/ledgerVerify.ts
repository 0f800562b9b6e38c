import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { checkpointCheck } from '../../../gateway/audit/log/checkpointCheck.ts'
import { cosignedAt, readWitnessKey } from '../../../gateway/audit/log/cosignature.ts'
import { readJournalLines } from '../../../gateway/audit/projection/journalLines.ts'
import { type JournalFindings, verifyJournal } from '../../../gateway/audit/projection/verifyJournal.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { BTC } from '../../../gateway/money/asset.ts'
import type { Block, JournalHead } from '../../../gateway/ports/journal.ts'
import type { ReadAccount, ReadCursor } from '../../../gateway/ports/readModel.ts'
import { mark } from '../colours.ts'
import { inUnit, unitOf } from '../peopleAmount.ts'
import { type Align, ledgerTable } from './ledgerTable.ts'
import { type LedgerAsked, whichBooks } from './whichBooks.ts'

/** One thing outside the journal that must agree with it. */
type Witness = Readonly<{ name: string; holds: boolean; detail: string }>
type Snapshot = Readonly<{ cursor: ReadCursor; accounts: readonly ReadAccount[] }>
/** A signed checkpoint that the journal must be under, and who must have cosigned it. */
type Signed = Readonly<{ name: string; note: string; publicKeyPem: string; witnesses?: readonly string[] }>
/** What the journal is compared with. */
type Beside = Readonly<{ anchor?: JournalHead | undefined; reads?: Snapshot; signed: readonly Signed[] }>

const SUMS: readonly Align[] = ['left', 'right', 'right', 'right', 'right', 'left']

type Options = LedgerAsked &
  Readonly<{
    file?: string | undefined
    checkpoint?: string | undefined
    key?: string | undefined
    witness?: readonly string[] | undefined
  }>

/**
 * Reads the whole journal of a data folder (also of a gateway that runs) or of an export, and compares it with itself and with what stands outside of
 * it: the anchored head, the read model, the signed checkpoint. 1 when anything differs.
 */
export async function ledgerVerify(o: Options): Promise<number> {
  const { findings, witnesses } = o.file === undefined ? await verifyFolder(o) : await verifyFile(o, o.file)
  const ok = findings.wrong.length === 0 && witnesses.every((witness) => witness.holds)
  console.log(o.json ? verifyJson(findings, witnesses, ok) : verifyText(findings, witnesses, ok))
  return ok ? 0 : 1
}

async function verifyFolder(o: Options) {
  const files = whichBooks(o)
  // Taken first: a running gateway goes on, and the journal is then read beyond all of them.
  const anchor = files.anchor()
  const reads = files.reads()
  const snapshot = reads.whole()
  reads.close()
  const signed = [...given(o), ...files.checkpoints()]
  const journal = files.journal()
  try {
    return await verifyBlocks(journal.read(0), { anchor, reads: snapshot, signed })
  } finally {
    await journal.close()
  }
}

async function verifyFile(o: Options, file: string) {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  return verifyBlocks(readJournalLines(lines), { signed: given(o) })
}

/** The checkpoint that was kept elsewhere, if one is named. */
function given({ checkpoint, key, witness: witnesses = [] }: Options): Signed[] {
  if (checkpoint === undefined && key === undefined && witnesses.length === 0) return []
  if (checkpoint === undefined || key === undefined) {
    throw new GatewayError('invalid_request', 'A checkpoint, the key that signed it and its witnesses go together', {
      hint: 'Give --checkpoint FILE and --key FILE, and --witness KEY for each witness that must have cosigned it.',
    })
  }
  return [{ name: 'kept checkpoint', note: readFileSync(checkpoint, 'utf8'), publicKeyPem: readFileSync(key, 'utf8'), witnesses }]
}

/** Reads blocks to their end, and compares them with what stands outside of them. */
export async function verifyBlocks(
  blocks: AsyncIterable<Block>,
  beside: Beside,
): Promise<{ findings: JournalFindings; witnesses: Witness[] }> {
  const { anchor, reads, signed } = beside
  const cosigned = signed.flatMap(({ note, witnesses: keys = [] }) => keys.map((key) => cosignature(note, key)))
  const checkpoints = signed.map(({ name, note, publicKeyPem }) => ({ name, check: checkpointCheck(note, publicKeyPem) }))
  let anchored: Witness | undefined
  let shown: Witness | undefined = reads?.cursor.seq === 0 ? { name: 'read.db', holds: true, detail: 'is empty' } : undefined
  const findings = await verifyJournal(blocks, (checked, accounts) => {
    const { block } = checked
    for (const { check } of checkpoints) check.take(checked)
    if (block.seq === anchor?.seq) anchored = sameBlock('anchored head', block, anchor)
    if (reads && block.seq === reads.cursor.seq) shown = compareReads(block, reads, accounts)
  })
  const witnesses: Witness[] = []
  if (anchor) witnesses.push(anchored ?? lost('anchored head', anchor.seq, findings))
  if (reads) witnesses.push(shown ?? lost('read.db', reads.cursor.seq, findings))
  witnesses.push(...checkpoints.map(({ name, check }) => ({ name, ...check.finding() })), ...cosigned)
  return { findings, witnesses }
}

/** Whether the witness of this key has seen the checkpoint as the continuation of those before it. */
function cosignature(note: string, key: string): Witness {
  const witness = readWitnessKey(key)
  if (!witness) {
    throw new GatewayError('invalid_request', `${key.slice(0, 100)} is not the key of a witness`, {
      hint: 'Give the line that the witness publishes: its name, eight hex digits and a key of type 4 in base64, joined by plus signs.',
    })
  }
  const seconds = cosignedAt(note, witness)
  if (seconds === undefined) return { name: witness.name, holds: false, detail: 'has not cosigned the kept checkpoint' }
  return { name: witness.name, holds: true, detail: `cosigned the kept checkpoint at ${seconds} (seconds since 1970)` }
}

function sameBlock(name: string, block: Block, head: JournalHead): Witness {
  const holds = Buffer.compare(block.hash, head.hash) === 0
  return { name, holds, detail: holds ? `block ${block.seq}, the same hash` : `block ${block.seq} has another hash` }
}

function compareReads(block: Block, { cursor, accounts: shown }: Snapshot, accounts: readonly ReadAccount[]): Witness {
  const same = sameBlock('read.db', block, cursor)
  if (!same.holds) return same
  const differs = accounts.find((account, i) => balanceText(account) !== balanceText(shown[i]))
  if (differs)
    return { name: 'read.db', holds: false, detail: `${differs.path} in ${differs.asset.code} has another balance at block ${block.seq}` }
  if (shown.length !== accounts.length)
    return { name: 'read.db', holds: false, detail: `has ${shown.length} accounts, the journal ${accounts.length}` }
  return { name: 'read.db', holds: true, detail: `block ${block.seq}, ${accounts.length} accounts with the same balances` }
}

function balanceText(a: ReadAccount | undefined): string {
  return a ? [a.path, a.asset.id, a.debitsPosted, a.creditsPosted, a.debitsPending, a.creditsPending, a.changes].join(' ') : ''
}

function lost(name: string, seq: number, { head }: JournalFindings): Witness {
  return { name, holds: false, detail: `has seen block ${seq}, but the journal is whole only up to block ${head.seq}` }
}

/** The findings for people. */
export function verifyText({ head, entries, openHolds, sums, wrong }: JournalFindings, witnesses: readonly Witness[], ok: boolean): string {
  const rows = sums.map((s) => {
    const amount = (units: bigint) => inUnit({ asset: s.asset, units })
    const equal = s.debitsPosted === s.creditsPosted && s.debitsPending === s.creditsPending
    return [
      s.asset.id === BTC.id ? unitOf(s.asset).code : s.asset.id,
      `${s.accounts}`,
      amount(s.debitsPosted),
      amount(s.creditsPosted),
      amount(s.debitsPending),
      equal ? 'equal' : 'BREAK',
    ]
  })
  return [
    `journal         ${head.seq} blocks, ${entries} entries, ${openHolds} open holds, head ${Buffer.from(head.hash).toString('hex').slice(0, 16)}`,
    ...witnesses.map((w) => `${w.name.padEnd(15)} ${w.holds ? w.detail : `${mark('BREAK', false)}: ${w.detail}`}`),
    '',
    ledgerTable(['asset', 'accounts', 'debits', 'credits', 'held', 'verdict'], rows, SUMS),
    '',
    ...wrong.map((what) => `${mark('BREAK', false)}: ${what}`),
    ok ? mark('verified: the journal is whole, and everything agrees with it', true) : mark('NOT IN ORDER: see above', false),
  ].join('\n')
}

function verifyJson({ head, entries, openHolds, sums, wrong }: JournalFindings, witnesses: readonly Witness[], ok: boolean): string {
  const view = {
    ok,
    blocks: head.seq,
    head: Buffer.from(head.hash).toString('hex'),
    entries,
    open_holds: openHolds,
    wrong,
    witnesses,
    sums: sums.map((s) => ({
      asset: s.asset.id,
      accounts: s.accounts,
      debits: s.debitsPosted,
      credits: s.creditsPosted,
      debits_pending: s.debitsPending,
      credits_pending: s.creditsPending,
    })),
  }
  return JSON.stringify(view, (_, value) => (typeof value === 'bigint' ? value.toString() : value), 2)
}
