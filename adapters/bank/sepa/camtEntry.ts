import { createHash } from 'node:crypto'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { BookedEntry, BookedPart } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import { readCents } from './cents.ts'
import { findReference } from './creditorReference.ts'
import type { WireDetails, WireEntry } from './wire.ts'

/** Generic sub-families of the external code set for bank transactions: charges, fees, commission. */
const CHARGE_CODES = new Set(['CHRG', 'FEES', 'COMM'])
/** The sub-family of a returned credit transfer. */
const RETURN_CODE = 'RRTN'
const TEXT_MAX = 140

const isTrue = (indicator: string | undefined) => indicator === 'true' || indicator === '1'

/** A date as the bank wrote it, without a time. */
export function dateOf(wire: { Dt?: string | undefined; DtTm?: string | undefined } | undefined): string | undefined {
  return (wire?.Dt ?? wire?.DtTm)?.slice(0, 10)
}

/** Charges that the booked amount already includes. Others have an entry of their own. */
function includedCharges(wire: WireEntry, details: readonly WireDetails[], asset: Asset): bigint {
  const records = [wire.Chrgs, ...details.map((d) => d.Chrgs)].flatMap((charges) => charges ?? []).flatMap(({ Rcrd }) => Rcrd ?? [])
  let units = 0n
  for (const record of records) {
    if (isTrue(record.ChrgInclInd) && record.CdtDbtInd !== 'CRDT') units += readCents(record.Amt, asset, { zero: true })
  }
  return units
}

function partOf(details: WireDetails | undefined, units: bigint, wire: WireEntry): BookedPart {
  const unstructured = details?.RmtInf?.Ustrd ?? []
  const structured = (details?.RmtInf?.Strd ?? []).flatMap((s) => s.CdtrRefInf?.Ref ?? [])
  const reference = findReference(structured) ?? findReference(unstructured)
  const endToEndId = details?.Refs?.EndToEndId
  const ourIds = [details?.Refs?.MsgId, details?.Refs?.PmtInfId, details?.Refs?.InstrId].filter((id) => id !== undefined)
  // Ours carry one name as a file and as its one block of payments.
  const transactionId = details?.Refs?.TxId
  const batch = wire.CdtDbtInd === 'DBIT' ? (details?.Refs?.MsgId ?? details?.Refs?.PmtInfId) : undefined
  const reason = details?.RtrInf?.Rsn?.Cd
  const code = wire.BkTxCd.Domn?.Fmly.SubFmlyCd
  const debtor = details?.RltdPties?.Dbtr
  const payer = debtor?.Pty?.Nm ?? debtor?.Nm ?? details?.RltdPties?.DbtrAcct?.Id.IBAN
  const payerIban = wire.CdtDbtInd === 'CRDT' ? details?.RltdPties?.DbtrAcct?.Id.IBAN : undefined
  const text = [...structured, ...unstructured].join(' ').slice(0, TEXT_MAX)
  return {
    units,
    charge: CHARGE_CODES.has(code ?? ''),
    returned: details?.RtrInf !== undefined || isTrue(wire.RvslInd) || code === RETURN_CODE,
    ...(endToEndId && endToEndId !== 'NOTPROVIDED' ? { endToEndId } : {}),
    ...(ourIds.length > 0 ? { ourIds } : {}),
    ...(batch ? { batch } : {}),
    ...(transactionId ? { transactionId } : {}),
    ...(reason ? { reason } : {}),
    ...(reference ? { reference } : {}),
    ...(payer ? { payer } : {}),
    ...(payerIban ? { payerIban } : {}),
    ...(text ? { text } : {}),
  }
}

const amountOf = (details: WireDetails) => details.Amt ?? details.AmtDtls?.TxAmt?.Amt

/** A batch says how many transactions it has and what they sum to; where they are listed, it must be so. */
function checkBatches(wire: WireEntry, asset: Asset): void {
  for (const { Btch, TxDtls = [] } of wire.NtryDtls ?? []) {
    if (!Btch || TxDtls.length === 0) continue
    if (Btch.NbOfTxs !== undefined && BigInt(Btch.NbOfTxs) !== BigInt(TxDtls.length))
      throw new BankFileRefused(`NtryDtls/Btch/NbOfTxs says ${Btch.NbOfTxs}, there are ${TxDtls.length}`)
    const amounts = TxDtls.map(amountOf)
    if (Btch.TtlAmt?.['@Ccy'] !== asset.code || !amounts.every((amount) => amount?.['@Ccy'] === asset.code)) continue
    if (!TxDtls.every(({ CdtDbtInd = wire.CdtDbtInd }) => CdtDbtInd === wire.CdtDbtInd)) continue
    const sum = amounts.reduce((total, amount) => total + (amount ? readCents(amount, asset, { zero: true }) : 0n), 0n)
    if (readCents(Btch.TtlAmt, asset, { zero: true }) !== sum)
      throw new BankFileRefused(`NtryDtls/Btch/TtlAmt says ${Btch.TtlAmt['#text']}, its transactions sum to ${sum} units`)
  }
}

