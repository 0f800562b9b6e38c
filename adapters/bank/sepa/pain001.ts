import { XMLBuilder } from 'fast-xml-parser'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Money } from '../../../gateway/money/money.ts'
import { formatCents } from './cents.ts'
import { isCreditorReference } from './creditorReference.ts'
import { type OwnAccount, ownAddress } from './ownAddress.ts'
import { toRemittance } from './sepaText.ts'

/** What is asked of the bank: within a day of TARGET, or within seconds at any hour (SCT Inst). */
export type Service = 'ordinary' | 'instant'

/** One credit transfer. `id` is its EndToEndId and InstrId. */
type CreditTransfer = Readonly<{ id: string; amount: Money; iban: string; name: string; reference: string }>

/** What orders have in common: `id` is its MsgId and PmtInfId; `createdAt` in ms; `executeOn` a TARGET day. `transfers` are of `writeTransfer`. */
type OrderFile = Readonly<{ id: string; sum: Money; transfers: readonly string[]; createdAt: number; executeOn: string; service?: Service }>

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'
/** Where the transfers stand in what is built around them. */
const END = ' </PmtInf>'

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true, indentBy: ' ', processEntities: true })

function remittance(reference: string): object {
  const compact = reference.replace(/\s+/g, '').toUpperCase()
  if (!isCreditorReference(compact)) return { Ustrd: toRemittance(reference) }
  return { Strd: { CdtrRefInf: { Tp: { CdOrPrtry: { Cd: 'SCOR' } }, Ref: compact } } }
}

/** The element of one transfer. Banks repeat its EndToEndId or its InstrId where a transfer comes back; the file's names are of several. */
export function writeTransfer(transfer: CreditTransfer): string {
  const text = remittance(transfer.reference)
  return builder.build({
    CdtTrfTxInf: {
      PmtId: { InstrId: transfer.id, EndToEndId: transfer.id },
      Amt: { InstdAmt: { '@Ccy': transfer.amount.asset.code, '#text': formatCents(transfer.amount) } },
      Cdtr: { Nm: transfer.name },
      CdtrAcct: { Id: { IBAN: transfer.iban } },
      ...('Ustrd' in text && text.Ustrd === '' ? {} : { RmtInf: text }),
    },
  })
}

/**
 * A pain.001.001.09 file of SEPA credit transfers. The order of elements is the schema's. Each is booked by itself. An instant one
 * is of the same service level, by its local instrument. The debtor's address is what the scheme takes on the day: more than the schema knows.
 */
export function writePain001({ id, sum, transfers, createdAt, executeOn, service }: OrderFile, account: OwnAccount): string {
  const own = ownAddress(account, executeOn)
  invariant('address' in own, 'an account whose address may not stand in a file is refused before one is written')
  const agent = account.bic ? { BICFI: account.bic } : { Othr: { Id: 'NOTPROVIDED' } }
  const sums = { NbOfTxs: `${transfers.length}`, CtrlSum: formatCents(sum) }
  const around = builder.build({
    Document: {
      '@xmlns': NAMESPACE,
      CstmrCdtTrfInitn: {
        GrpHdr: { MsgId: id, CreDtTm: new Date(createdAt).toISOString(), ...sums, InitgPty: { Nm: account.name } },
        PmtInf: {
          PmtInfId: id,
          PmtMtd: 'TRF',
          BtchBookg: 'false',
          ...sums,
          PmtTpInf: { SvcLvl: { Cd: 'SEPA' }, ...(service === 'instant' ? { LclInstrm: { Cd: 'INST' } } : {}) },
          ReqdExctnDt: { Dt: executeOn },
          Dbtr: { Nm: account.name, PstlAdr: own.address },
          DbtrAcct: { Id: { IBAN: account.iban } },
          DbtrAgt: { FinInstnId: agent },
          ChrgBr: 'SLEV',
        },
      },
    },
  })
  const end = around.lastIndexOf(END)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${around.slice(0, end)}${transfers.join('')}${around.slice(end)}`
}
