import type { Child, Form } from './xmlShape.ts'

/**
 * CustomerCreditTransferInitiationV09 as a SEPA bank takes it (ISO 20022 message definition, narrowed by EPC132-08): the elements a bank reads,
 * in the order of the schema. It is written from the definition, and knows nothing of what the gateway writes.
 */
const ID = /^[A-Za-z0-9/\-?:().,'+ ]{1,35}$/
const AMOUNT = /^[0-9]{1,13}(\.[0-9]{1,2})?$/
const TEXT70 = /^.{1,70}$/
const TEXT140 = /^.{1,140}$/
const COUNT = /^[0-9]{1,15}$/
const IBAN = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$/
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const CODE = /^[A-Z0-9]{1,4}$/

const one = (name: string, form: Form): Child => ({ name, form })
const maybe = (name: string, form: Form): Child => ({ name, form, optional: true })

/** PostalAddress24 without what SEPA does not use. Whether town and country are there is a rule, not the schema's. */
const ADDRESS: Form = [
  ...['StrtNm', 'BldgNb', 'BldgNm', 'Flr', 'PstBx', 'Room', 'PstCd', 'TwnNm', 'TwnLctnNm', 'DstrctNm', 'CtrySubDvsn'].map((name) =>
    maybe(name, TEXT70),
  ),
  maybe('Ctry', /^[A-Z]{2}$/),
  { name: 'AdrLine', form: TEXT70, optional: true, many: true },
]
const PARTY: Form = [one('Nm', TEXT70), maybe('PstlAdr', ADDRESS)]
const ACCOUNT: Form = [one('Id', [one('IBAN', IBAN)]), maybe('Ccy', /^[A-Z]{3}$/)]
const AGENT: Form = [
  one('FinInstnId', {
    choice: [one('BICFI', /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/), one('Othr', [one('Id', /^NOTPROVIDED$/)])],
  }),
]
const REFERENCE: Form = [one('Tp', [one('CdOrPrtry', [one('Cd', /^SCOR$/)]), maybe('Issr', ID)]), one('Ref', ID)]
const REMITTANCE: Form = { choice: [one('Ustrd', TEXT140), one('Strd', [one('CdtrRefInf', REFERENCE)])] }
const TRANSACTION: Form = [
  one('PmtId', [maybe('InstrId', ID), one('EndToEndId', ID)]),
  one('Amt', [one('InstdAmt', AMOUNT)]),
  maybe('ChrgBr', /^SLEV$/),
  maybe('CdtrAgt', AGENT),
  one('Cdtr', PARTY),
  one('CdtrAcct', ACCOUNT),
  maybe('Purp', [one('Cd', CODE)]),
  maybe('RmtInf', REMITTANCE),
]
const INSTRUCTION: Form = [
  one('PmtInfId', ID),
  one('PmtMtd', /^TRF$/),
  maybe('BtchBookg', /^(true|false)$/),
  maybe('NbOfTxs', COUNT),
  maybe('CtrlSum', AMOUNT),
  maybe('PmtTpInf', [
    one('SvcLvl', [one('Cd', /^SEPA$/)]),
    maybe('LclInstrm', [one('Cd', /^INST$/)]),
    maybe('CtgyPurp', [one('Cd', CODE)]),
  ]),
  one('ReqdExctnDt', [one('Dt', DATE)]),
  one('Dbtr', PARTY),
  one('DbtrAcct', ACCOUNT),
  one('DbtrAgt', AGENT),
  maybe('ChrgBr', /^SLEV$/),
  { name: 'CdtTrfTxInf', form: TRANSACTION, many: true },
]
const HEADER: Form = [
  one('MsgId', ID),
  one('CreDtTm', /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}(Z|[+-][0-9]{2}:[0-9]{2})?$/),
  one('NbOfTxs', COUNT),
  maybe('CtrlSum', AMOUNT),
  one('InitgPty', [maybe('Nm', TEXT70)]),
]

/** The form of a whole Document. */
export const PAIN001_FORM: Form = [one('CstmrCdtTrfInitn', [one('GrpHdr', HEADER), { name: 'PmtInf', form: INSTRUCTION, many: true }])]
export const PAIN001_NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'
