import { again, ask, type CodeMeaning, correct, none, ours } from '../files/codeMeaning.ts'

const noMoney = (title: string): CodeMeaning => ({ title, reason: 'insufficient_liquidity', next: 'again' })
/** The account may be good; its holder must say how else it is to be paid. */
const unclear = (title: string): CodeMeaning => ({ title, reason: 'invalid_destination', next: 'ask' })
const late = (title: string): CodeMeaning => ({ title, reason: 'past_cut_off', next: 'again' })

/**
 * Codes by which banks of SEPA reject a transfer or send it back: ISO 20022, external code sets of status reasons and of return reasons, as far as the
 * rulebooks of the EPC for credit transfers, ordinary and instant, and their guidance on reason codes name them; and those that banks use beside them.
 */
export const REASON_CODES: Readonly<Record<string, CodeMeaning>> = {
  AB05: again('the payee’s bank did not answer in time'),
  AB06: again('a bank on the way did not answer in time'),
  AB07: again('a bank on the way is not reached'),
  AB08: again('the payee’s bank is not reached'),
  AB09: again('an error at the payee’s bank'),
  AB10: again('an error at a bank on the way'),
  AC01: correct('the account number is wrong, or there is no such account'),
  AC02: ours('our account number is wrong'),
  AC03: correct('the payee’s account number is wrong'),
  AC04: correct('the account is closed'),
  AC05: ours('our account is closed'),
  AC06: correct('the account is blocked'),
  AC07: correct('the payee’s account is closed'),
  AC14: correct('the account is of a kind that takes no such payment'),
  AC15: correct('the account has another number now'),
  AC16: ask('the account is seized'),
  AC17: ask('the holder of the account is being wound up'),
  AG01: correct('this account may not be paid by credit transfer'),
  AG02: ours('the kind of payment is wrong, or the file'),
  AG03: ours('this kind of payment is not supported'),
  AG08: ours('our bank has not been given the right to make it'),
  AG09: again('the payment was never received'),
  AG10: again('a bank on the way takes part in nothing for now'),
  AG11: again('the payee’s bank takes part in nothing for now'),
  AM01: ours('the amount is zero'),
  AM02: ours('the amount is more than is allowed'),
  AM03: ours('the currency is not taken'),
  AM04: noMoney('there is not enough money on the account'),
  AM05: ours('a copy of a payment'),
  AM06: ours('the amount is too low'),
  AM07: noMoney('the money on the account is blocked'),
  AM09: ours('the amount is not the one agreed'),
  AM10: ours('the control sum is wrong'),
  AM14: ours('the amount is above a limit agreed with the bank'),
  AM23: again('the amount is above what the bank can settle now'),
  ARDT: none('it was sent back before'),
  BE01: unclear('the name is not that of the account’s holder'),
  BE04: unclear('the payee’s address is missing or wrong'),
  BE05: ours('the initiating party is not known'),
  BE06: correct('the payee is not known at this bank'),
  BE07: ours('our address is missing or wrong'),
  CERI: ours('remittance information of a form that was not agreed'),
  CNOR: correct('the payee’s bank does not take part in this scheme'),
  CURR: ours('the currency is wrong'),
  CUST: none('the customer has asked for it'),
  DNOR: ours('our bank does not take part in this scheme'),
  DT01: ours('the date is not possible'),
  DUPL: none('it was paid twice, and asked back'),
  ED05: again('the banks did not settle it'),
  ERIN: ours('the payee’s bank does not take so much remittance information'),
  FF01: ours('the file is wrong'),
  FF05: ours('the local instrument is wrong'),
  FF10: again('a system of a bank failed'),
  FOCR: none('it was asked back, and the payee has agreed'),
  FRAD: none('it was asked back as fraud'),
  MD07: ask('the payee is dead'),
  MS02: ask('the payee refuses it, and does not say why'),
  MS03: ask('the payee’s bank refuses it, and does not say why'),
  NARR: ours('the bank says why in words of its own'),
  NOAS: ask('the payee does not answer'),
  NOOR: ours('the payment was never received'),
  RC01: correct('the identification of the payee’s bank is wrong'),
  RC04: correct('the identification of the payee’s bank is wrong or missing'),
  RC07: correct('the BIC of the payee’s bank is wrong'),
  RF01: ours('the reference of the payment is not the only one'),
  RR01: ours('our account or identification is missing, as the law asks'),
  RR02: ours('our name or address is missing, as the law asks'),
  RR03: unclear('the payee’s name or address is missing, as the law asks'),
  RR04: ask('the law forbids it'),
  RUTA: unclear('the payee’s bank can not tell for whom it is'),
  SVNR: ours('the service is not offered'),
  TECH: none('a technical error, and it was asked back'),
  TM01: late('it came after the cut-off time'),
  UPAY: ask('the payment is not due'),
}

/** What the code of a rejection or a return means; of one that is not known, that a person must look. */
export function reasonMeaning(code: string): CodeMeaning {
  return REASON_CODES[code] ?? ours('a code that is not known here')
}
