import type { FailureReason } from '../../../gateway/ports/outcome.ts'

/**
 * What a return means for who sent the payment. `next`: `correct` the account, which is not paid again as it is; `ask` the payee, who refuses or may not be
 * paid; `again`: the account is good, and the payment may go once more; `ours`: what we wrote is wrong, so a person mends it first.
 */
type ReturnMeaning = Readonly<{ title: string; reason: FailureReason; next: 'correct' | 'ask' | 'again' | 'ours' }>

const correct = (title: string): ReturnMeaning => ({ title, reason: 'invalid_destination', next: 'correct' })
const ask = (title: string): ReturnMeaning => ({ title, reason: 'rejected_by_payee', next: 'ask' })
const again = (title: string): ReturnMeaning => ({ title, reason: 'rejected_by_rail', next: 'again' })
const ours = (title: string): ReturnMeaning => ({ title, reason: 'rejected_by_rail', next: 'ours' })

/** Nacha Operating Rules, appendix four: R01 to R39 and R40 on by banks, R61 to R77 dishonoured and contested, R80 to R85 of IAT. */
const MEANINGS: Readonly<Record<string, ReturnMeaning>> = {
  R01: again('insufficient funds'),
  R02: correct('the account is closed'),
  R03: correct('no account, or none that fits the name'),
  R04: correct('the account number is built otherwise'),
  R05: ask('a debit to a consumer under a corporate class, not authorised'),
  R06: ours('sent back because our bank asked for it'),
  R07: ask('the authorization is revoked'),
  R08: ask('the payment is stopped'),
  R09: again('the funds are not collected yet'),
  R10: ask('the customer does not know the sender, or has not authorised it'),
  R11: ask('it is not what the customer has authorised'),
  R12: correct('the account is sold to another bank'),
  R13: correct('the routing number is of no bank'),
  R14: ask('the representative payee is dead, or can not go on'),
  R15: ask('the beneficiary or the holder is dead'),
  R16: ask('the account is frozen, or OFAC forbids it'),
  R17: correct('the bank can not process it, or the account number is used in doubtful circumstances'),
  R18: ours('the effective entry date is not possible'),
  R19: ours('the amount is not possible'),
  R20: correct('the account takes no such payments'),
  R21: ours('the company identification is not valid'),
  R22: ours('the individual identification is not valid'),
  R23: ask('the receiver refuses the credit'),
  R24: ours('a duplicate'),
  R25: ours('an addendum is wrong'),
  R26: ours('a mandatory field is wrong'),
  R27: ours('the trace number is wrong'),
  R28: correct('the check digit of the routing number is wrong'),
  R29: ask('the corporate customer has not authorised it'),
  R30: ours('the bank takes no truncated checks'),
  R31: ask('returned with our leave (CCD and CTX)'),
  R32: again('the bank did not settle'),
  R33: ours('an XCK entry comes back'),
  R34: correct('the bank takes part in this only in part'),
  R35: ours('a debit to an account that takes none'),
  R36: ours('a credit that is none of this class'),
  R37: ours('the source document was presented'),
  R38: ours('the source document is stopped'),
  R39: ours('the source document is not fit for it'),
  R40: ours('an agency returns an enrolment'),
  R41: ours('the transaction code is not valid'),
  R42: correct('the routing number of an enrolment is wrong'),
  R43: correct('the account number of an enrolment is wrong'),
  R44: ours('the individual identification of an enrolment is wrong'),
  R45: ours('the name of an enrolment is wrong'),
  R46: ours('the representative payee of an enrolment is wrong'),
  R47: ours('an enrolment twice'),
  R50: ours('the law of the state forbids an RCK entry'),
  R51: ours('an RCK entry that may not be one'),
  R52: ours('the item of an RCK entry is stopped'),
  R53: ours('the item and its RCK entry were both presented'),
  R61: ours('a return that went to the wrong bank'),
  R62: ours('a return of an erroneous or reversing debit'),
  R67: ours('a return twice'),
  R68: ours('a return that is late'),
  R69: ours('a return with wrong fields'),
  R70: ours('a return that needed our leave and had none'),
  R71: ours('a dishonoured return that went to the wrong bank'),
  R72: ours('a dishonoured return that is late'),
  R73: ours('the return was in time'),
  R74: ours('a return is corrected'),
  R75: ours('the return was no duplicate'),
  R76: ours('no errors were found'),
  R77: ours('the bank does not take the dishonoured return'),
  R80: ours('an IAT entry is coded wrongly'),
  R81: ours('the bank takes no IAT'),
  R82: correct('the identification of the foreign bank is wrong'),
  R83: again('the foreign bank could not settle'),
  R84: ours('the gateway does not process the entry'),
  R85: ours('an international payment is coded wrongly'),
}

/** What the code of a return means; of one that is not known, that a person must look. */
export function returnMeaning(code: string): ReturnMeaning {
  return MEANINGS[code] ?? ours('a code that is not known here')
}
