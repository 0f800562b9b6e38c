import type { PaymentStatus } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import type { WireStatusReason, WireStatusReport } from './wire.ts'

/** ExternalPaymentTransactionStatus codes that a credit transfer meets. Partial acceptance is decided a level below. */
const UNDERWAY = new Set(['RCVD', 'PDNG', 'ACTC', 'ACCP', 'ACSP', 'ACWC', 'ACWP', 'ACSC', 'ACCC', 'PART', 'PATC'])
/** Reasons that mean "this is here already": the first copy is under way, so a rejection with them fails nothing. */
const DUPLICATE = new Set(['AM05', 'DUPL', 'DU01', 'DU02', 'DU03', 'DU04', 'DU05', 'FF08'])

function statusOf(code: string, reasons: readonly WireStatusReason[]): Omit<PaymentStatus, 'endToEndId'> {
  const reason = reasons.find((r) => r.Rsn)?.Rsn
  const named = reason?.Cd ?? reason?.Prtry ?? ''
  const detail = reasons.flatMap((r) => r.AddtlInf ?? []).join(' ')
  if (UNDERWAY.has(code)) return { state: 'underway', code }
  if (code !== 'RJCT') throw new BankFileRefused(`payment status "${code}" is not known`)
  return { state: DUPLICATE.has(named) ? 'duplicate' : 'rejected', code: named || 'NARR', ...(detail ? { detail } : {}) }
}

/** Of a file that is rejected for what is wrong with some of its transactions, the others: unless it is a copy, of which the first is under way. */
function unnamed(named: readonly PaymentStatus[], reasons: readonly WireStatusReason[]): PaymentStatus[] {
  return named.some(({ state }) => state !== 'rejected') ? [] : [statusOf('RJCT', reasons)]
}

/** The statuses of a report, the most exact level that speaks: transaction, instruction, or group. */
export function readStatuses(report: WireStatusReport): PaymentStatus[] {
  const { OrgnlGrpInfAndSts: group, OrgnlPmtInfAndSts: instructions = [] } = report.CstmrPmtStsRpt
  const statuses: PaymentStatus[] = []
  for (const instruction of instructions) {
    const outer = [...(instruction.StsRsnInf ?? []), ...(group.StsRsnInf ?? [])]
    for (const transaction of instruction.TxInfAndSts ?? []) {
      const code = transaction.TxSts ?? instruction.PmtInfSts ?? group.GrpSts
      if (!code) throw new BankFileRefused('a transaction in the report has no status')
      const endToEndId = transaction.OrgnlEndToEndId
      statuses.push({ ...statusOf(code, [...(transaction.StsRsnInf ?? []), ...outer]), ...(endToEndId ? { endToEndId } : {}) })
    }
    if (!instruction.TxInfAndSts && instruction.PmtInfSts) statuses.push(statusOf(instruction.PmtInfSts, outer))
    else if ((instruction.PmtInfSts ?? group.GrpSts) === 'RJCT') statuses.push(...unnamed(statuses, outer))
  }
  if (statuses.length === 0 && group.GrpSts) statuses.push(statusOf(group.GrpSts, group.StsRsnInf ?? []))
  if (statuses.length === 0) throw new BankFileRefused('the report has no status')
  return statuses
}
