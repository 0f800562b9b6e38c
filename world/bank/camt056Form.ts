import type { Child, Form } from './xmlShape.ts'

/**
 * FIToFIPaymentCancellationRequestV08 as a SEPA bank takes it of a customer, one payment a file: the elements a bank reads, in the order of the schema. It is
 * written from the message definition, and knows nothing of what the gateway writes.
 */
const ID = /^[A-Za-z0-9/\-?:().,'+ ]{1,35}$/
const AMOUNT = /^[0-9]{1,13}(\.[0-9]{1,2})?$/
const IBAN = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$/
const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/

const one = (name: string, form: Form): Child => ({ name, form })
const maybe = (name: string, form: Form): Child => ({ name, form, optional: true })

const NAMED: Form = [maybe('Nm', /^.{1,140}$/), maybe('Id', [one('OrgId', [one('AnyBIC', BIC)])])]
const AGENT: Form = [one('FinInstnId', { choice: [one('BICFI', BIC), one('Othr', [one('Id', /^NOTPROVIDED$/)])] })]
const PARTY: Form = { choice: [one('Pty', NAMED), one('Agt', AGENT)] }
const ACCOUNT: Form = [one('Id', [one('IBAN', IBAN)])]
const REASON: Form = [
  maybe('Orgtr', NAMED),
  one('Rsn', [one('Cd', /^(DUPL|TECH|FRAD|AC03|AM09|CUST)$/)]),
  { name: 'AddtlInf', form: /^.{1,105}$/, optional: true, many: true },
]
const REFERENCE: Form = [
  maybe('PmtTpInf', [one('SvcLvl', [one('Cd', /^SEPA$/)])]),
  one('Dbtr', PARTY),
  one('DbtrAcct', ACCOUNT),
  one('DbtrAgt', AGENT),
  maybe('CdtrAgt', AGENT),
  one('Cdtr', PARTY),
  one('CdtrAcct', ACCOUNT),
]
const TRANSACTION: Form = [
  one('CxlId', ID),
  one('OrgnlGrpInf', [one('OrgnlMsgId', ID), one('OrgnlMsgNmId', /^pain\.001\.001\.[0-9]{2}$/)]),
  maybe('OrgnlInstrId', ID),
  one('OrgnlEndToEndId', ID),
  maybe('OrgnlTxId', ID),
  one('OrgnlIntrBkSttlmAmt', AMOUNT),
  one('OrgnlIntrBkSttlmDt', /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/),
  one('CxlRsnInf', REASON),
  one('OrgnlTxRef', REFERENCE),
]

export const CAMT056_NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.056.001.08'
export const CAMT056_FORM: Form = [
  one('FIToFIPmtCxlReq', [
    one('Assgnmt', [one('Id', ID), one('Assgnr', PARTY), one('Assgne', PARTY), one('CreDtTm', /^[0-9]{4}-[0-9]{2}-[0-9]{2}T.{8,}$/)]),
    one('Case', [one('Id', ID), one('Cretr', PARTY)]),
    one('CtrlData', [one('NbOfTxs', /^1$/), maybe('CtrlSum', AMOUNT)]),
    one('Undrlyg', [one('TxInf', TRANSACTION)]),
  ]),
]
