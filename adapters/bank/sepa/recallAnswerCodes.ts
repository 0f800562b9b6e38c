import type { RecallAnswer } from '../files/bankFile.ts'

/**
 * Why a payee's bank does not give money back: ISO 20022, external code set of cancellation status reasons, as far as EPC135-18 (guidance on reason codes)
 * and banks use them.
 */
const REFUSALS: Readonly<Record<string, string>> = {
  AC04: 'the payee’s account is closed',
  AGNT: 'a bank on the way can not do it',
  AM04: 'there is not enough money on the payee’s account',
  ARDT: 'it was sent back before',
  CUST: 'the payee does not agree',
  LEGL: 'the law forbids it',
  NARR: 'the bank says why in words of its own',
  NOAS: 'the payee does not answer',
  NOOR: 'the payee’s bank has never received the payment',
}

/** What the bank has answered, for a person. */
export function answerWords({ answer, code }: Pick<RecallAnswer, 'answer'> & Readonly<{ code: string | null }>): string {
  if (answer === 'accepted') return 'it comes back'
  if (answer === 'pending') return 'the payee’s bank is looking into it'
  return (code === null ? undefined : REFUSALS[code]) ?? 'refused for a reason that is not known here'
}
