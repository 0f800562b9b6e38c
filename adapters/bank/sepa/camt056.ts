import { XMLBuilder } from 'fast-xml-parser'
import type { Money } from '../../../gateway/money/money.ts'
import type { RecallReason } from '../../../gateway/ports/recaller.ts'
import { formatCents } from './cents.ts'
import type { OwnAccount } from './ownAddress.ts'
import { RECALL_LIMITS } from './recallRules.ts'
import { toRemittance } from './sepaText.ts'

/** The payment that is asked back, as it left and as the bank has booked it. `messageId` is of the file that it left in. */
type Original = Readonly<{
  endToEndId: string
  messageId: string
  transactionId: string | null
  amount: Money
  debitedOn: string
  iban: string
  name: string
}>

/** `name` is its id at the bank, which answers repeat; `createdAt` in ms. */
type Recall = Readonly<{ name: string; reason: RecallReason; details: string | undefined; createdAt: number; original: Original }>

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.056.001.08'
/** ISO 20022 Max105Text. */
const DETAILS_MAX = 105

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true, indentBy: ' ', processEntities: true })

/** Who asks: of a bank's own recall the bank, where its BIC is known; of the other ones, whoever paid. */
function originator(reason: RecallReason, { bic, name }: OwnAccount): object {
  if (RECALL_LIMITS[reason].kind === 'request') return { Orgtr: { Nm: name } }
  return bic ? { Orgtr: { Id: { OrgId: { AnyBIC: bic } } } } : {}
}

/** A camt.056.001.08 that asks for one payment back. The order of elements is the schema's. */
export function writeCamt056({ name, reason, details, createdAt, original }: Recall, account: OwnAccount): string {
  const party = { Pty: { Nm: account.name } }
  const agent = { FinInstnId: account.bic ? { BICFI: account.bic } : { Othr: { Id: 'NOTPROVIDED' } } }
  const amount = { '@Ccy': original.amount.asset.code, '#text': formatCents(original.amount) }
  const words = details === undefined ? '' : toRemittance(details).slice(0, DETAILS_MAX).trim()
  const text = builder.build({
    Document: {
      '@xmlns': NAMESPACE,
      FIToFIPmtCxlReq: {
        Assgnmt: { Id: name, Assgnr: party, Assgne: { Agt: agent }, CreDtTm: new Date(createdAt).toISOString() },
        Case: { Id: name, Cretr: party },
        CtrlData: { NbOfTxs: '1', CtrlSum: formatCents(original.amount) },
        Undrlyg: {
          TxInf: {
            CxlId: name,
            OrgnlGrpInf: { OrgnlMsgId: original.messageId, OrgnlMsgNmId: 'pain.001.001.09' },
            OrgnlInstrId: original.endToEndId,
            OrgnlEndToEndId: original.endToEndId,
            ...(original.transactionId === null ? {} : { OrgnlTxId: original.transactionId }),
            OrgnlIntrBkSttlmAmt: amount,
            OrgnlIntrBkSttlmDt: original.debitedOn,
            CxlRsnInf: { ...originator(reason, account), Rsn: { Cd: reason }, ...(words === '' ? {} : { AddtlInf: words }) },
            OrgnlTxRef: {
              PmtTpInf: { SvcLvl: { Cd: 'SEPA' } },
              Dbtr: party,
              DbtrAcct: { Id: { IBAN: account.iban } },
              DbtrAgt: agent,
              Cdtr: { Pty: { Nm: original.name } },
              CdtrAcct: { Id: { IBAN: original.iban } },
            },
          },
        },
      },
    },
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}`
}
