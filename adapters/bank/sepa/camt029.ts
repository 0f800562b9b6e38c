import type { BankFile, RecallAnswer } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import { shaped, timeOf } from './shaped.ts'
import { resolutionShape, type WireResolution, type WireStatusReason } from './wire.ts'

/** Of a transaction, a group or the case as a whole: ISO 20022, cancellation statuses and the external code set of investigations' ends. */
const ANSWERS: Readonly<Record<string, RecallAnswer['answer']>> = {
  ACCR: 'accepted',
  CNCL: 'accepted',
  PDCR: 'pending',
  RJCR: 'refused',
}

type Details = NonNullable<WireResolution['RsltnOfInvstgtn']['CxlDtls']>[number]
type Transaction = NonNullable<Details['TxInfAndSts']>[number]

function answerOf(status: string | undefined, reasons: readonly WireStatusReason[]): Pick<RecallAnswer, 'answer' | 'code' | 'detail'> {
  const answer = ANSWERS[status ?? '']
  if (!answer)
    throw new BankFileRefused(status === undefined ? 'an answer has no status' : `the status "${status}" of a recall is not known`)
  const reason = reasons.find(({ Rsn }) => Rsn)?.Rsn
  const code = reason?.Cd ?? reason?.Prtry
  const detail = reasons.flatMap(({ AddtlInf = [] }) => AddtlInf).join(' ')
  return { answer, ...(code ? { code } : {}), ...(detail ? { detail } : {}) }
}

/** A group says how many of its transactions have which status; where they are listed, it must be so. */
function checkCounts({ OrgnlGrpInfAndSts: group }: Details, transactions: readonly Transaction[]): void {
  if (!group || transactions.length === 0) return
  const { OrgnlNbOfTxs: all, NbOfTxsPerCxlSts: counts = [] } = group
  if (all !== undefined && BigInt(all) < BigInt(transactions.length))
    throw new BankFileRefused(`OrgnlGrpInfAndSts/OrgnlNbOfTxs says ${all}, there are ${transactions.length}`)
  for (const { DtldNbOfTxs, DtldSts } of counts) {
    const there = transactions.filter(({ TxCxlSts }) => TxCxlSts === DtldSts).length
    if (BigInt(DtldNbOfTxs) !== BigInt(there))
      throw new BankFileRefused(`NbOfTxsPerCxlSts says ${DtldNbOfTxs} with ${DtldSts}, there are ${there}`)
  }
}

/** The answers of a camt.029, the most exact level that speaks: transaction, group, or the case. */
export function readResolution(content: unknown): BankFile {
  const { Assgnmt, RslvdCase, Sts, CxlDtls = [] } = shaped(resolutionShape, content).RsltnOfInvstgtn
  const answers: RecallAnswer[] = []
  for (const details of CxlDtls) {
    const { OrgnlGrpInfAndSts: group, OrgnlPmtInfAndSts: instructions = [], TxInfAndSts: own = [] } = details
    const transactions = [...own, ...instructions.flatMap(({ TxInfAndSts = [] }) => TxInfAndSts)]
    checkCounts(details, transactions)
    for (const one of transactions) {
      const name = (one.RslvdCase ?? (transactions.length === 1 && CxlDtls.length === 1 ? RslvdCase : undefined))?.Id
      const endToEndId = one.OrgnlEndToEndId
      if (name === undefined && endToEndId === undefined) throw new BankFileRefused('an answer names neither its case nor a payment')
      const said = answerOf(one.TxCxlSts ?? group?.GrpCxlSts ?? Sts.Conf, [...(one.CxlStsRsnInf ?? []), ...(group?.CxlStsRsnInf ?? [])])
      answers.push({ ...said, ...(name ? { name } : {}), ...(endToEndId ? { endToEndId } : {}) })
    }
  }
  if (answers.length === 0) {
    if (!RslvdCase) throw new BankFileRefused('an answer names neither its case nor a payment')
    const group = CxlDtls.find(({ OrgnlGrpInfAndSts }) => OrgnlGrpInfAndSts)?.OrgnlGrpInfAndSts
    answers.push({ ...answerOf(group?.GrpCxlSts ?? Sts.Conf, group?.CxlStsRsnInf ?? []), name: RslvdCase.Id })
  }
  return { kind: 'answers', at: timeOf(Assgnmt.CreDtTm), answers }
}