/** The transactions of a batch when their amounts explain the entry to the cent, else nothing: then the entry is booked as one, unnamed. */
function batchParts(details: readonly WireDetails[], wire: WireEntry, units: bigint, asset: Asset): BookedPart[] | undefined {
  const amounts: bigint[] = []
  for (const one of details) {
    const amount = amountOf(one)
    if (!amount || amount['@Ccy'] !== asset.code || (one.CdtDbtInd ?? wire.CdtDbtInd) !== wire.CdtDbtInd) return undefined
    amounts.push(readCents(amount, asset, { zero: false }))
  }
  if (amounts.reduce((a, b) => a + b, 0n) !== units) return undefined
  return details.map((one, i) => partOf(one, amounts[i]!, wire))
}

function partsOf(wire: WireEntry, units: bigint, asset: Asset): BookedPart[] {
  const details = (wire.NtryDtls ?? []).flatMap((d) => d.TxDtls ?? [])
  const batch = details.length > 1 ? batchParts(details, wire, units, asset) : undefined
  if (batch) return batch
  const whole = partOf(details.length === 1 ? details[0] : undefined, units, wire)
  const included = wire.CdtDbtInd === 'DBIT' ? includedCharges(wire, details, asset) : 0n
  if (included === 0n || included >= units || whole.charge) return [whole]
  const { endToEndId } = whole
  return [
    { ...whole, units: units - included },
    { units: included, charge: true, returned: false, ...(endToEndId ? { endToEndId } : {}) },
  ]
}

/**
 * What names an entry in every report. AcctSvcrRef is the bank's own, but some banks give a payment and its charge the same one, so side and
 * amount belong to it. Without it: a hash of what stays the same between a notification and a statement.
 */
function keyOf(wire: WireEntry, units: bigint, bookedOn: string): string {
  const details = (wire.NtryDtls ?? []).flatMap((d) => d.TxDtls ?? [])
  const servicer = wire.AcctSvcrRef ?? (details.length === 1 ? details[0]?.Refs?.AcctSvcrRef : undefined)
  if (servicer) return `${servicer}/${wire.CdtDbtInd}/${units}`
  const named = details.map((d) => `${d.Refs?.EndToEndId ?? ''}|${(d.RmtInf?.Ustrd ?? []).join('')}`)
  const stable = [bookedOn, wire.CdtDbtInd, units, ...named].join('\n')
  return createHash('sha256').update(stable).digest('hex').slice(0, 32)
}

/** What an entry says it moved, booked or not. */
export function entryAmount(wire: WireEntry, asset: Asset): bigint {
  return readCents(wire.Amt, asset, { zero: false })
}

/** True of a booked entry; pending and informational ones are left out. */
function isBooked({ Sts }: WireEntry): boolean {
  const status = Sts.Cd ?? Sts.Prtry ?? ''
  if (['PDNG', 'INFO', 'FUTR'].includes(status)) return false
  if (status !== 'BOOK') throw new BankFileRefused(`Sts "${status}" is not known`)
  return true
}

/**
 * One entry of a report, or nothing where it is not booked. `seen` counts the keys of its report: the second and later entries with the same key are numbered,
 * so that equal transfers without a bank's reference are all booked at the latest from the day's statement.
 */
export function readEntry(
  wire: WireEntry,
  { asset, dayOfReport, seen }: Readonly<{ asset: Asset; dayOfReport: string; seen: Map<string, number> }>,
): BookedEntry | undefined {
  const units = entryAmount(wire, asset)
  if (!isBooked(wire)) return undefined
  checkBatches(wire, asset)
  const bookedOn = dateOf(wire.BookgDt) ?? dayOfReport
  const key = keyOf(wire, units, bookedOn)
  const before = seen.get(key) ?? 0
  seen.set(key, before + 1)
  return {
    key: before === 0 ? key : `${key}#${before + 1}`,
    side: wire.CdtDbtInd === 'CRDT' ? 'credit' : 'debit',
    units,
    bookedOn,
    parts: partsOf(wire, units, asset),
  }
}
