import { XMLBuilder } from 'fast-xml-parser'
import type { Money } from '../../gateway/money/money.ts'
import { formatCents } from './cents.ts'
import { isCreditorReference } from './creditorReference.ts'
import { toRemittance } from './sepaText.ts'

/** Our account, as files name it. */
export type OwnAccount = Readonly<{ iban: string; bic?: string; name: string; townName: string; country: string }>

/** One credit transfer. `id` is its MsgId, PmtInfId and EndToEndId; `createdAt` in ms; `executeOn` a TARGET day. */
type CreditTransfer = Readonly<{
  id: string
  amount: Money
  iban: string
  name: string
  reference: string
  createdAt: number
  executeOn: string
}>

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true, indentBy: ' ', processEntities: true })

function remittance(reference: string): object {
  const compact = reference.replace(/\s+/g, '').toUpperCase()
  if (!isCreditorReference(compact)) return { Ustrd: toRemittance(reference) }
  return { Strd: { CdtrRefInf: { Tp: { CdOrPrtry: { Cd: 'SCOR' } }, Ref: compact } } }
}

/**
 * A pain.001.001.09 file with one SEPA credit transfer. The order of elements is the schema's. The debtor's address is structured (TwnNm and
 * Ctry, no AdrLine): SEPA refuses unstructured ones since 2026-11-15 although the schema still allows them.
 */
export function writePain001(transfer: CreditTransfer, account: OwnAccount): string {
  const sum = formatCents(transfer.amount)
  const agent = account.bic ? { BICFI: account.bic } : { Othr: { Id: 'NOTPROVIDED' } }
  const text = remittance(transfer.reference)
  const payment = {
    PmtId: { EndToEndId: transfer.id },
    Amt: { InstdAmt: { '@Ccy': transfer.amount.asset.code, '#text': sum } },
    Cdtr: { Nm: transfer.name },
    CdtrAcct: { Id: { IBAN: transfer.iban } },
    ...('Ustrd' in text && text.Ustrd === '' ? {} : { RmtInf: text }),
  }
  const body = builder.build({
    Document: {
      '@xmlns': NAMESPACE,
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: transfer.id,
          CreDtTm: new Date(transfer.createdAt).toISOString(),
          NbOfTxs: '1',
          CtrlSum: sum,
          InitgPty: { Nm: account.name },
        },
        PmtInf: {
          PmtInfId: transfer.id,
          PmtMtd: 'TRF',
          BtchBookg: 'false',
          NbOfTxs: '1',
          CtrlSum: sum,
          PmtTpInf: { SvcLvl: { Cd: 'SEPA' } },
          ReqdExctnDt: { Dt: transfer.executeOn },
          Dbtr: { Nm: account.name, PstlAdr: { TwnNm: account.townName, Ctry: account.country } },
          DbtrAcct: { Id: { IBAN: account.iban } },
          DbtrAgt: { FinInstnId: agent },
          ChrgBr: 'SLEV',
          CdtTrfTxInf: payment,
        },
      },
    },
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
}
