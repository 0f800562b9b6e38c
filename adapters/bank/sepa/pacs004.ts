import type { Asset } from '../../../gateway/money/asset.ts'
import type { BankFile, Notice } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import { readCents } from './cents.ts'
import { shaped, timeOf } from './shaped.ts'
import { returnShape } from './wire.ts'

/** Why payments come back, as a pacs.004 says: the money itself is booked by the account's reports. Its count and sum must be those of what it lists. */
export function readReturns(content: unknown, asset: Asset): BankFile {
  const { GrpHdr, TxInf = [] } = shaped(returnShape, content).PmtRtr
  if (BigInt(GrpHdr.NbOfTxs) !== BigInt(TxInf.length))
    throw new BankFileRefused(`GrpHdr/NbOfTxs says ${GrpHdr.NbOfTxs}, there are ${TxInf.length}`)
  const sum = TxInf.reduce((total, { RtrdIntrBkSttlmAmt }) => total + readCents(RtrdIntrBkSttlmAmt, asset, { zero: false }), 0n)
  const said = GrpHdr.TtlRtrdIntrBkSttlmAmt
  if (said && readCents(said, asset, { zero: false }) !== sum)
    throw new BankFileRefused(`GrpHdr/TtlRtrdIntrBkSttlmAmt says ${said['#text']}, its transactions sum to ${sum} units`)
  const notices = TxInf.map(({ OrgnlEndToEndId, RtrRsnInf = [] }): Notice => {
    if (OrgnlEndToEndId === undefined) throw new BankFileRefused('TxInf names no payment')
    const reason = RtrRsnInf.find(({ Rsn }) => Rsn)?.Rsn
    const detail = RtrRsnInf.flatMap(({ AddtlInf = [] }) => AddtlInf).join(' ')
    return { kind: 'returned', endToEndId: OrgnlEndToEndId, code: reason?.Cd ?? reason?.Prtry ?? 'NARR', detail }
  })
  return { kind: 'notices', at: timeOf(GrpHdr.CreDtTm), notices }
}
