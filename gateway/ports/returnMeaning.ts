/**
 * What is to be done about a payment that came back. `correct`: its account is wrong, and is not paid again as it is; `ask`: the payee refuses, may not be
 * paid, or must say how; `again`: the account is good, and the payment may go once more; `ours`: what was written is wrong, so a person mends it first;
 * `none`: it came back because it was asked for.
 */
export const NEXT_STEPS = ['correct', 'ask', 'again', 'ours', 'none'] as const
export type NextStep = (typeof NEXT_STEPS)[number]

/** A rail's code for why a payment came back, in words for a person and with what follows. */
export type ReturnMeaning = Readonly<{ words: string; next: NextStep }>
